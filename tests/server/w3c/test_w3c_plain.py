"""What is read in one go is what would have been read with care."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from any_record import records
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from server.formats import w3c
from server.formats.w3c_plain import plain_note
from server.formats.w3c_reading import note_of
from store.model import Annotation

_ODD: list[Any] = [
    None,
    -1,
    0,
    9,
    "",
    [],
    {},
    "tagging",
    "commenting",
    "highlighting",
    "bookmarking",
    "rooms",
    "x" * 300,
    "text/markdown",
    "text/html",
    "postil-yellow",
    "postil-green",
    "2026-02-31T00:00:00Z",
    "2026-02-28",
    "2026-02-28T10:00:00+01:00",
    "2026-02-28T10:00:00.1234567Z",
    "https://example.org/a b",
    "https://EXAMPLE.org/",
    "https://[",
    "a room",
    "urn:uuid:00000000-0000-0000-0000-00000000000A",
    "TextPositionSelector",
]
_NAMES = (
    *("id type motivation body target stylesheet created modified value format purpose").split(),
    *("source styleClass selector dcterms:title exact prefix suffix start end").split(),
    *("title canonical items refinedBy @context via bodyValue").split(),
)
_PLAIN = {
    "id": "0190f3a0-1111-7000-8000-000000000001",
    "url": "https://example.org/",
    "page": "https://example.org/",
    "title": "",
    "quote": {"exact": "a room", "prefix": "it is ", "suffix": ""},
    "position": {"start": 1, "end": 7},
    "note": "So it is.",
    "tags": ["rooms", "reading"],
    "color": "green",
    "created": "2026-11-24T08:15:30.123456Z",
    "updated": "2026-11-24T09:00:00Z",
    "device": "d",
    "rev": 1,
}
_KINDS: list[dict[str, Any]] = [
    {},
    {"note": ""},
    {"note": "", "tags": []},
    {"position": None, "title": "On rooms"},
    {"quote": None, "position": None, "color": "blue"},
]


@settings(max_examples=100, derandomize=True)
@given(records(extra=st.just(UNSET)))
def test_it_is_read_as_it_would_be_with_care(record: Annotation) -> None:
    _compared(w3c.document(record))


@pytest.mark.parametrize("kind", _KINDS)
def test_so_is_what_differs_from_it_anywhere(kind: dict[str, Any]) -> None:
    whole = msgspec.json.encode(w3c.document(msgspec.convert(_PLAIN | kind, Annotation)))
    for at, part in enumerate(_parts(msgspec.json.decode(whole))):
        if isinstance(part, list):
            changes = [*itertools.product(["list"], ([], part * 2, part[::-1], part[1:]))]
        else:
            changes = [*itertools.product(_NAMES, [*_ODD, UNSET])]
        for name, value in changes:
            document = msgspec.json.decode(whole)
            changed = next(itertools.islice(_parts(document), at, None))
            if isinstance(changed, list):
                changed[:] = value
            elif value is UNSET:
                changed.pop(name, None)
            else:
                changed[name] = value
            _compared(document)


@pytest.mark.parametrize("kind", _KINDS)
def test_most_notes_are_of_this_kind(kind: dict[str, Any]) -> None:
    assert _compared(w3c.document(msgspec.convert(_PLAIN | kind, Annotation)))


def _compared(document: Any) -> bool:
    """Whether it is read in one go, and if so as it would be with care."""
    data = msgspec.json.encode(document)
    plain = plain_note(data, 3, 7)
    if plain is not None:
        assert plain == note_of(msgspec.json.decode(data), 3, 7)
    return plain is not None


def _parts(value: Any) -> Any:
    """Every object, and every list that holds anything, within a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict) or (isinstance(inner, list) and inner):
            yield from _parts(inner)
    if isinstance(value, list):
        yield value
