"""A Web Annotation of somebody else's, and what becomes of it."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID

from msgspec import UNSET

from server.formats import Note, w3c
from server.formats.w3c_reading import read
from store.merge import Outcome, merge
from store.model import (
    Annotation,
    Fields,
    Operation,
    decode,
    encode,
)

PAGE = "https://example.org/essays/margins"
LATER = "2026-11-24T12:00:00.000000Z"


def stored(note: Note) -> Annotation:
    """The record that an importer makes of a note, in an empty store."""
    fields = Fields(
        url=note.url,
        canonical=note.canonical or UNSET,
        title=note.title,
        quote=note.quote,
        position=note.position,
        note=note.note,
        color=note.color or UNSET,
        created=note.created or UNSET,
        conflict_of=note.conflict_of or UNSET,
        extra=UNSET if note.extra is None else note.extra,
    )
    operation = Operation(
        id=note.id or str(UUID(int=7)),
        base=0,
        set=fields,
        tags_add=note.tags,
        at=note.updated or UNSET,
    )
    # As it would come over the wire: held to every limit.
    operation = decode(encode(operation), Operation)
    outcome: Outcome = merge(None, operation, device="d", seq=1, now=LATER)
    assert outcome.record is not None, outcome.reason
    return outcome.record


def note_in(value: Any) -> Note:
    (item,) = read(io.BytesIO(json.dumps(value).encode()))
    assert isinstance(item, Note), item
    return item


FOREIGN: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "http://annotations.example/anno23",
    "type": "Annotation",
    "motivation": ["questioning", "oa:linking"],
    "creator": {"id": "http://people.example/ada", "type": "Person", "name": "Ada"},
    "created": "2015-01-31T12:03:45+01:00",
    "generator": "http://tools.example/7",
    "rights": "https://creativecommons.org/publicdomain/zero/1.0/",
    "body": [
        {"type": "TextualBody", "value": "Is that so?", "language": "en", "format": "text/plain"},
        {"type": "SpecificResource", "source": "http://videos.example/1", "purpose": "describing"},
        {"type": "TextualBody", "value": "doubt", "purpose": "tagging"},
    ],
    "target": {
        "source": PAGE + "#part",
        "scope": "http://example.org/frame",
        "selector": [
            {"type": "TextQuoteSelector", "exact": "a room", "prefix": "x" * 300 + "it is "},
            {
                "type": "RangeSelector",
                "startSelector": {"type": "XPathSelector", "value": "//p[1]"},
                "endSelector": {"type": "XPathSelector", "value": "//p[2]"},
            },
        ],
        "styleClass": "red",
    },
    "stylesheet": "http://example.org/style.css",
}


def foreign(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in (FOREIGN | said).items() if value is not None}


def given_back(value: dict[str, Any], **edits: Any) -> dict[str, Any]:
    """The same annotation after it was kept, and perhaps edited by the reader."""
    record = stored(note_in(value))
    tags = edits.pop("tags", record.tags)
    operation = Operation(
        id=record.id,
        base=record.rev,
        set=Fields(**edits),
        tags_add=[tag for tag in tags if tag not in record.tags],
        tags_remove=[tag for tag in record.tags if tag not in tags],
    )
    outcome = merge(record, operation, device="d", seq=2, now=LATER)
    return w3c.document(outcome.record or record)
