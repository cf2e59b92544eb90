"""The items of a large JSON file, one after another, each still encoded.

A file of 256 MiB must not be in memory at once, and one item that is damaged must not spoil the
rest. Parsers that stream (ijson) answer the first need but not the second: they end at the first
bad escape. So a file is only *split* here, by what JSON guarantees about braces and quotation
marks, and each piece is decoded by itself, which is the faster way too (see
`tests/bench/formats.md`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from server.formats.codec import Broken, UnreadableFile

MOST_ITEM = 8 * 1024 * 1024  # bytes of one item

EACH = "*"  # as the last step of a path: the members of that object are the items


class Piece(Struct, frozen=True, gc=False):
    """One item. `key` is its name where the items are the members of an object."""

    number: int
    line: int
    data: bytes
    key: str = ""


Path = tuple[str, ...]


def json_items(file: BinaryIO, *paths: Path) -> Iterator[Piece | Broken]:
    """The items of the lists that stand at `paths`, given as names of members from the outside in.

    `()` is a list that is the whole file. Where the file is one object and holds none of these
    lists, that object is the only item. Raises `UnreadableFile` for what does not begin as JSON.
    """
    yield from _Splitting(file, frozenset(paths)).items()


def decoded(piece: Piece) -> Any:
    """What a piece says, or `Broken`. Half a surrogate pair passes: `store.model` names it."""
    try:
        try:
            return msgspec.json.decode(piece.data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return json.loads(piece.data)
    except RecursionError:
        sentence = "This item is nested too deeply."
    except ValueError as error:
        sentence = f"This item is not JSON: {error}."
    return Broken(number=piece.number, line=piece.line, sentence=sentence)


_CHUNK = 256 * 1024
_SPACE = re.compile(rb"[ \t\r\n]*+")
_GAP = re.compile(rb"[ \t\r\n,]*+")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_COLON = re.compile(rb"[ \t\r\n]*+:[ \t\r\n]*+")
_SCALAR = re.compile(rb"[^\]},\s]++")
_BRACE = re.compile(
    rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+([{}\[\]])', re.DOTALL
)
_PASSED = re.compile(rb'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+', re.DOTALL)
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_LEAD = re.compile(rb'\{[ \t\r\n]*"[^"\\]{1,64}"')
_WORTHWHILE = 4096  # bytes
_decode_raw = msgspec.json.Decoder(list[msgspec.Raw]).decode
_BOM = b"\xef\xbb\xbf"


class _BreaksOff(Exception):
    """The file ends, or makes no sense, where something should follow."""


class _Splitting:
    """A file, as far as it has been split. `_at` is where the next thing begins in `_text`."""

    def __init__(self, file: BinaryIO, paths: frozenset[Path]) -> None:
        self._file = file
        self._paths = paths
        self._text = b""
        self._at = 0
        self._line = 1
        self._counted = 0  # up to here in `_text`
        self._number = 0
        self._keep_from: int | None = None  # what must stay in `_text` though it has been passed
        self._between: tuple[bytes, int] | None = None  # two items, and how long the gap is
        self._doubtful = 0  # up to here in `_text`, items are taken one by one
        self._found = False  # one of the lists
        self._holds_all = False  # all of the file is still in `_text`, and may be the only item

    def items(self) -> Iterator[Piece | Broken]:
        self._fill()
        if self._text.startswith(_BOM):
            self._at = len(_BOM)
        first = self._peek()
        if first not in (b"{", b"["):
            raise UnreadableFile("This is not a file of JSON: it begins with neither { nor [.")
        self._holds_all = first == b"{"
        begin = self._at
        try:
            yield from self._value(())
        except _BreaksOff:
            sentence = "The file breaks off here, or is no longer JSON from here on."
            yield Broken(number=self._number + 1, line=self._lines(), sentence=sentence)
            return
        if self._holds_all:
            yield Piece(1, 1, self._text[begin : self._at])
        elif not self._found:
            raise UnreadableFile("This file of JSON holds none of the lists this format has.")

    def _value(self, path: Path) -> Iterator[Piece | Broken]:
        first = self._peek()
        if first == b"[" and path in self._paths:
            self._found, self._holds_all = True, False
            self._at += 1
            yield from self._elements()
        elif first == b"{" and any(p[:-1][: len(path)] == path for p in self._paths if p):
            self._at += 1
            yield from self._members(path)
        else:
            self._pass_value(keep=False)

    def _elements(self) -> Iterator[Piece | Broken]:
        while (first := self._peek(_GAP)) != b"]":
            if not first:
                raise _BreaksOff
            several = self._several()
            if several:
                yield from several
            else:
                item = self._item("")
                yield item
                self._learn(item)
        self._at += 1

    def _learn(self, item: Piece | Broken) -> None:
        """Remember what stands where one item ends and the next begins, if items are alike."""
        lead = _LEAD.match(item.data) if isinstance(item, Piece) else None
        gap = _GAP.match(self._text, self._at)
        if lead is not None and gap is not None and self._text.startswith(lead[0], gap.end()):
            self._between = (b"}" + gap[0] + lead[0], len(gap[0]))

    def _several(self) -> list[Piece | Broken]:
        """As many items as are in memory, at once; [] where that cannot be told.

        Where the text is cut is a guess, but a sure test follows it: text that begins with an item
        and is a list between brackets was cut at the end of one, since JSON has one meaning only.
        """
        if self._between is None or self._at < self._doubtful:
            return []
        mark, gap = self._between
        end = self._text.rfind(mark, self._at)
        if end < self._at + _WORTHWHILE:
            return []
        try:
            found = _decode_raw(b"[" + self._text[self._at : end + 1] + b"]")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._doubtful = end
            return []
        line, breaks = self._lines(), mark.count(b"\n")
        pieces: list[Piece | Broken] = []
        for raw in found:
            data = bytes(raw)
            self._number += 1
            pieces.append(Piece(self._number, line, data))
            line += data.count(b"\n") + breaks
        self._at = end + 1 + gap
        return pieces

    def _members(self, path: Path) -> Iterator[Piece | Broken]:
        while (first := self._peek(_GAP)) != b"}":
            if first != b'"':
                raise _BreaksOff
            name = self._string()
            if not self._skip(_COLON):
                raise _BreaksOff
            named = any(one[: len(path) + 1] == (*path, name) for one in self._paths)
            if (*path, EACH) in self._paths and not named and self._peek() in (b"{", b"["):
                yield self._item(name)
            else:
                yield from self._value((*path, name))
        self._at += 1

    def _item(self, key: str) -> Piece | Broken:
        self._found, self._holds_all = True, False
        line = self._lines()
        data = self._pass_value(keep=True)
        self._number += 1
        if data is None:
            sentence = f"This item is over {MOST_ITEM // 1024 // 1024} MiB."
            return Broken(number=self._number, line=line, sentence=sentence)
        return Piece(self._number, line, data, key)

    def _pass_value(self, *, keep: bool) -> bytes | None:
        """Go past the next value. Its bytes where they are kept; None for one over the limit."""
        self._keep_from = self._at if keep else None
        first = self._peek()
        if first in (b"{", b"["):
            depth = 0
            while True:
                brace = self._match(_BRACE)
                depth += 1 if brace in b"{[" else -1
                if depth == 0:
                    break
        elif first == b'"':
            self._match(_STRING)
        elif not self._skip(_SCALAR):
            raise _BreaksOff
        kept, self._keep_from = self._keep_from, None
        if kept is None or self._at - kept > MOST_ITEM:
            return None
        return self._text[kept : self._at]

    def _string(self) -> str:
        begin = self._at
        self._keep_from = begin
        self._match(_STRING)
        begin, self._keep_from = self._keep_from, None
        if begin is None:
            raise _BreaksOff
        try:
            return str(json.loads(self._text[begin : self._at]))
        except ValueError:
            raise _BreaksOff from None

    def _peek(self, gap: re.Pattern[bytes] = _SPACE) -> bytes:
        """The next byte that is no white space; b"" at the end."""
        self._skip(gap)
        return self._text[self._at : self._at + 1]

    def _skip(self, pattern: re.Pattern[bytes]) -> bool:
        """Go past what may or may not be there, to its very end."""
        while True:
            match = pattern.match(self._text, self._at)
            if match is not None and match.end() < len(self._text):
                break
            if not self._fill():
                break
        if match is None:
            return False
        self._at = match.end()
        return True

    def _match(self, pattern: re.Pattern[bytes]) -> bytes:
        """Go past what must be there; its last character."""
        while (match := pattern.match(self._text, self._at)) is None:
            if len(self._text) - self._at > MOST_ITEM:
                self._pass_long_string()
                if pattern is _STRING:
                    return b'"'
            elif not self._fill():
                raise _BreaksOff
        self._at = match.end()
        return self._text[self._at - 1 : self._at]

    def _pass_long_string(self) -> None:
        """Go past a string that is not to be kept, without ever holding it all."""
        passed = _PASSED.match(self._text, self._at)
        assert passed is not None
        self._at = passed.end() + 1
        while True:
            inside = _INSIDE.match(self._text, self._at)
            assert inside is not None
            self._at = inside.end()
            if self._text[self._at : self._at + 1] == b'"':
                self._at += 1
                return
            if not self._fill():
                raise _BreaksOff

    def _fill(self) -> bool:
        """Read on, and forget what is not needed any more. False at the end of the file."""
        if self._keep_from is not None and len(self._text) - self._keep_from > MOST_ITEM:
            self._keep_from = None
        self._holds_all = self._holds_all and len(self._text) <= MOST_ITEM
        begin = self._at if self._keep_from is None else self._keep_from
        if self._holds_all:
            begin = 0
        self._lines()
        kept = self._text[begin:]
        # As much again as is there: what has to be looked at anew is then never more than the file.
        more = self._file.read(max(_CHUNK, len(kept)))
        if not more:
            return False
        self._text = kept + more
        self._at -= begin
        self._counted -= begin
        self._doubtful -= begin
        if self._keep_from is not None:
            self._keep_from -= begin
        return True

    def _lines(self) -> int:
        """The line that `_at` is in."""
        if self._at > self._counted:
            self._line += self._text.count(b"\n", self._counted, self._at)
            self._counted = self._at
        return self._line
