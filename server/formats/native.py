"""Postil's own record, one JSON object a line: everything an account holds, to be put back whole.

What is not in it is the store's own business: `clock`. `rev` and `device` are, for whoever reads
it; a store that takes the notes in gives its own.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from server.formats.codec import Broken, Item, Note, Options, Source, UnreadableFile
from server.formats.text_lines import MOST_LINE, byte_lines
from store import model
from store.model import Annotation, Color, Position, Quote

MEDIA_TYPE = "application/x-ndjson"

_CHUNK = 64 * 1024


def write(_source: Source, annotations: Iterable[Annotation], _options: Options) -> Iterator[bytes]:
    """Each note as it is sent, on a line of its own."""
    buffer = bytearray()
    for annotation in annotations:
        record = model.encode(annotation)
        buffer += record[: record.rindex(b',"clock":{')]
        buffer += b"}\n"
        if len(buffer) > _CHUNK:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


def recognises(head: bytes) -> bool:
    """Whether the first line is a record of Postil's."""
    first = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")[0]
    return first.startswith(b'{"id":"') and b',"page":"' in first


def read(file: BinaryIO) -> Iterator[Item]:
    """Each line as a note. What a later Postil may add to a record is passed over."""
    sound = False
    for number, (line, data) in enumerate(byte_lines(file), 1):
        item = _item(number, line, data)
        sound = sound or isinstance(item, Note)
        if number == 1 and not sound and (data is None or not data.startswith(b"{")):
            raise UnreadableFile("This is not a file of Postil's: its first line is no object.")
        yield item


class _Line(Struct, frozen=True):
    """A record as it stands on its line; limits are for `server.importing`."""

    url: str
    id: str = ""
    title: str = ""
    quote: Quote | None = None
    position: Position | None = None
    note: str = ""
    tags: list[str] = []
    color: Color | None = None
    created: str = ""
    updated: str = ""
    canonical: str = ""
    conflict_of: str = ""
    deleted: bool = False
    extra: dict[str, Any] | None = None


def _item(number: int, line: int, data: bytes | None) -> Item:
    if data is None:
        sentence = f"This line is over {MOST_LINE // 1024 // 1024} MiB."
        return Broken(number=number, line=line, sentence=sentence)
    try:
        said = _read(data)
    except msgspec.ValidationError as error:
        return Broken(number=number, line=line, sentence=f"This is no note: {error}.")
    except (ValueError, RecursionError) as error:
        return Broken(number=number, line=line, sentence=f"This line is not JSON: {error}.")
    return Note(
        number=number,
        line=line,
        **{name: getattr(said, name) for name in _FIELDS},
    )


def _read(data: bytes) -> _Line:
    try:
        return _decode(data)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Half a surrogate pair is JSON, if nothing that can be kept: the field is named later.
        return msgspec.convert(json.loads(data), _Line)


_FIELDS = _Line.__struct_fields__
_decode = msgspec.json.Decoder(_Line).decode
