"""The journal's files: what happened since the snapshot, one checksummed record a line.

A record is the CRC-32 of the rest as eight hexadecimal digits, a space, and
`{table: {id: document or null}}` on one line. It says what is, not what to do: replaying it twice
does no harm. Files are numbered; each begins with a record that says its number, and they follow
one another without a gap.

Space is reserved ahead: the file ends in zeros, which a record overwrites. A file that grows with
each write has its file system commit the new size each time, together with whatever other programs
wrote meanwhile; overwriting flushes what is written, in a fraction of the time.

A torn tail (a power cut in the middle of a write) is cut off and put aside. A line that went bad in
the middle is put aside too, and what follows it still counts: those writes were acknowledged.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import msgspec

from store.disk import NO_ROOM, Disk
from store.snapshot import FORMAT, TRAILER, Trailer

LEAST_RESERVE = 16 * 1024  # bytes; in between, as much as there is
MOST_RESERVE = 256 * 1024

Changes = dict[str, dict[str, bytes | None]]
"""Table name -> document id -> the encoded document, or None for a removal."""


def encode_record(changes: Mapping[str, Mapping[str, bytes | None]]) -> bytes:
    """One record. Every document in it must be one line of JSON."""
    tables = [
        _encode_name(name)
        + b":{"
        + b",".join([_encode(id) + b":" + (document or b"null") for id, document in docs.items()])
        + b"}"
        for name, docs in changes.items()
    ]
    body = b" {" + b",".join(tables) + b"}"
    return b"%08x%b\n" % (zlib.crc32(body), body)


def decode_record(line: bytes) -> dict[str, dict[str, msgspec.Raw]] | None:
    """What a line says, or None where it is damaged."""
    if not line.endswith(b"}\n") or line[8:9] != b" ":
        return None
    try:
        if int(line[:8], 16) != zlib.crc32(line[8:-1]):
            return None
        return _decoder.decode(line[9:-1])
    except (ValueError, msgspec.DecodeError):
        return None


def is_reserve(line: bytes) -> bool:
    """Whether a line is what is reserved at the end of a file, and so no damage."""
    return not line.strip(b"\0")


class JournalFiles:
    """The numbered journal files beside a snapshot, the last one open for appending.

    Every method raises `OSError`, and then what was durable still is.
    """

    def __init__(self, path: Path, disk: Disk) -> None:
        self.generation = 0
        """Number of the file now written to; 0 before there is any."""
        self.appended = 0
        """Bytes of records since the store was opened, those replayed included."""
        self._path = path
        self._disk = disk
        self._file: int | None = None  # None: begin a new one at the next write
        self._size = 0  # of the open file, up to the last durable record
        self._reserved = 0  # of the open file, with what is reserved

    @property
    def written(self) -> int | None:
        """Bytes up to the last durable record of the file written to; None where the next write
        begins a new one."""
        return None if self._file is None else self._size

    def append(self, data: bytes) -> None:
        """Make records durable. On `OSError` none of them is there."""
        if self._file is None:
            self.rotate()
        end = self._size + len(data)
        if end > self._reserved:
            reserved = end + min(max(end, LEAST_RESERVE), MOST_RESERVE)
            try:
                self._append(data.ljust(reserved - self._size, b"\0"))
            except OSError as error:
                if error.errno not in NO_ROOM or self._file is None:
                    raise
                self._append(data)  # for the record itself there may be room
        else:
            self._append(data)
        self._size = end
        self.appended += len(data)

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        try:
            self._disk.write_at(self._file, self._size, data)
        except OSError:
            self._cut_back(suspect=False)
            raise
        try:
            self._disk.flush_data(self._file)
        except OSError:
            self._cut_back(suspect=True)
            raise
        self._reserved = max(self._reserved, self._size + len(data))

    def rotate(self) -> None:
        """Go on in a new file. On `OSError` the old one is still in use."""
        generation = self.generation + 1
        path = self.path_of(generation)
        header = encode_record({TRAILER: {"1": _encode(Trailer(FORMAT, generation))}})
        file = self._disk.create(path)
        try:
            self._disk.write(file, header)
            self._disk.flush(file)
            self._disk.flush_folder(path.parent)
        except OSError:
            with suppress(OSError):
                self._disk.close(file)
            raise
        self.close()
        self._file, self.generation = file, generation
        self._size = self._reserved = len(header)

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._disk.close(self._file)
        self._file = None

    def path_of(self, generation: int) -> Path:
        return self._path.with_name(f"{self._path.name}.journal-{generation}")

    def files(self) -> list[tuple[int, Path]]:
        """The files there are, by number."""
        pattern = re.compile(re.escape(self._path.name) + r"\.journal-(\d+)")
        matches = ((pattern.fullmatch(path.name), path) for path in self._path.parent.iterdir())
        return sorted((int(match[1]), path) for match, path in matches if match)

    def retire(self, generation: int, needed: int, previous: Path) -> None:
        """Give files before `generation` to the snapshot `previous`, which needs those since
        `needed`; the rest goes. One that cannot be moved or removed waits for the next time.

        They are renamed after it, or an old snapshot that somebody put back would be taken for one
        that was interrupted, and brought up to date again.
        """
        theirs = JournalFiles(previous, self._disk)
        for number, path in theirs.files() + self.files():
            with suppress(OSError):
                if number < needed:
                    self._disk.unlink(path)
                elif number < generation and path != theirs.path_of(number):
                    self._disk.replace(path, theirs.path_of(number))

    def recall(self, previous: Path) -> None:
        """Take back what was given to `previous`: it stands in for the snapshot."""
        for number, path in JournalFiles(previous, self._disk).files():
            self._disk.replace(path, self.path_of(number))

    def replay(
        self, first: int, apply: Callable[[dict[str, dict[str, msgspec.Raw]]], None]
    ) -> list[str]:
        """Hand every sound record since file `first` to `apply`; answer what had to be mended.

        The last file is open for appending afterwards, unless it is damaged in the middle.
        """
        warnings: list[str] = []
        self.generation = first - 1
        for generation, path in self.files():
            if generation < first:
                continue
            if generation != self.generation + 1:
                aside = put_aside(path, "stray", self._disk)
                warnings.append(
                    f"{path.name} does not follow this {self._path.name}: it is kept as "
                    f"{aside.name} and not used."
                )
                continue
            self.close()
            self.generation = generation
            warnings += self._replay_file(path, apply)
        return warnings

    def _replay_file(
        self, path: Path, apply: Callable[[dict[str, dict[str, msgspec.Raw]]], None]
    ) -> list[str]:
        damaged: list[bytes] = []
        size = sound = 0
        torn = True  # whether nothing sound follows what is damaged
        with path.open("rb") as file:
            for line in file:
                size += len(line)
                changes = decode_record(line)
                if changes is None:
                    if not is_reserve(line):
                        damaged.append(line)
                    continue
                torn = not damaged
                sound = size
                if TRAILER not in changes:
                    self.appended += len(line)
                    apply(changes)
        if torn:
            self._file = self._disk.reopen(path)
            self._size, self._reserved = sound, size
        if not damaged:
            return []
        damaged[-1] = damaged[-1].rstrip(b"\0")
        lost = sum(map(len, damaged))
        aside = aside_name(path, "damaged")
        handle = self._disk.create(aside)
        try:
            self._disk.write(handle, b"".join(damaged))
            self._disk.flush(handle)
        finally:
            self._disk.close(handle)
        if torn:
            assert self._file is not None
            self._disk.truncate(self._file, sound)
            self._reserved = sound
            if not sound:  # not even its header: begin it anew at the next write
                self.close()
                self.generation -= 1
        where = "ended in the middle of a write" if torn else "was damaged"
        return [
            f"{path.name} {where}: {lost} bytes that cannot be read are kept as {aside.name}; "
            "everything else is there."
        ]

    def _cut_back(self, *, suspect: bool) -> None:
        """Undo a write the disk refused. A file whose flush failed is not written to again."""
        assert self._file is not None
        try:
            self._disk.truncate(self._file, self._size)
            self._reserved = self._size
        except OSError:
            suspect = True
        if suspect:
            self.close()


def put_aside(path: Path, why: str, disk: Disk) -> Path:
    """Rename a file that cannot be used but may be wanted."""
    aside = aside_name(path, why)
    disk.replace(path, aside)
    return aside


def aside_name(path: Path, why: str) -> Path:
    """A free name beside `path`: `notes.json.journal-7.damaged-20261124T081500Z`."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    aside = path.with_name(f"{path.name}.{why}-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.{why}-{stamp}-{count}")
    return aside


_encode = msgspec.json.Encoder().encode
_encode_name = lru_cache(maxsize=64)(_encode)
_decoder = msgspec.json.Decoder(dict[str, dict[str, msgspec.Raw]])
