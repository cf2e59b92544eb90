"""Files of Web Annotations, taken apart as they come: a collection with its page, a page, a list,
or a single annotation.

The annotations are the objects in a list that stands alone, in `items` (or `@graph`), or in `items`
within `first`. They are cut out by their braces and decoded one by one, so that a broken one spoils
nothing but itself, and a file of any size costs no more room than its largest annotation. What is
left of the file, the *frame*, is decoded last: a file that was cut short ends with a broken item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from server.formats.codec import Broken, Item, Note, UnreadableFile
from server.formats.w3c import understood
from store.model import Invalid

MOST = 8 * 1024 * 1024  # bytes of one annotation, or of a frame

_READ = 256 * 1024


def read(file: BinaryIO) -> Iterator[Item]:
    """Every annotation of a file, in its order."""
    cutter = _Cutter(file)
    number = 0
    for line, piece in cutter.pieces():
        number += 1
        yield _item(piece, number, line)
    try:
        frame = msgspec.json.decode(bytes(cutter.frame).removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if number == 0 and not cutter.found_list:
            raise UnreadableFile(f"This is not JSON: {error}.") from None
        sentence = "The file ends too early, or is damaged between its annotations."
        yield Broken(number=number + 1, line=cutter.line, sentence=sentence)
        return
    if not cutter.found_list:
        if not isinstance(frame, dict) or "target" not in frame:
            raise UnreadableFile("There is no Web Annotation in this file, nor a list of them.")
        yield note_of(frame, 1)


def note_of(value: Any, number: int, line: int = 0) -> Item:
    """One annotation, decoded, as a note that was found."""
    try:
        made = understood(value)
    except Invalid as invalid:
        return Broken(number=number, line=line, sentence=str(invalid), field=invalid.field)
    return Note(
        number=number,
        line=line,
        id=made.id,
        source=f"w3c:{made.iri}" if made.iri else "",
        url=made.url,
        canonical=made.canonical,
        title=made.title,
        quote=made.quote,
        position=made.position,
        note=made.note,
        tags=made.tags,
        color=made.color,
        created=made.created or made.modified,
        updated=made.modified,
        conflict_of=made.conflict_of,
        extra=made.extra,
    )


def _item(piece: bytes, number: int, line: int) -> Item:
    try:
        value = msgspec.json.decode(piece)
    except RecursionError:
        return Broken(number=number, line=line, sentence="This is nested too deeply.")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Broken(number=number, line=line, sentence=f"This is not JSON: {error}.")
    if isinstance(value, str):
        sentence = "Only the address of this annotation is in the file, not the annotation."
        return Broken(number=number, line=line, sentence=sentence)
    return note_of(value, number, line)


# A quotation mark by itself is a string whose end is still to come.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]"]', re.DOTALL)
_LISTS = frozenset(
    {
        (b"[",),
        (b"{", b'"items"['),
        (b"{", b'"@graph"['),
        (b"{", b'"first"{', b'"items"['),
        (b"{", b'"first"[', b"{", b'"items"['),
    }
)


class _Cutter:
    """Cuts the annotations out of a file."""

    def __init__(self, file: BinaryIO) -> None:
        self.frame = bytearray()
        self.found_list = False
        self.line = 1
        self._file = file
        self._path: list[bytes] = []
        self._inside = False

    def pieces(self) -> Iterator[tuple[int, bytes]]:
        """Each annotation as its bytes, and the line it begins on."""
        data, size = b"", _READ
        while more := self._file.read(size):
            data += more
            done = 0
            for begin, end in self._cuts(data):
                self._keep(data[done:begin])
                if end > begin:
                    yield self.line, data[begin:end]
                    self.line += data.count(b"\n", begin, end)
                done = end
            size = _READ if done else 2 * size  # so that what is long is not gone over too often
            data = data[done:]
            if max(len(data) - _READ, len(self.frame)) > MOST:
                raise UnreadableFile("One annotation takes over 8 MiB here: this is no such file.")
        self._keep(data)
        self._inside = False

    def _cuts(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where the next annotations are; an empty cut says how far all is done with."""
        depth = begin = 0
        name = b""
        for token in _TOKEN.finditer(data):
            mark = token[0]
            if mark == b'"':
                return
            if depth:
                depth += (mark in b"{[") - (mark in b"}]")
                if depth == 0:
                    yield begin, token.end()
            elif self._inside and mark == b"{":
                depth, begin = 1, token.start()
            elif self._inside and mark[:1] == b'"':
                yield token.span()
            elif mark[:1] == b'"':
                name = mark
            else:
                self._step(name, mark)
                yield token.end(), token.end()

    def _step(self, name: bytes, mark: bytes) -> None:
        if mark in b"}]":
            del self._path[-1:]
        else:
            within = bool(self._path) and self._path[-1].endswith(b"{")
            self._path.append(name + mark if within else mark)
        self._inside = len(self._path) < 5 and tuple(self._path) in _LISTS
        self.found_list = self.found_list or self._inside

    def _keep(self, between: bytes) -> None:
        """Add what is around the annotations to the frame, without the commas between them."""
        self.line += between.count(b"\n")
        if not (self._inside and between.strip(_WHITE) in (b"", b",")):
            self.frame += between


_WHITE = b" \t\r\n,"
