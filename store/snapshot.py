"""The snapshot: everything at one moment, as a plain TinyDB file.

`tinydb.TinyDB(path)` opens it, and so does any JSON parser. Within that freedom it is laid out one
document a line, so that it is read back line by line, without a second copy of it in memory, and
so that `grep` and `diff` are of use:

    {
    "default/annotations":{
    "0190...":{"id":"0190...",...},
    "0191...":{"id":"0191...",...}
    },
    "_postil":{"1":{"format":1,"journal":7,"bytes":1234,"crc32":305419896}}
    }

The last table says which journal follows the snapshot, and holds the length and the CRC-32 of all
the bytes before its line. A file that plain TinyDB wrote has another layout; it is taken over as
it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from store.errors import StoreDamaged

Tables = dict[str, dict[str, bytes]]
"""Table name -> document id -> the document, encoded as JSON."""

FORMAT = 1
TRAILER = "_postil"


class Trailer(Struct, frozen=True):
    """What a snapshot says of itself. `journal` is the generation of the journal that follows.

    `bytes` is negative where another program wrote the file, and its checksum says nothing.
    """

    format: int = FORMAT
    journal: int = 0
    bytes: int = -1
    crc32: int = 0


def write_snapshot(
    tables: Mapping[str, Mapping[str, bytes]], journal: int, write: Callable[[bytes], None]
) -> None:
    """Write a snapshot through `write`, a piece at a time."""
    crc = 0
    size = 0

    def put(data: bytes) -> None:
        nonlocal crc, size
        write(data)
        crc = zlib.crc32(data, crc)
        size += len(data)

    put(b"{\n")
    for name, documents in tables.items():
        put(_encode(name) + b":{\n")
        for piece in _lines(documents.items()):
            put(piece)
        put(b"},\n")
    trailer = Trailer(journal=journal, bytes=size, crc32=crc)
    write(_encode(TRAILER) + b":" + _encode({"1": trailer}) + b"\n}\n")


def read_snapshot(path: Path) -> tuple[Tables, Trailer]:
    """Read a snapshot, or a file of plain TinyDB.

    Raises `StoreDamaged` when its bytes are not what was written, `FileNotFoundError` where there
    is none.
    """
    tables: Tables = {}
    with path.open("rb") as file:
        trailer = walk_snapshot(file, path, lambda name: tables.setdefault(name, {}).__setitem__)
    return tables, trailer


def walk_snapshot(
    file: IO[bytes], path: Path, begin: Callable[[str], Callable[[str, bytes], None]]
) -> Trailer:
    """Read a snapshot without keeping it: `begin` is told of each table, and what it answers is
    told of each document. What was told counts only when the end is reached.

    Raises as `read_snapshot` does; `path` is what the file is called in errors.
    """
    mark = _encode(TRAILER) + b":"
    first, second = file.readline(), file.readline()
    if first != b"{\n" or not (second.endswith(b'":{\n') or second.startswith(mark)):
        file.seek(0)
        return _walk_plain(file.read(), path, begin)
    put: Callable[[str, bytes], None] = _nowhere
    crc = zlib.crc32(first)
    size = len(first)
    for line in chain((second,), file):
        if line.startswith(mark):
            trailer = _trailer(line[len(mark) : -1], path)
            if (trailer.bytes, trailer.crc32) != (size, crc):
                raise StoreDamaged(f"{path} is damaged: its checksum does not match.")
            if file.read(3) != b"}\n":
                raise StoreDamaged(f"{path} is damaged: it does not end where it should.")
            return trailer
        crc = zlib.crc32(line, crc)
        size += len(line)
        if line.endswith(b":{\n"):
            put = begin(_decode_key(line[:-3], path))
        elif line != b"},\n":
            cut = line.find(b'":') + 1
            key = line[:cut]
            if b"\\" in key:
                key, cut = _escaped_key(line, path)
            put(_decode_key(key, path), line[cut + 1 :].rstrip(b",\n"))
    raise StoreDamaged(f"{path} is damaged: it ends in the middle.")


def _nowhere(_id: str, _document: bytes) -> None:
    """A document before any table: the checksum will tell."""


_CHUNK = 512


def _lines(documents: Iterable[tuple[str, bytes]]) -> Iterable[bytes]:
    """`"id":{...},` a line, in pieces of many lines: a call for each would cost more than the
    writing."""
    piece: list[bytes] = []
    for key, document in documents:
        piece.append(_encode(key) + b":" + document)
        if len(piece) > _CHUNK:
            last = piece.pop()
            yield b",\n".join(piece) + b",\n"
            piece = [last]
    if piece:
        yield b",\n".join(piece) + b"\n"


def _walk_plain(
    data: bytes, path: Path, begin: Callable[[str], Callable[[str, bytes], None]]
) -> Trailer:
    if not data.strip():
        return Trailer()
    try:
        tables = msgspec.json.decode(data, type=dict[str, dict[str, msgspec.Raw]])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreDamaged(f"{path} is not a TinyDB file: {error}.") from None
    own = tables.pop(TRAILER, {})
    for name, documents in tables.items():
        put = begin(name)
        for key, document in documents.items():
            put(key, _one_line(bytes(document)))
    if "1" not in own:
        return Trailer()
    # Another program wrote the file again: its checksum says nothing any more, its journal does.
    return msgspec.structs.replace(_trailer(b'{"1":' + bytes(own["1"]) + b"}", path), bytes=-1)


def _one_line(document: bytes) -> bytes:
    return msgspec.json.format(document, indent=-1) if b"\n" in document else document


def _trailer(data: bytes, path: Path) -> Trailer:
    try:
        trailer = msgspec.json.decode(data, type=dict[str, Trailer])["1"]
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
        raise StoreDamaged(f"{path} is damaged: its last lines cannot be read.") from None
    if trailer.format != FORMAT:
        raise StoreDamaged(
            f"{path} was written by a newer Postil (format {trailer.format}): update this one."
        )
    return trailer


def _decode_key(data: bytes, path: Path) -> str:
    try:
        return msgspec.json.decode(data, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise StoreDamaged(f"{path} is damaged: it has a line without a name.") from None


def _escaped_key(line: bytes, path: Path) -> tuple[bytes, int]:
    """A key with escapes may contain `":` itself: find the quote that is not escaped."""
    at = 1
    while at < len(line) and line[at] != ord('"'):
        at += 2 if line[at] == ord("\\") else 1
    if at >= len(line):
        raise StoreDamaged(f"{path} is damaged: it has a line without a name.")
    return line[: at + 1], at + 1


_encoder = msgspec.json.Encoder()


def _encode(value: object) -> bytes:
    return _encoder.encode(value)
