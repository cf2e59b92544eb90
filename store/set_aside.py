"""What was put aside because it could not be used: files beside the store that nothing reads.

    notes.json.damaged-20261124T081500Z             a snapshot that could not be read
    notes.json.journal-7.damaged-20261124T081500Z   lines of a journal that could not be read
    notes.json.journal-9.stray-20261124T081500Z     a journal that follows no snapshot there is
    notes.json.unreadable-20261124T081500Z          documents `check` took out of the store

`check` says of each what it holds, and whether the store has that too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from store.answers import Finding, Severity
from store.disk import PRIVATE_FOLDER, Disk, explain
from store.journal_file import aside_name, decode_record
from store.lock import StoreLock
from store.model import encode
from store.snapshot import TRAILER, Tables

_ASIDE = re.compile(r"\.(damaged|stray|unreadable)-\d{8}T\d{6}Z(-\d+)?$")


class Unreadable(Struct, frozen=True):
    """A document that could not be used, and where it stood; a line of its own in the file."""

    table: str
    id: str
    document: str


def keep_unreadable(path: Path, documents: list[tuple[str, str, bytes]], disk: Disk) -> Path:
    """Keep documents beside the store at `path`. Raises `StoreFull` or `StoreUnwritable`."""
    lines = [
        encode(Unreadable(table, id, document.decode(errors="backslashreplace"))) + b"\n"
        for table, id, document in documents
    ]
    return _keep(aside_name(path, "unreadable"), iter(lines), disk)


def keep_copy(path: Path, contents: Iterator[bytes], disk: Disk) -> Path:
    """Keep what the damaged file at `path` holds. Raises `StoreFull` or `StoreUnwritable`."""
    return _keep(aside_name(path, "damaged"), contents, disk)


def explain_asides(path: Path, tables: Tables) -> Iterator[Finding]:
    """A finding for each file put aside beside the store at `path`."""
    for file in sorted(path.parent.glob(f"{path.name}.*")):
        if _ASIDE.search(file.name):
            yield Finding(Severity.WARNING, _explain(file, tables))


def put_files_aside(path: Path, folder: Path) -> Path:
    """See `put_store_aside`. The snapshot goes last: until then the store is as it was to whoever
    opens it, and can be put aside again."""
    lock = StoreLock(path)
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True)
        own = sorted(path.parent.glob(f"{path.name}.*"))
        for file in [file for file in own if file.name != f"{path.name}.lock"] + [path]:
            if file.exists():
                file.replace(folder / file.name)
    except OSError as error:
        raise explain(error, folder) from error
    finally:
        lock.release()
    return folder


def _explain(file: Path, tables: Tables) -> str:
    read = missing = lost = 0
    try:
        with file.open("rb") as lines:
            for line in lines:
                documents = _documents(line)
                if documents is None:
                    lost += len(line)
                else:
                    read += len(documents)
                    missing += sum(_is_missing(table, id, tables) for table, id in documents)
    except OSError as error:
        return f"{file.name} was put aside, and cannot be read: {error.strerror}."
    parts = []
    if read:
        there = f"{missing} of them not in the store" if missing else "all in the store"
        parts.append(f"{_counted(read, 'document')} that can be read ({there})")
    if lost:
        parts.append(f"{_counted(lost, 'byte')} that cannot")
    return (
        f"{file.name} was put aside because it could not be used. It holds "
        f"{' and '.join(parts) or 'nothing'}. Nothing reads it: delete it when you miss nothing."
    )


def _documents(line: bytes) -> list[tuple[str, str]] | None:
    """The tables and ids of the documents on a line, of whatever kind of file it is."""
    if line in (b"{\n", b"},\n", b"}\n") or line.endswith(b":{\n"):
        return []  # between the documents of a snapshot
    record = decode_record(line)
    if record is not None:
        return [(name, id) for name, ids in record.items() if name != TRAILER for id in ids]
    try:
        unreadable = _decode_unreadable(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    else:
        return [(unreadable.table, unreadable.id)]
    try:
        entry = msgspec.json.decode(b"{" + line.rstrip(b",\n") + b"}", type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return [("", id) for id in entry if id != TRAILER]


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _is_missing(table: str, id: str, tables: Tables) -> bool:
    where = [tables.get(table, {})] if table else tables.values()
    return not any(id in documents for documents in where)


def _keep(aside: Path, contents: Iterator[bytes], disk: Disk) -> Path:
    try:
        file = disk.create(aside)
        try:
            for piece in contents:
                disk.write(file, piece)
            disk.flush(file)
        finally:
            disk.close(file)
        disk.flush_folder(aside.parent)
    except OSError as error:
        raise explain(error, aside) from error
    return aside


_decode_unreadable = msgspec.json.Decoder(Unreadable).decode
