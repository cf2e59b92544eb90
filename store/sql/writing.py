"""A batch of operations as one transaction of the database.

Who writes to an account first locks its row, and keeps it locked until all is committed. So writers
of one account take turns, each is given the numbers after those of the one before, and *changes are
committed in the order of their numbers*: whoever reads `changes` up to a number can never miss one
below it that is committed later. Writers of different accounts never wait for each other.

`store.apply` decides what is written, as in the embedded store. What it may ask for is fetched in
one statement, and what it puts is kept until the end and written in a few.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert

from store.apply import Application, counter_id
from store.clock import now
from store.digest import SetDigest
from store.document import document_id
from store.lost import take_observations
from store.model import Operation, Result
from store.sql.putting import (
    forget_lost,
    forget_searchable,
    forget_trash,
    write_account,
    write_counter,
    write_lost,
    write_notes,
    write_run,
    write_searchable,
    write_trash,
)
from store.sql.rows import Kept, decode_kept, note_row, searchable_row
from store.sql.tables import account as accounts
from store.sql.tables import counter, lost, note, searchable, trash


def apply(
    connection: Connection, account: str, device: str, operations: Sequence[Operation]
) -> tuple[list[Result], bool]:
    """See `AnnotationStore.apply`; whether readers have something new, too."""
    standing = lock(connection, account)
    batch = Batch(connection, account, standing)
    batch.fetch(device, [operation.id for operation in operations])
    application = Application(batch, account, device, last=standing.given, nonce=batch.nonce)
    results = application.run(operations)
    return results, batch.finish()


def observe(
    connection: Connection, account: str, device: str, lost: Sequence[str], found: Sequence[str]
) -> None:
    """See `AnnotationStore.observe`. A writer like others: no note is deleted meanwhile."""
    batch = Batch(connection, account, lock(connection, account, kept=False))
    batch.fetch_notes({*lost, *found})
    take_observations(batch, account, device, lost, found, now())
    batch.finish()


class Standing(Struct):
    """An account's row."""

    given: int
    last: int
    live: int
    length: int
    digest: str
    nonce: str
    mark: str
    here: str
    """The mark of the database's life now; numbers given in another had another nonce."""


def lock(connection: Connection, account: str, *, kept: bool = True) -> Standing:
    """An account's row, made where there is none, and nobody else's until the transaction ends."""
    while (row := connection.execute(_LOCK, {"account": account}).mappings().first()) is None:
        new = {"name": account, "kept": kept, "given": 0, "last": 0, "live": 0, "length": 0}
        new |= {"digest": SetDigest().hexdigest(), "nonce": "", "mark": ""}
        connection.execute(insert(accounts).values(new).on_conflict_do_nothing())
    return Standing(**row)


# A database that was put back, from files or from a dump, or that another one has taken over for,
# was started since, or has its tables anew: numbers it gives again must not pass for the old ones.
_LOCK = text(
    """
    SELECT given, last, live, length, digest, nonce, mark,
        concat_ws(' ', pg_postmaster_start_time(), to_regclass('note')::oid,
            (SELECT oid FROM pg_database WHERE datname = current_database())) AS here
    FROM account WHERE name = :account FOR UPDATE
    """
)


class Batch:
    """What one batch sees and changes: `store.apply.Documents`, over an account's rows."""

    def __init__(self, connection: Connection, account: str, standing: Standing) -> None:
        self.given: dict[str, int] = {}
        self._connection = connection
        self._account = account
        self._standing = standing
        same_run = standing.mark == standing.here
        self.nonce = standing.nonce if same_run else secrets.token_hex(8)
        self._runs = {document_id(self.nonce)} if same_run else set[str]()
        self._notes: dict[str, bytes | None] = {}
        self._trash: dict[str, bytes | None] = {}
        self._lost: set[str] = set()
        self._lengths: dict[str, int] = {}
        self._counter: tuple[str, bytes | None] = ("", None)
        self._standing_notes: dict[str, Kept] = {}
        self._changed: dict[str, dict[str, bytes | None]] = {}

    def fetch(self, device: str, ids: Iterable[str]) -> None:
        """Get ready what a device's operations on these notes may ask for."""
        self.fetch_notes(ids)
        asked = select(counter.c.document).where(
            counter.c.account == self._account, counter.c.device == device
        )
        taken = self._connection.scalar(asked)
        self._counter = counter_id(device), taken.encode() if taken is not None else None

    def fetch_notes(self, ids: Iterable[str]) -> None:
        """Get ready what may be asked for of these notes."""
        wanted = {document_id(id): id for id in ids}
        for name in wanted:
            self._notes[name] = self._trash[name] = None
        here = note.c.account == self._account
        asked = (
            select(
                note.c.id,
                note.c.record,
                trash.c.document,
                searchable.c.length,
                lost.c.id.is_not(None).label("lost"),
            )
            .outerjoin(trash, (trash.c.account == note.c.account) & (trash.c.id == note.c.id))
            .outerjoin(
                searchable,
                (searchable.c.account == note.c.account) & (searchable.c.id == note.c.id),
            )
            .outerjoin(lost, (lost.c.account == note.c.account) & (lost.c.id == note.c.id))
            .where(here, note.c.id == func.any(list(wanted.values())))
        )
        for id, record, trashed, length, is_lost in self._connection.execute(asked):
            name = document_id(id)
            self._notes[name] = record.encode()
            self._trash[name] = None if trashed is None else trashed.encode()
            self._lengths[id] = length or 0
            if is_lost:
                self._lost.add(name)

    def get(self, table: str, id: str) -> bytes | None:
        kind = table.rpartition("/")[2]
        changed = self._changed.get(kind, {})
        if id in changed:
            return changed[id]
        match kind:
            case "annotations" | "trash":
                if id not in self._notes:
                    self.fetch_notes([str(uuid.UUID(int=int(id)))])
                return (self._notes if kind == "annotations" else self._trash)[id]
            case "counters":
                return self._counter[1] if id == self._counter[0] else None
            case "runs":
                return b"there" if id in self._runs else None
            case "lost":
                return b"there" if id in self._lost else None
            case _:
                return None

    def put(self, table: str, id: str, document: bytes | None) -> None:
        self._changed.setdefault(table.rpartition("/")[2], {})[id] = document

    def finish(self) -> bool:
        """Write what was put. Whether any note has changed."""
        self._write_trash(self._changed.get("trash", {}))
        self._write_lost(self._changed.get("lost", {}))
        for document in self._changed.get("counters", {}).values():
            if document is not None:
                write_counter(self._connection, self._account, document)
        for document in self._changed.get("runs", {}).values():
            if document is not None:
                write_run(self._connection, self._account, document)
        notes = self._changed.get("annotations", {})
        if notes:
            self._write_notes(notes)
        return bool(notes)

    # ------------------------------------------------------------------------------------------

    def _write_notes(self, notes: dict[str, bytes | None]) -> None:
        standing = self._standing
        digest = SetDigest(int(standing.digest, 16))
        live, length = standing.live, standing.length
        rows: list[dict[str, Any]] = []
        sought: list[dict[str, Any]] = []
        silent: list[str] = []
        for name, document in notes.items():
            assert document is not None  # a note is never forgotten: it leaves a tombstone
            kept = decode_kept(document)
            if (before := self._notes.get(name)) is not None:
                old = decode_kept(before)
                if not old.deleted:
                    digest.toggle(old.id, old.rev)
                    live -= 1
                    length -= self._lengths.get(old.id, 0)
            rows.append(note_row(self._account, kept, document))
            if kept.deleted:
                silent.append(kept.id)
            else:
                digest.toggle(kept.id, kept.rev)
                live += 1
                sought.append(searchable_row(self._account, kept))
                length += sought[-1]["length"]
        write_notes(self._connection, rows)
        write_searchable(self._connection, sought)
        forget_searchable(self._connection, self._account, silent)
        last = max(row["rev"] for row in rows)
        write_account(
            self._connection,
            {
                "account": self._account,
                "given": max(standing.given, last),
                "last": max(standing.last, last),
                "live": live,
                "length": length,
                "digest": digest.hexdigest(),
                "nonce": self.nonce,
                "mark": standing.here,
            },
        )

    def _write_trash(self, trashed: dict[str, bytes | None]) -> None:
        emptied = _ids_without(trashed)
        forget_trash(self._connection, self._account, emptied)
        write_trash(self._connection, self._account, [body for body in trashed.values() if body])

    def _write_lost(self, losses: dict[str, bytes | None]) -> None:
        forget_lost(self._connection, self._account, _ids_without(losses))
        write_lost(self._connection, self._account, [one for one in losses.values() if one])


def _ids_without(documents: dict[str, bytes | None]) -> list[str]:
    """The ids whose documents go."""
    return [str(uuid.UUID(int=int(name))) for name, document in documents.items() if not document]
