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
are waiting, appends what they changed as one record, and only then lets readers see it ("group
commit", DeWitt et al., SIGMOD 1984; the hand-over is "flat combining", Hendler et al.,
SPAA 2010). If the disk refuses, the file is cut back, memory has never changed, and each of those
writers gets the error.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar, cast

from tinydb.storages import Storage

from store.disk import Disk, explain
from store.document import decode_document, encode_document
from store.errors import StoreError
from store.group_commit import Write, WriteQueue
from store.journal_file import Changes, JournalFiles, encode_record
from store.lock import StoreLock
from store.opening import previous_of, read_store
from store.snapshot import Tables, write_snapshot
from store.transaction import Transaction

logger = logging.getLogger(__name__)

T = TypeVar("T")
Change = tuple[str, bytes | None, bytes | None]
"""An id, and its document before and after."""

COMPACT_AT = 4 * 1024 * 1024  # bytes of journal below which compaction is not worth it


class Previous(Enum):
    """What becomes of the snapshot before, when a snapshot is replaced."""

    REPLACED = auto()  # by the snapshot that is replaced: the rule
    REMOVED = auto()  # what it and its journals come to is not what is written
    KEPT = auto()  # the snapshot that is replaced is damaged


class JournalStorage(Storage):
    """A TinyDB storage: `tinydb.TinyDB(path, storage=JournalStorage)`.

    Raises `StoreLocked` if another process holds the store, `StoreDamaged` if neither the snapshot
    nor the one before can be read, `StoreUnwritable` if the folder refuses a lock file.
    """

    def __init__(
        self, path: str | Path, *, disk: Disk | None = None, compact_at: int = COMPACT_AT
    ) -> None:
        self.path = Path(path)
        self.reading = threading.RLock()
        """Held while memory changes, never while the disk is waited for."""
        self.disk = disk or Disk()
        self._compact_at = compact_at
        self._watchers: dict[str, list[Callable[[list[Change]], None]]] = {}
        self.published: Callable[[Iterable[str], Mapping[str, int]], None] = lambda _n, _g: None
        """Told the names of all tables that changed, and what a transaction's `given` had come to,
        before `watch` tells more; with memory locked."""
        self._queue = WriteQueue(self._write_batch)
        self._journal = JournalFiles(self.path, self.disk)
        self._folded = 0  # bytes of journal that a snapshot holds
        self._unsettled = False  # a power cut may bring back the snapshot before
        self._compaction: threading.Thread | None = None
        self._lock = StoreLock(self.path)
        try:
            opened = read_store(self.path, self._journal, self.disk)
        except OSError as error:
            self._lock.release()
            raise explain(error, self.path) from error
        except BaseException:
            self._lock.release()
            raise
        self.tables: Tables = opened.tables
        self.foreign = opened.foreign
        """Whether another program wrote the snapshot it was opened from."""
        self.warnings = opened.warnings
        """What opening the store had to mend, in sentences."""
        self._snapshot_journal = opened.snapshot_journal  # the first after it
        self._worth_compacting = self._worth()

    # TinyDB's contract ------------------------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]] | None:
        """Everything, decoded anew."""
        tables = self.outline()
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
        self.replace(lambda _: tables)

    def close(self) -> None:
        """Fold the journal into the snapshot, and let go of the store."""
        with self._queue.stopped():
            if not self._lock.held:
                return
            try:
                if self._journal.appended > self._folded or self._unsettled:
                    self._fold(self.tables, Previous.REPLACED)
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
        write = Write(work)
        self._queue.submit(write)
        if write.error is not None:
            raise write.error
        return cast(T, write.result)

    def replace(self, make: Callable[[Tables], Tables]) -> None:
        """Put what `make` makes of everything in the place of everything, atomically.

        `make` runs under the write lock, and leaves what it is given as it is. When this raises,
        nothing has changed.
        """
        with self._queue.stopped():
            self._require_open()
            tables = make(self.tables)
            try:
                self._fold(tables, Previous.REMOVED)
            except StoreError:
                if self._unsettled:
                    with suppress(StoreError):
                        self._fold(self.tables, Previous.REMOVED)
                raise
            with self.reading:
                before, self.tables = self.tables, tables
                self.published(before.keys() | tables.keys(), {})
                for name in before.keys() | tables.keys():
                    old, new = before.get(name, {}), tables.get(name, {})
                    changed = [id for id in {**old, **new} if old.get(id) != new.get(id)]
                    self._tell(name, [(id, old.get(id), new.get(id)) for id in changed])

    def outline(self) -> Tables:
        """Everything as of one moment. Cheap: documents are never changed in place."""
        with self.reading:
            return {name: dict(documents) for name, documents in self.tables.items()}

    @contextmanager
    def still(self) -> Iterator[JournalFiles]:
        """Keep memory and files as they are, and equal, for a moment; readers go on."""
        compaction = self._compaction
        if compaction is not None:
            compaction.join()  # writers go on meanwhile
        with self._queue.stopped():
            self._require_open()
            self._join_compaction()
            yield self._journal

    def watch(self, table: str, watcher: Callable[[list[Change]], None]) -> None:
        """Have a table's changes told, with memory locked, just as readers begin to see them."""
        self._watchers.setdefault(table, []).append(watcher)

    def compact(self) -> None:
        """Fold the journal into a new snapshot now."""
        with self._queue.stopped():
            self._fold(self.tables, Previous.REPLACED)

    def write_anew(self) -> None:
        """Put what memory holds in the place of files that are damaged.

        In two steps: while the first replaces the snapshot, the one before can still stand in.
        """
        with self._queue.stopped():
            self._require_open()
            self._fold(self.tables, Previous.KEPT)
            self._fold(self.tables, Previous.REPLACED)

    # Writing ----------------------------------------------------------------------------------

    def _write_batch(self, batch: list[Write]) -> None:
        self._require_open()
        staged: Changes = {}
        given: dict[str, int] = {}
        for write in batch:
            transaction = Transaction(self.tables, staged, given)
            write.run(transaction)
            if write.error is None:
                for name, documents in transaction.changes.items():
                    if name in staged:
                        staged[name].update(documents)
                    else:
                        staged[name] = documents
        if not staged:
            return
        try:
            if self._unsettled:
                self._write_all(self.tables, Previous.REMOVED)
            self._journal.append(encode_record(staged))
        except OSError as error:
            # Also those that changed nothing: they may have seen what now never was.
            for write in batch:
                write.error = write.error or explain(error, self.path)
            return
        with self.reading:
            self.published(staged, given)
            for name, changed_documents in staged.items():
                self._publish(name, changed_documents)
        self._compact_if_due()

    def _require_open(self) -> None:
        if not self._lock.held:
            raise StoreError(f"{self.path} is closed.")

    def _publish(self, name: str, documents: dict[str, bytes | None]) -> None:
        table = self.tables.setdefault(name, {})
        if name in self._watchers:
            changed = [(id, table.get(id), document) for id, document in documents.items()]
        for id, document in documents.items():
            if document is None:
                table.pop(id, None)
            else:
                table[id] = document
        if name in self._watchers:
            self._tell(name, changed)

    def _tell(self, name: str, changed: list[Change]) -> None:
        for watcher in self._watchers.get(name, ()):
            watcher(changed)

    # Compaction -------------------------------------------------------------------------------

    def _compact_if_due(self) -> None:
        """Fold in the background once the journal is worth it: at a fixed share of the data, so
        that each byte written is written again a bounded number of times."""
        if self._journal.appended - self._folded < self._worth_compacting:
            return
        if self._compaction is not None and self._compaction.is_alive():
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

    def _worth(self) -> float:
        """Bytes of journal at which compaction is worth it."""
        return max(self._compact_at, _size(self.path) / 2)

    def _compact_aside(self, tables: Tables, generation: int, appended: int) -> None:
        try:
            self._write_snapshot(tables, generation, Previous.REPLACED)
        except OSError as error:
            logger.warning("Compaction has to wait: %s", explain(error, self.path))
        else:
            self._folded = appended

    def _join_compaction(self) -> None:
        if self._compaction is not None:
            self._compaction.join()
            self._compaction = None

    def _fold(self, tables: Tables, previous: Previous) -> None:
        """Make `tables` the snapshot, here and now, with the write lock held."""
        try:
            self._write_all(tables, previous)
        except OSError as error:
            raise explain(error, self.path) from error

    def _write_all(self, tables: Tables, previous: Previous) -> None:
        self._join_compaction()
        self._journal.rotate()
        self._write_snapshot(tables, self._journal.generation, previous)
        self._folded = self._journal.appended

    def _write_snapshot(self, tables: Tables, generation: int, previous: Previous) -> None:
        """Write a snapshot beside the old one, and put it in its place. Raises `OSError`."""
        new = self.path.with_name(self.path.name + ".new")
        file = self.disk.create(new)
        try:
            write_snapshot(tables, generation, lambda data: self.disk.write(file, data))
            self.disk.flush(file)
        finally:
            self.disk.close(file)
        needed = generation
        if previous is Previous.REMOVED:
            self.disk.unlink(previous_of(self.path))
        elif previous is Previous.REPLACED and self.path.exists():
            needed = self._keep_previous(generation)
        self.disk.replace(new, self.path)
        try:
            self.disk.flush_folder(self.path.parent)
        except OSError:
            self._unsettled = True
            raise
        self._unsettled = False
        self._worth_compacting = self._worth()
        self._snapshot_journal = generation
        if previous is not Previous.KEPT:
            self._journal.retire(generation, needed, previous_of(self.path))

    def _keep_previous(self, generation: int) -> int:
        """Keep the snapshot about to be replaced; answer the first journal that is still needed."""
        previous = previous_of(self.path)
        name = previous.with_name(previous.name + "-new")
        try:
            self.disk.unlink(name)
            self.disk.link(self.path, name)
            self.disk.replace(name, previous)
        except OSError as error:
            # Some file systems know no second names: then there is no fallback, only the snapshot.
            logger.info("The snapshot before is not kept: %s", explain(error, previous))
            return generation
        return self._snapshot_journal


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
