"""Words as the database finds them: the very same that `store.full_text` finds.

The database could cut texts into words itself, but by other rules than SQLite's, by other ones in
each version and language, and a search shall find the same wherever the notes are. So words are cut
here (`fold`, then letters, digits, marks and signs, as the embedded store's index is told), and
kept in two forms:

- *Lexemes* for a GIN index: each word once, begun by a few digits of its account. So the index is
  as good as one for each account, and what a search costs does not depend on how many others there
  are. What is not text (colour, tags, sites) are lexemes too.
- *Words*, each between two blanks, one line a field, in which phrases are found and counted.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

from msgspec import Struct

from store.folding import fold
from store.match_expression import facet, facets
from store.model import Color
from store.query import Terms, Text

WEIGHTS = (1.0, 1.5, 2.0, 3.0)
"""Of a word in quote, note, title and tags, where relevance is reckoned."""

MANY = 40_000
"""Words; a note of more has none of them as a lexeme, for all of them take a megabyte at most. It
is found by reading it."""

_LONGEST = 255  # characters of a lexeme; the database takes 2,046 bytes


class Searchable(Struct, frozen=True):
    """A note's text as it is kept. `length` counts its words, and facets, as relevance does."""

    words: str
    lexemes: list[str]
    length: int


def searchable_text(
    account: str,
    fields: tuple[str, str, str, str],
    page: str,
    canonical: str | None,
    color: Color,
    tags: list[str],
) -> Searchable:
    """What is kept of quote, note, title and tags, and of what else can be asked for."""
    cut = [words_of(fold(field)) for field in fields]
    about = facets(page, canonical, color, tags)
    mine = _prefix(account)
    length = sum(map(len, cut)) + len(about)
    lexemes = {mine + name for name in about}
    if length > MANY:
        lexemes.add(mine + _MANY_WORDS)
    else:
        lexemes.update(f"{mine}.{word[:_LONGEST]}" for words in cut for word in words)
    lines = "\n".join(f" {' '.join(words)} " for words in cut)
    return Searchable(lines, sorted(lexemes), length)


def words_of(folded: str) -> list[str]:
    """The words of a folded text."""
    return folded.translate(_separators).split()


def lexemes_of(account: str, text: Text) -> str:
    """What a note has to have for this text to be in it, in the database's language."""
    mine = _prefix(account)
    words = words_of(text.words)
    last = len(words) - 1
    lexemes = [
        _quoted(f"{mine}.{word[:_LONGEST]}") + ":*" * (text.prefix and at == last)
        for at, word in enumerate(words)
    ]
    return f"({' & '.join(lexemes)} | {_quoted(mine + _MANY_WORDS)})"


def passage_of(text: Text) -> str:
    """What stands in `words` where this text does."""
    return f" {' '.join(words_of(text.words))}" + " " * (not text.prefix)


def is_one_lexeme(text: Text) -> bool:
    """Whether a note that has its lexeme has this text, unless the note is of many words."""
    words = words_of(text.words)
    return len(words) == 1 and len(words[0]) <= _LONGEST


def facets_of(account: str, terms: Terms) -> list[str]:
    """What else a note has to have for these terms."""
    mine = _prefix(account)
    found = [_quoted(mine + facet("tag", tag)) for tag in terms.tags]
    for kind, values in (("site", terms.sites), ("color", terms.colors)):
        if values:
            either = " | ".join(_quoted(mine + facet(kind, value)) for value in values)
            found.append(f"({either})")
    return found


@lru_cache(maxsize=1024)
def _prefix(account: str) -> str:
    """Enough to tell accounts apart in an index; that a row is of another is seen in the row."""
    return hashlib.blake2b(account.encode(), digest_size=5).hexdigest()


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


_MANY_WORDS = facet("words", "many")


class _Separators(dict[int, str | int]):
    """For `str.translate`: what is part of no word becomes a blank. Filled as it is asked."""

    def __missing__(self, code: int) -> str | int:
        category = unicodedata.category(chr(code))
        part = category[0] in "LN" or category in ("Co", "So", "Mn", "Mc")
        self[code] = code if part else " "
        return self[code]


_separators = _Separators()
