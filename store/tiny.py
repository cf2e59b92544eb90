"""The embedded store: TinyDB on a journal. One file on disk, no other process, nothing to set up.

Each account has tables of its own in the file, so nothing is ever shared between two:

    default/annotations    the notes and their tombstones
    default/trash          what deletions took away
    default/counters       what has been taken from each device
    default/sequence       the highest sequence number, where no note has it any more
    default/lost           notes whose passages were not found again
    default/runs           the nonces of sequence numbers (see `Cursor`)
    accounts, devices, grants, meta  for the whole store
"""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import tinydb
from msgspec import UNSET, Struct

from store.account import account_names, add_account, remove_account
from store.admission import DeviceIndex, TinyAdmission
from store.answers import (
    Backup,
    Changes,
    Cursor,
    Found,
    Manifest,
    Report,
    Sort,
    Totals,
    TrashPage,
    search_offset,
)
from store.apply import THE_ONLY, Application, counter_id, counter_in
from store.backup import anew, read_backup, restored, write_backup
from store.check import Checkup
from store.clock import now
from store.disk import Disk
from store.document import document_id
from store.errors import ResyncRequired
from store.indexes import CurrentIndexes, NoteIndexes
from store.journal import Change, JournalStorage
from store.last_numbers import LastNumbers
from store.lost import count_lost, read_lost, take_observations
from store.model import Annotation, Lost, Operation, Page, Result, encode
from store.page_key import page_key
from store.query import Query
from store.reading_order import reading_order
from store.records import Epoch, problem_of
from store.runs import Runs
from store.searching import Searching
from store.snapshot import Tables
from store.table import IndexedTable
from store.transaction import Transaction
from store.trash import empty_trash, read_trash

T = TypeVar("T")


class NotesDB(tinydb.TinyDB):
    """TinyDB with tables that write only what changes."""

    table_class = IndexedTable


class TinyStore(TinyAdmission):
    """See `AnnotationStore` for what it promises, `JournalStorage` for what opening may raise."""

    def __init__(self, path: Path, *, disk: Disk | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.db = NotesDB(path, storage=JournalStorage, disk=disk)
        storage = self.db.storage
        assert isinstance(storage, JournalStorage)
        self._storage = storage
        self._indexes: dict[str, CurrentIndexes] = {}
        self._given: dict[str, int] = {}  # the last sequence number, by account
        self._last = LastNumbers(lambda account: self._opened(account).sequence.last)
        self._runs: dict[str, Runs] = {}
        self._nonce = secrets.token_hex(8)
        self._closing = False
        self._published = threading.Condition(storage.reading)
        try:
            self._epoch = storage.transact(_epoch_of)
            self._devices = DeviceIndex(storage.tables.get("devices", {}))
            storage.watch("devices", self._devices.changed)
            storage.watch("meta", self._meta_changed)
            storage.published = self._last.published
            self._searching = Searching(storage, self.epoch)
        except BaseException:
            self.db.close()
            raise

    # Notes ------------------------------------------------------------------------------------

    def apply(self, account: str, device: str, operations: Sequence[Operation]) -> list[Result]:
        if account not in self._given:
            self._given.setdefault(account, self.cursor(account).seq)

        def work(transaction: Transaction) -> list[Result]:
            last = self._given[account]
            application = Application(transaction, account, device, last=last, nonce=self._nonce)
            results = application.run(operations)
            # Should the disk refuse, some numbers are left out.
            self._given[account] = application.last
            return results

        return self._storage.transact(work)

    def counter(self, account: str, device: str) -> int:
        with self._storage.reading:
            counters = self._storage.tables.get(f"{account}/counters", {})
            return counter_in(counters.get(counter_id(device)))

    def get(self, account: str, id: str) -> Annotation | None:
        document = self._notes(account).get(document_id(id))
        return None if document is None else _annotation(document)

    def on_page(self, account: str, keys: Sequence[str]) -> list[Annotation]:
        with self._storage.reading:
            indexes = self._opened(account)
            asked = list(dict.fromkeys(keys))
            found: dict[str, bytes] = {}
            notes = self._notes(account)
            aliases: set[str] = set()
            for key in asked:
                for id in (*indexes.by_page[key], *indexes.by_canonical[key]):
                    found[id] = notes[id]
        annotations = [_annotation(document) for document in found.values()]
        for annotation in annotations:
            if annotation.canonical is not UNSET:
                aliases.add(page_key(annotation.canonical))
        if more := aliases.difference(asked):
            return self.on_page(account, [*asked, *sorted(more)])
        return sorted(annotations, key=reading_order)

    def live(self, account: str) -> Iterator[Annotation]:
        with self._storage.reading:
            indexes = self._opened(account)
            notes = self._notes(account)
            pages = [[notes[id] for id in indexes.by_page[key]] for key in indexes.by_page.ids]
        for documents in pages:
            yield from sorted(map(_annotation, documents), key=reading_order)

    def changes(self, account: str, since: Cursor | None, limit: int) -> Changes:
        with self._storage.reading:
            indexes = self._opened(account)
            last = indexes.sequence.last
            runs = self._runs[account]
            start = 0
            if since is not None:
                self._check(since, last, runs)
                start = since.seq
            found = indexes.sequence.after(start, limit + 1)
            more = len(found) > limit
            found = found[:limit]
            notes = self._notes(account)
            documents = [notes[id] for _, id in found]
            seq = found[-1][0] if more else last
            cursor = Cursor(self._epoch, seq, runs.nonce_of(seq))
            count, digest = (None, None) if more else (indexes.live, indexes.digest.hexdigest())
        return Changes(documents, cursor, more, count, digest)

    def search(
        self,
        account: str,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Found:
        with self._storage.reading:
            self._opened(account)
        offset = search_offset(cursor)
        hits = self._searching.find(account, query, sort, limit, offset)
        with self._storage.reading:
            notes = self._notes(account)
            documents = [notes[id] for id in hits.ids if id in notes]
        found = [note for note in map(_annotation, documents) if not note.deleted]
        shown = offset + limit
        return Found(found, hits.total, str(shown) if shown < hits.total else None)

    def conflicts(self, account: str) -> list[Annotation]:
        with self._storage.reading:
            indexes = self._opened(account)
            notes = self._notes(account)
            documents = [notes[id] for ids in indexes.conflicts.ids.values() for id in ids]
        return sorted(map(_annotation, documents), key=lambda copy: (copy.created, copy.id))

    def pages(self, account: str) -> list[Page]:
        with self._storage.reading:
            indexes = self._opened(account)
            pages = indexes.pages.all(indexes.by_page.ids, self._notes(account))
        return sorted(pages, key=lambda page: page.updated, reverse=True)

    def cursor(self, account: str) -> Cursor:
        with self._storage.reading:
            self._following(account)
            last = self._last.of(account)
            return Cursor(self._epoch, last, self._runs[account].nonce_of(last))

    def wait(self, account: str, since: Cursor, seconds: float) -> bool:
        def news() -> bool:
            last = self._last.of(account)
            return self._closing or (last, self._epoch) != (since.seq, since.epoch)

        with self._published:
            return self._published.wait_for(news, seconds)

    def manifest(self, account: str) -> Manifest:
        with self._storage.reading:
            documents = list(self._notes(account).values())
            cursor = self.cursor(account)
            digest = self._opened(account).digest.hexdigest()
        notes = map(_version, documents)
        versions = sorted((note.id, note.rev) for note in notes if not note.deleted)
        return Manifest(versions, cursor, digest)

    def tags(self, account: str) -> dict[str, int]:
        with self._storage.reading:
            counts = dict(self._opened(account).tags)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def days(self, account: str) -> dict[str, int]:
        with self._storage.reading:
            return dict(sorted(self._opened(account).days.items()))

    def count(self, account: str) -> int:
        with self._storage.reading:
            return self._opened(account).live

    def epoch(self) -> str:
        return self._epoch

    # What browsers saw ------------------------------------------------------------------------

    def observe(self, account: str, device: str, lost: Sequence[str], found: Sequence[str]) -> None:
        self._storage.transact(lambda t: take_observations(t, account, device, lost, found, now()))

    def lost(self, account: str, ids: Sequence[str] | None = None) -> list[Lost]:
        return read_lost(self._storage, account, ids)

    def count_lost(self, account: str) -> int:
        return count_lost(self._storage, account)

    # Accounts ---------------------------------------------------------------------------------

    def accounts(self) -> list[str]:
        with self._storage.reading:
            return sorted(account_names(self._storage.tables))

    def totals(self) -> Totals:
        names = self.accounts()
        return Totals(len(names), sum(map(self.count, names)))

    def add_account(self, name: str) -> bool:
        return self._storage.transact(lambda transaction: add_account(transaction, name))

    def remove_account(self, name: str) -> bool:
        removed = self._storage.transact(lambda transaction: remove_account(transaction, name))
        self._searching.forget(name)
        return removed

    # Trash ------------------------------------------------------------------------------------

    def trash(self, account: str, limit: int = 100, cursor: str | None = None) -> TrashPage:
        return read_trash(self._storage, account, limit, cursor)

    def empty_trash(self, account: str, before: str | None = None) -> int:
        return empty_trash(self._storage, account, before)

    # Care -------------------------------------------------------------------------------------

    def backup(self, path: Path) -> Backup:
        return write_backup(self._storage.outline(), path, self._storage.path, self._storage.disk)

    def restore(self, path: Path, keep: Path) -> Backup:
        tables, read = read_backup(path)

        def make(now: Tables) -> Tables:
            write_backup(now, keep, self._storage.path, self._storage.disk)
            self._nonce = secrets.token_hex(8)
            return restored(tables, now, str(uuid.uuid4()), self._nonce)

        self._storage.replace(make)
        return read

    def begin_history(self) -> str:
        epoch = str(uuid.uuid4())

        def make(now: Tables) -> Tables:
            self._nonce = secrets.token_hex(8)
            return anew(now, epoch)

        self._storage.replace(make)
        self._given.clear()
        return epoch

    def outline(self) -> Tables:
        """Every document, as of one moment: for moving house."""
        return self._storage.outline()

    def replace_all(self, tables: Tables) -> None:
        """Put these documents in the place of all, atomically: for moving house."""
        self._storage.replace(lambda _now: tables)

    def check(self, *, repair: bool = False) -> Report:
        with self._storage.reading:
            accounts = self.accounts()
            for account in accounts:
                self._opened(account)
            indexes = {account: self._indexes[account] for account in accounts}
        nonce = self._nonce
        return Checkup(self._storage, indexes, self._searching, nonce, repair=repair).run()

    # Life -------------------------------------------------------------------------------------

    def close(self) -> None:
        with self._published:
            self._closing = True
            self._published.notify_all()
        self._searching.close()
        self.db.close()

    # ------------------------------------------------------------------------------------------

    def _notes(self, account: str) -> dict[str, bytes]:
        return self._storage.tables.get(f"{account}/annotations", {})

    def _opened(self, account: str) -> NoteIndexes:
        """The account's indexes as of now. Called with memory locked."""
        return self._following(account).get()

    def _following(self, account: str) -> CurrentIndexes:
        """The account's indexes, built at its first use. Called with memory locked."""
        indexes = self._indexes.get(account)
        if indexes is None:
            indexes = CurrentIndexes(self._notes(account))
            self._storage.watch(f"{account}/annotations", indexes.told)
            runs = Runs(self._storage.tables.get(f"{account}/runs", {}))
            self._storage.watch(f"{account}/runs", runs.changed)
            self._runs[account] = runs
            self._searching.watch(account, indexes)
            self._storage.watch(f"{account}/annotations", self._tell_waiting)
            self._indexes[account] = indexes
        return indexes

    def _tell_waiting(self, _changes: list[Change]) -> None:
        self._published.notify_all()

    def _meta_changed(self, changes: list[Change]) -> None:
        for _, _, after in changes:
            if after is not None:
                self._epoch = msgspec.json.decode(after, type=Epoch).epoch
        self._published.notify_all()

    def _check(self, cursor: Cursor, last: int, runs: Runs) -> None:
        common = min(cursor.seq, runs.last_of(cursor.nonce, last))
        if cursor.epoch != self._epoch:
            raise ResyncRequired("The server was restored from a backup since.", common)
        if cursor.seq > last:
            raise ResyncRequired("The server has not come that far: its file was put back.", common)
        if cursor.nonce != runs.nonce_of(cursor.seq):
            raise ResyncRequired("The server's file was put back, and went another way.", common)


class _Version(Struct, frozen=True):
    """The part of a note a manifest tells."""

    id: str
    rev: int
    deleted: bool = False


def _epoch_of(transaction: Transaction) -> str:
    """The store's epoch; a new store gets one, and one whose own cannot be read."""
    document = transaction.get("meta", THE_ONLY)
    if document is not None and problem_of("meta", THE_ONLY, document) is None:
        return msgspec.json.decode(document, type=Epoch).epoch
    epoch = str(uuid.uuid4())
    transaction.put("meta", THE_ONLY, encode(Epoch(epoch)))
    return epoch


_annotation = msgspec.json.Decoder(Annotation).decode
_version = msgspec.json.Decoder(_Version).decode
