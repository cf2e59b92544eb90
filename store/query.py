"""What a reader types to find notes, and what it means.

    marginal notes              both words, anywhere in quote, note, title or tags
    annot*                      words that begin so (two letters at least)
    "read in the margin"        these words, in this order, side by side
    -draft  -"first draft"      not these
    tag:python  -tag:"to do"    notes with, and without, a tag
    color:yellow                one of the five colours; given twice: either
    site:example.com            a site and all below it (blog.example.com); given twice: either
    after:2026-10               changed in October 2026 or later
    before:2026                 changed before 2026

Everything else given must hold. Capitals and accents make no difference. Chinese, Japanese, Korean
and other scripts written without spaces are found by any part of a sentence. What is no field
(`https://...`, `note:x`) is a word like any other: a search that was pasted must not fail. A field
that cannot be meant (`color:mauve`) is an error that says what could be.

This module reads a query; a store answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from msgspec import Struct

from store.clock import timestamp
from store.folding import fold, has_words, stands_apart
from store.model import Color, Invalid
from store.page_key import page_key

MAX_LENGTH = 1024
MAX_TERMS = 64


class Text(Struct, frozen=True):
    """Words to be found side by side, folded; the last one may go on where `prefix`."""

    words: str
    prefix: bool = False


class Terms(Struct, frozen=True):
    """What a note may be asked for, or asked not to be. Tags are folded, sites are hosts."""

    texts: tuple[Text, ...] = ()
    tags: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    colors: tuple[Color, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts or self.tags or self.sites or self.colors)


class Query(Struct, frozen=True):
    """A query that was read. Empty, it asks for everything.

    `after` is included, `before` is not; both are as `updated` is written.
    """

    wanted: Terms = Terms()
    unwanted: Terms = Terms()
    after: str | None = None
    before: str | None = None


def parse(text: str, also: Iterable[tuple[str, str]] = ()) -> Query:
    """Read a query, and fields given apart from it: `("tag", "to do")`.

    Raises `Invalid` with a sentence for what cannot be meant; its `field` is `q`, or that field.
    """
    if len(text) > MAX_LENGTH:
        raise Invalid(f"The search is over {MAX_LENGTH} characters.", "q")
    reading = _Reading()
    for match in _TERM.finditer(_readable(text)):
        reading.term(match)
    for field, value in also:
        try:
            reading.field(field, value, unwanted=False)
        except Invalid as error:
            raise Invalid(str(error), field) from None
    return reading.query()


class Written(Struct, frozen=True):
    """A term as it stands in a query, from `start` to `end`; `field` is '' for words."""

    start: int
    end: int
    field: str
    value: str
    unwanted: bool


def written(text: str) -> list[Written]:
    """The terms of a query as they were written, in order, whether or not they can be meant."""
    found = []
    for match in _TERM.finditer(_readable(text)):
        field = (match["field"] or "").lower()
        value = match["word"] if match["phrase"] is None else match["phrase"]
        known = field if field in _FIELDS else ""
        found.append(Written(match.start(), match.end(), known, value, bool(match["not"])))
    return found


def site_of(page: str) -> str | None:
    """The site a page key belongs to: host and port. None where there is none (`file:`...)."""
    return urlsplit(page).netloc or None


def _readable(text: str) -> str:
    """The same, character by character, in what terms are made of."""
    return text.encode("utf-8", "replace").decode().translate(_PLAIN)


class _Reading:
    """A query as far as it has been read."""

    def __init__(self) -> None:
        self._count = 0
        self._wanted = _Terms()
        self._unwanted = _Terms()
        self._after: list[str] = []
        self._before: list[str] = []

    def term(self, match: re.Match[str]) -> None:
        self._count += 1
        if self._count > MAX_TERMS:
            raise Invalid(f"The search has over {MAX_TERMS} terms.", "q")
        field = (match["field"] or "").lower()
        value = match["word"] if match["phrase"] is None else match["phrase"]
        if field in _FIELDS:
            self.field(field, value, unwanted=bool(match["not"]))
        elif not value.endswith(":") or value[:-1].lower() not in _FIELDS:
            # Else it is `tag:` and nothing yet: somebody is still typing.
            terms = self._unwanted if match["not"] else self._wanted
            terms.text(f"{field}:{value}" if field else value, match)

    def field(self, field: str, value: str, *, unwanted: bool) -> None:
        terms = self._unwanted if unwanted else self._wanted
        if field == "tag":
            terms.tags.append(" ".join(fold(value).split()))
        elif field == "site":
            terms.sites.append(_site(value))
        elif field in ("color", "colour"):
            terms.colors.append(_color(value))
        elif unwanted:
            other = "before" if field == "after" else "after"
            raise Invalid(f"`-{field}:` is not known; write `{other}:{value[:40]}`.", "q")
        else:
            (self._after if field == "after" else self._before).append(_moment(field, value))

    def query(self) -> Query:
        return Query(
            self._wanted.frozen(),
            self._unwanted.frozen(),
            max(self._after, default=None),
            min(self._before, default=None),
        )


class _Terms:
    """Terms as they are collected."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.tags: list[str] = []
        self.sites: list[str] = []
        self.colors: list[Color] = []

    def text(self, value: str, match: re.Match[str]) -> None:
        prefix = bool(match["star"]) or (match["phrase"] is None and value.endswith("*"))
        words = " ".join(fold(value.rstrip("*")).split())
        if not has_words(words):
            return
        last = words.rsplit(" ", 1)[-1]
        # One letter begins a tenth of all words, and a character without spaces begins none.
        prefix = prefix and len(last) > 1 and not stands_apart(last[-1])
        self.texts.append(Text(words, prefix))

    def frozen(self) -> Terms:
        return Terms(
            tuple(dict.fromkeys(self.texts)),
            tuple(dict.fromkeys(self.tags)),
            tuple(dict.fromkeys(self.sites)),
            tuple(dict.fromkeys(self.colors)),
        )


_FIELDS = frozenset({"tag", "site", "color", "colour", "after", "before"})

# Quotation marks as telephones and word processors write them; and what no text can be.
_PLAIN = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02", '"')
    | dict.fromkeys(map(chr, range(32)), " ")
    | dict.fromkeys(map(chr, range(0xE000, 0xF900)), " ")
)

_TERM = re.compile(
    r"""
    (?P<not>-)?
    (?:(?P<field>[A-Za-z]+):)?
    (?: "(?P<phrase>[^"]*)(?:"|$) (?P<star>\*)?
      | (?P<word>[^\s"]+)
    )
    """,
    re.VERBOSE,
)


def _color(value: str) -> Color:
    try:
        return Color(value.lower())
    except ValueError:
        colors = ", ".join(Color)
        raise Invalid(
            f"`color:{value[:40]}` is not a highlighter; there are {colors}.", "q"
        ) from None


def _site(value: str) -> str:
    try:
        site = site_of(page_key(value if "://" in value else f"https://{value}"))
    except Invalid:
        site = None
    if site is None:
        raise Invalid(f"`site:{value[:80]}` is not a site; write site:example.com.", "q")
    return site


def _moment(field: str, value: str) -> str:
    match = _DATE.fullmatch(value)
    try:
        if match is None:
            return timestamp(datetime.fromisoformat(value).astimezone(UTC))
        year, month, day = (int(part or 1) for part in match.groups())
        return timestamp(datetime(year, month, day, tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Invalid(
            f"`{field}:{value[:40]}` is not a date; write {field}:2026, {field}:2026-10 or "
            f"{field}:2026-10-24.",
            "q",
        ) from None


_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
