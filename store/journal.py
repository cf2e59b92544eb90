"""TinyDB's storage, made crash-safe and O(change).

The problem
-----------
TinyDB's JSON storage writes the whole file for each change, in place. At 100,000 notes that is two
seconds for one note; a kill in the middle leaves half a file; and its caching middleware answers
"written" long before anything is. What a note-keeper needs is what every database has: changes go
to the end of a journal, one flush makes them durable, and the big file is rewritten now and then,
beside the old one, and put in its place in one step (Mohan et al., "ARIES", ACM TODS 17(1), 1992,
cut down to redo only: nothing uncommitted ever reaches the disk).

    notes.json                the snapshot: plain TinyDB JSON (store/snapshot.py)
    notes.json.previous       the one before, should the snapshot ever be damaged
    notes.json.journal-7      what happened since (store/journal_file.py)
    notes.json.previous.journal-6   what brings that one up to date
    notes.json.lock           held while a process has the store open

Memory serves every read; it holds each document as encoded bytes, a third of what dictionaries
take, and decodes on use, so nothing handed out is ever an alias of what is kept.

A write is a function over a `Transaction`. Writers queue; whoever gets the write lock runs all that
are waiting, appends their records with one write and one flush, and only then lets readers see them
("group commit", DeWitt et al., SIGMOD 1984; the hand-over is "flat combining", Hendler et al.,
SPAA 2010). If the disk refuses, the file is cut back, memory has never changed, and each of those
writers gets the error.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from tinydb.storages import Storage

from store.base import StoreDamaged, StoreError
from store.disk import Disk, explain
from store.document import decode_document, encode_document
from store.journal_file import Changes, JournalFiles, encode_record, put_aside
from store.lock import StoreLock
from store.snapshot import Tables, read_snapshot, write_snapshot
from store.transaction import Transaction

logger = logging.getLogger(__name__)

T = TypeVar("T")
Change = tuple[str, bytes | None, bytes | None]
"""An id, and its document before and after."""

COMPACT_AT = 4 * 1024 * 1024  # bytes of journal below which compaction is not worth it
GROUP = 256  # writes that share one flush at most


class JournalStorage(Storage):
    """A TinyDB storage: `tinydb.TinyDB(path, storage=JournalStorage)`.

    Raises `StoreLocked` if another process holds the store, `StoreDamaged` if neither the snapshot
    nor the one before can be read, `StoreUnwritable` if the folder refuses a lock file.
    """

    def __init__(
        self, path: str | Path, *, disk: Disk | None = None, compact_at: int = COMPACT_AT
    ) -> None:
        self.path = Path(path)
        self.tables: Tables = {}
        self.warnings: list[str] = []
        """What opening the store had to mend, in sentences."""
        self.foreign = False
        """Whether another program wrote the snapshot it was opened from."""
        self.reading = threading.RLock()
        """Held while memory changes, never while the disk is waited for."""
        self._disk = disk or Disk()
        self._compact_at = compact_at
        self._watchers: dict[str, list[Callable[[list[Change]], None]]] = {}
        self._waiting: deque[_Write] = deque()
        self._writing = threading.Lock()
        self._journal = JournalFiles(self.path, self._disk)
        self._folded = 0  # bytes of journal that a snapshot holds
        self._snapshot_journal = 0  # the journal that follows the snapshot; 0: there is none
        self._compaction: threading.Thread | None = None
        self._lock = StoreLock(self.path)
        try:
            self._open()
        except OSError as error:
            self._lock.release()
            raise explain(error, self.path) from error
        except BaseException:
            self._lock.release()
            raise

    # TinyDB's contract ------------------------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Everything, decoded anew."""
        with self.reading:
            tables = {name: dict(documents) for name, documents in self.tables.items()}
        if not tables:
            return None
        return {
            name: {id: decode_document(document) for id, document in documents.items()}
            for name, documents in tables.items()
        }

    def write(self, data: Mapping[str, Mapping[Any, Mapping[str, Any]]]) -> None:
        """Put `data` in the place of everything, atomically: a new snapshot."""
        tables = {
            name: {str(id): encode_document(document) for id, document in documents.items()}
            for name, documents in data.items()
        }
        with self._writing:
            self._fold(tables)
            with self.reading:
                before, self.tables = self.tables, tables
                for name in before.keys() | tables.keys():
                    old, new = before.get(name, {}), tables.get(name, {})
                    ids = old.keys() | new.keys()
                    self._tell(name, [(id, old.get(id), new.get(id)) for id in ids])

    def close(self) -> None:
        """Fold the journal into the snapshot, and let go of the store."""
        with self._writing:
            if not self._lock.held:
                return
            try:
                if self._journal.appended > self._folded:
                    self._fold(self.tables)
            except StoreError as error:
                logger.warning("The journal stays as it is: %s", error)
            finally:
                self._join_compaction()
                self._journal.close()
                self._lock.release()

    # What is beyond it ------------------------------------------------------------------------

    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work`, make what it changed durable, and answer what it answers.

        Its changes are wholly there or wholly absent. Whatever `work` raises passes through, and
        then nothing changed. It runs on some writer's thread, under the write lock: it must not
        wait for anything.

        Raises `StoreFull` or `StoreUnwritable` when the disk refuses.
        """
        write = _Write(work)
        self._waiting.append(write)
        with self._writing:
            while not write.done:
                self._write_waiting()
        if write.error is not None:
            raise write.error
        return cast(T, write.result)

    def watch(self, table: str, watcher: Callable[[list[Change]], None]) -> None:
        """Have a table's changes told, with memory locked, just as readers begin to see them."""
        self._watchers.setdefault(table, []).append(watcher)

    def compact(self) -> None:
        """Fold the journal into a new snapshot now."""
        with self._writing:
            self._fold(self.tables)

    # Writing ----------------------------------------------------------------------------------

    def _write_waiting(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP))]
        try:
            self._write_batch(batch)
        except BaseException as error:
            for write in batch:
                write.error = write.error or StoreError(f"The write was interrupted: {error!r}")
            raise
        finally:
            for write in batch:
                write.done = True

    def _write_batch(self, batch: list[_Write]) -> None:
        if not self._lock.held:
            raise StoreError(f"{self.path} is closed.")
        staged: Changes = {}
        records: list[bytes] = []
        for write in batch:
            transaction = Transaction(self.tables, staged)
            write.run(transaction)
            if write.error is None and transaction.changes:
                records.append(encode_record(transaction.changes))
                for name, documents in transaction.changes.items():
                    staged.setdefault(name, {}).update(documents)
        if not records:
            return
        try:
            self._journal.append(b"".join(records))
        except OSError as error:
            # Also those that changed nothing: they may have seen what now never was.
            for write in batch:
                write.error = write.error or explain(error, self.path)
            return
        with self.reading:
            for name, changed_documents in staged.items():
                self._publish(name, changed_documents)
        self._compact_if_due()

    def _publish(self, name: str, documents: dict[str, bytes | None]) -> None:
        table = self.tables.setdefault(name, {})
        changed = []
        for id, document in documents.items():
            changed.append((id, table.get(id), document))
            if document is None:
                table.pop(id, None)
            else:
                table[id] = document
        self._tell(name, changed)

    def _tell(self, name: str, changed: list[Change]) -> None:
        for watcher in self._watchers.get(name, ()):
            watcher(changed)

    # Compaction -------------------------------------------------------------------------------

    def _compact_if_due(self) -> None:
        """Fold in the background once the journal is worth it: at a fixed share of the data, so
        that each byte written is written again a bounded number of times."""
        if self._compaction is not None and self._compaction.is_alive():
            return
        pending = self._journal.appended - self._folded
        if pending < self._compact_at or pending < _size(self.path) / 2:
            return
        try:
            self._journal.rotate()
        except OSError as error:
            logger.warning("Compaction has to wait: %s", explain(error, self.path))
            return
        # Documents are never changed in place: a copy of the tables' outlines is a snapshot.
        tables = {name: dict(documents) for name, documents in self.tables.items()}
        self._compaction = threading.Thread(
            target=self._compact_aside,
            args=(tables, self._journal.generation, self._journal.appended),
            name="postil-compaction",
            daemon=True,
        )
        self._compaction.start()

    def _compact_aside(self, tables: Tables, generation: int, appended: int) -> None:
        try:
            self._write_snapshot(tables, generation)
        except OSError as error:
            logger.warning("Compaction has to wait: %s", explain(error, self.path))
        else:
            self._folded = appended

    def _join_compaction(self) -> None:
        if self._compaction is not None:
            self._compaction.join()
            self._compaction = None

    def _fold(self, tables: Tables) -> None:
        """Make `tables` the snapshot, here and now, with the write lock held."""
        self._join_compaction()
        try:
            self._journal.rotate()
            self._write_snapshot(tables, self._journal.generation)
        except OSError as error:
            raise explain(error, self.path) from error
        self._folded = self._journal.appended

    def _write_snapshot(self, tables: Tables, generation: int) -> None:
        """Write a snapshot beside the old one, and put it in its place. Raises `OSError`."""
        new = self.path.with_name(self.path.name + ".new")
        file = self._disk.create(new)
        try:
            write_snapshot(tables, generation, lambda data: self._disk.write(file, data))
            self._disk.flush(file)
        finally:
            self._disk.close(file)
        needed = self._keep_previous(generation) if self.path.exists() else generation
        self._disk.replace(new, self.path)
        self._disk.flush_folder(self.path.parent)
        self._snapshot_journal = generation
        self._journal.retire(generation, needed, _previous(self.path))

    def _keep_previous(self, generation: int) -> int:
        """Keep the snapshot about to be replaced; answer the first journal that is still needed."""
        previous = _previous(self.path)
        name = previous.with_name(previous.name + "-new")
        try:
            self._disk.unlink(name)
            self._disk.link(self.path, name)
            self._disk.replace(name, previous)
        except OSError as error:
            # Some file systems know no second names: then there is no fallback, only the snapshot.
            logger.info("The snapshot before is not kept: %s", explain(error, previous))
            return generation
        return self._snapshot_journal

    # Opening ----------------------------------------------------------------------------------

    def _open(self) -> None:
        collecting = gc.isenabled()
        gc.disable()  # or 100,000 new objects are walked again and again
        try:
            self.tables, self._snapshot_journal = self._read_snapshot()
            self.warnings += self._journal.replay(self._snapshot_journal or 1, self._redo)
        finally:
            if collecting:
                gc.enable()
        for warning in self.warnings:
            logger.warning("%s", warning)

    def _redo(self, changes: Mapping[str, Mapping[str, msgspec.Raw]]) -> None:
        for name, documents in changes.items():
            table = self.tables.setdefault(name, {})
            for id, raw in documents.items():
                document = bytes(raw)
                if document == b"null":
                    table.pop(id, None)
                else:
                    table[id] = document

    def _read_snapshot(self) -> tuple[Tables, int]:
        """The newest readable snapshot, and the generation of the journal that follows it."""
        previous = _previous(self.path)
        try:
            tables, trailer = read_snapshot(self.path)
        except FileNotFoundError:
            if not previous.exists():
                return {}, self._first_without_snapshot()
            damage = f"{self.path} was missing"
        except StoreDamaged as error:
            if not previous.exists():
                raise
            aside = put_aside(self.path, "damaged", self._disk)
            damage = f"{error} It is kept as {aside.name}"
        else:
            self.foreign = trailer.bytes < 0
            # A file of plain TinyDB names no journal: whatever lies there is not its own.
            files = self._journal.files()
            return tables, trailer.journal or (files[-1][0] + 1 if files else 1)
        tables, trailer = read_snapshot(previous)
        self._disk.link(previous, self.path)
        self._journal.recall(previous)
        self.warnings.append(f"{damage}; the snapshot before it and its journal stand in for it.")
        return tables, trailer.journal

    def _first_without_snapshot(self) -> int:
        files = self._journal.files()
        if files and files[0][0] != 1:
            raise StoreDamaged(
                f"{self.path} is missing, but {files[0][1].name} follows it. Put the file back, "
                "or move the journals away to begin anew."
            )
        return 1


class _Write:
    """One writer's turn: its work, and what became of it."""

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        self._work = work
        self.result: Any = None
        self.error: Exception | None = None
        self.done = False

    def run(self, transaction: Transaction) -> None:
        try:
            self.result = self._work(transaction)
        except Exception as error:
            self.error = error


def _previous(path: Path) -> Path:
    return path.with_name(path.name + ".previous")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
