"""Checks a store's files: checksums, journals without a gap, and that all of it comes to what is
served.

The files are opened in one moment in which nothing is written (`open_files`) and read afterwards,
while writers go on: what a compaction replaces or removes meanwhile is still there to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from msgspec import Struct

from store.answers import Finding, Severity
from store.errors import StoreDamaged
from store.journal import JournalStorage
from store.journal_file import Changes, JournalFiles, decode_record, is_reserve
from store.opening import previous_of
from store.snapshot import TRAILER, Tables, walk_snapshot


class Part(Struct):
    """A file, open for reading up to the size it had."""

    path: Path
    file: IO[bytes]
    size: int


class Files(Struct):
    """All files of a store, as of one moment."""

    path: Path
    snapshot: Part | None
    journals: dict[int, Part]
    previous: Part | None
    previous_journals: dict[int, Part]
    newest: int  # number of the journal that is written to

    def close(self) -> None:
        for part in (self.snapshot, self.previous):
            if part is not None:
                part.file.close()
        for part in (*self.journals.values(), *self.previous_journals.values()):
            part.file.close()

    @property
    def bytes(self) -> int:
        own = [part for part in (self.snapshot, self.previous) if part is not None]
        journals = (*self.journals.values(), *self.previous_journals.values())
        return sum(part.size for part in (*own, *journals))


class Damage(Struct):
    """A file that is not what was written; whoever mends it keeps a copy."""

    part: Part
    finding: Finding


def open_files(storage: JournalStorage, journal: JournalFiles) -> Files:
    """To be called while the storage stands still."""
    previous = previous_of(storage.path)
    theirs = JournalFiles(previous, storage.disk)
    journals = {number: part for number, path in journal.files() if (part := _open(path))}
    if journal.written is not None and journal.generation in journals:
        journals[journal.generation].size = journal.written  # what follows is written meanwhile
    return Files(
        path=storage.path,
        snapshot=_open(storage.path),
        journals=journals,
        previous=_open(previous),
        previous_journals={n: part for n, path in theirs.files() if (part := _open(path))},
        newest=journal.generation,
    )


def check_files(files: Files, served: Tables) -> Iterator[Damage | Finding]:
    """What is wrong with the files, `served` being what they should come to."""
    changes: Changes = {}
    sound = True
    first = 1
    comparison = _Comparison(served, changes)
    if files.snapshot is not None:
        # The journal decides where both speak of a document, so it is read first.
        try:
            first = walk_snapshot(files.snapshot.file, files.snapshot.path, _nothing).journal
        except StoreDamaged as error:
            sound = False
            yield Damage(files.snapshot, _error(f"{error} What is served is not touched by that."))
        first = first or min(files.journals, default=1)
    elif files.newest and 1 not in files.journals:
        yield _error(f"{files.path} is missing.")
        return
    for number in range(first, files.newest + 1):
        part = files.journals.get(number)
        if part is None:
            sound = False
            yield _error(f"Journal {number} of {files.path.name} is missing.")
        else:
            bad = _read_journal(part, changes)
            if bad:
                sound = False
                yield Damage(part, _error(f"{part.path} is damaged: {_lines(bad)}."))
    if sound:
        if files.snapshot is not None:
            files.snapshot.file.seek(0)
            walk_snapshot(files.snapshot.file, files.snapshot.path, comparison.begin)
        if different := comparison.different():
            yield _error(
                f"{_documents(different)} on the disk not as served. What is served is what was "
                "acknowledged."
            )
    yield from _check_previous(files, first)


def _check_previous(files: Files, first: int) -> Iterator[Finding]:
    """The snapshot before need not be there, but where it is it must be able to stand in."""
    if files.previous is None:
        return
    try:
        begin = walk_snapshot(files.previous.file, files.previous.path, _nothing).journal
    except StoreDamaged as error:
        yield _error(f"{error} It could not stand in for the snapshot.")
        return
    needed = {**files.journals, **files.previous_journals}
    for number in range(begin or first, first):
        part = needed.get(number)
        if part is None:
            yield _error(f"{files.previous.path} needs journal {number}, which is missing.")
        elif bad := _read_journal(part, {}):
            yield _error(f"{part.path} is damaged: {_lines(bad)}.")


def _read_journal(part: Part, changes: Changes) -> int:
    """Put what a journal says into `changes`; answer how many lines cannot be read."""
    bad = 0
    left = part.size
    for line in part.file:
        left -= len(line)
        if left < 0:
            break
        record = decode_record(line)
        if record is None:
            bad += not is_reserve(line)
        elif TRAILER not in record:
            for name, documents in record.items():
                table = changes.setdefault(name, {})
                for id, raw in documents.items():
                    document = bytes(raw)
                    table[id] = None if document == b"null" else document
    return bad


class _Comparison:
    """Counts the documents in which snapshot and journal differ from what is served."""

    def __init__(self, served: Tables, changes: Changes) -> None:
        self._served = served
        self._changes = changes
        self._same = 0
        self._different = 0

    def begin(self, name: str) -> Callable[[str, bytes], None]:
        served, changes = self._served.get(name, {}), self._changes.get(name, {})

        def compare(id: str, document: bytes) -> None:
            if id not in changes:
                self._count(served.get(id), document)

        return compare

    def different(self) -> int:
        for name, documents in self._changes.items():
            for id, document in documents.items():
                self._count(self._served.get(name, {}).get(id), document)
        served = sum(map(len, self._served.values()))
        return self._different + max(0, served - self._same)

    def _count(self, served: bytes | None, document: bytes | None) -> None:
        if served != document:
            # One that is served as something else is counted once: it is not missing too.
            self._different += served is None
        elif served is not None:
            self._same += 1


def _open(path: Path) -> Part | None:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    return Part(path, file, path.stat().st_size)


def _nothing(_table: str) -> Callable[[str, bytes], None]:
    return _ignore


def _ignore(_id: str, _document: bytes) -> None:
    """The checksum is all that is asked."""


def _error(sentence: str) -> Finding:
    return Finding(Severity.ERROR, sentence)


def _documents(count: int) -> str:
    return "1 document is" if count == 1 else f"{count} documents are"


def _lines(count: int) -> str:
    return "one line cannot be read" if count == 1 else f"{count} lines cannot be read"
