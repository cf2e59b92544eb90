"""An annotation as Postil itself writes most of them, read in one go.

A file of a hundred thousand notes is mostly a file of Postil's own, and looking in each annotation
for all that JSON-LD allows takes five times as long as reading what is there. So what has exactly
the shape of `server.formats.w3c_own`, with nothing beside it, is taken as it stands; the least
doubt leaves an annotation to `server.formats.w3c`, which would say the same of it.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from server.formats import w3c_own as own
from server.formats.codec import Note
from server.formats.w3c_iri import iri
from server.formats.w3c_understood import MOST_TAG, MOST_TITLE
from store.model import MAX_CONTEXT, Color, Position, Quote
from store.page_key import page_key


class _Strict(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Nothing beside what is named."""


_Text = Annotated[str, Meta(min_length=1)]


class _Body(_Strict, frozen=True):
    type: Literal["TextualBody"]
    value: _Text
    purpose: Literal["commenting", "tagging"]
    format: Literal["text/markdown"] | UnsetType = UNSET

    @property
    def is_note(self) -> bool:
        return self.purpose == "commenting" and self.format is not UNSET

    @property
    def is_tag(self) -> bool:
        return self.purpose == "tagging" and self.format is UNSET and len(self.value) <= MOST_TAG


class _QuoteSelector(_Strict, frozen=True, tag_field="type", tag="TextQuoteSelector"):
    exact: _Text
    prefix: Annotated[str, Meta(min_length=1, max_length=MAX_CONTEXT)] = ""
    suffix: Annotated[str, Meta(min_length=1, max_length=MAX_CONTEXT)] = ""


class _PositionSelector(_Strict, frozen=True, tag_field="type", tag="TextPositionSelector"):
    start: Annotated[int, Meta(ge=0, lt=2**53)]
    end: Annotated[int, Meta(ge=0, lt=2**53)]


_Selectors = list[_QuoteSelector | _PositionSelector]


class _Target(_Strict, frozen=True):
    type: Literal["SpecificResource"]
    source: str
    style_class: str = msgspec.field(name="styleClass")
    selector: Annotated[_Selectors, Meta(min_length=1)] = []
    title: Annotated[str, Meta(min_length=1, max_length=MOST_TITLE)] = msgspec.field(
        name=own.TITLE, default=""
    )


class _Stylesheet(_Strict, frozen=True):
    type: str
    format: str
    value: str


class _Annotation(_Strict, frozen=True):
    id: str
    type: Literal["Annotation"]
    motivation: str
    created: str
    modified: str
    target: _Target
    stylesheet: _Stylesheet
    body: Annotated[list[_Body], Meta(min_length=1)] = []


def plain_note(data: bytes, number: int, line: int) -> Note | None:
    """A note, if these bytes are an annotation of just this shape; None for any other."""
    try:
        read = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    id, target, passage = _ID.fullmatch(read.id), read.target, _passage(read.target.selector)
    color = _COLORS.get(target.style_class)
    if id is None or passage is None or color is None or read.stylesheet != _SHEETS[color]:
        return None
    bodies = read.body
    note = bodies[0].value if bodies and bodies[0].is_note else ""
    marks = bodies[1:] if note else bodies
    tags = [mark.value for mark in marks if mark.is_tag]
    if len(tags) < len(marks) or len(set(tags)) < len(tags):
        return None
    quote, position = passage
    if (
        read.motivation != own.motivation(note, tags, quote)
        or not _is_time(read.created)
        or not _is_time(read.modified)
        or not _is_address(target.source)
    ):
        return None
    return Note(
        number=number,
        line=line,
        id=id[1],
        url=target.source,
        title=target.title,
        quote=quote,
        position=position,
        note=note,
        tags=tags,
        color=color,
        created=read.created,
        updated=read.modified,
    )


def _passage(selectors: _Selectors) -> tuple[Quote | None, Position | None] | None:
    match selectors:
        case []:
            return None, None
        case [_QuoteSelector(exact, prefix, suffix)]:
            return Quote(exact, prefix, suffix), None
        case [_PositionSelector(start, end)] if start <= end:
            return None, Position(start, end)
        case [_QuoteSelector(exact, prefix, suffix), _PositionSelector(start, end)] if start <= end:
            return Quote(exact, prefix, suffix), Position(start, end)
    return None


def _is_time(text: str) -> bool:
    """Whether it is a moment as records say it, and in the calendar."""
    try:
        return _TIME.fullmatch(text) is not None and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


@lru_cache(maxsize=1024)  # notes come page by page
def _is_address(source: str) -> bool:
    """Whether a page is at this very address, written as an IRI."""
    try:
        page_key(source)
        return iri(source) == source
    except ValueError:
        return False


_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z")
_ID = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_COLORS = {own.style_class(color): color for color in Color}
_SHEETS = {color: msgspec.convert(own.stylesheet(color), _Stylesheet) for color in Color}
_decode = msgspec.json.Decoder(_Annotation).decode
