"""Two texts of one note, word by word: what only one of them says.

The longest common subsequence as `difflib` finds it (Ratcliff and Obershelp, "Pattern Matching: The
Gestalt Approach", 1988). Texts too long for that are compared paragraph by paragraph.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from msgspec import Struct

LONG = 4000  # words; comparing takes their square


class Run(Struct, frozen=True):
    """A piece of one text; `own` where the other text does not say it."""

    text: str
    own: bool


def difference(one: str, other: str) -> tuple[list[Run], list[Run]]:
    """Each text in pieces, with what is its own marked."""
    ours, theirs = _words(one), _words(other)
    if max(len(ours), len(theirs)) > LONG:
        ours, theirs = one.splitlines(keepends=True), other.splitlines(keepends=True)
    left: list[Run] = []
    right: list[Run] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        for runs, words, start, end in ((left, ours, a, b), (right, theirs, c, d)):
            if start < end:
                runs.append(Run("".join(words[start:end]), tag != "equal"))
    return left, right


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)
