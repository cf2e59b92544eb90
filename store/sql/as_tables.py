"""The database seen as the embedded store's tables, and filled from them.

So backups are the same files whatever store they are of, `postil migrate` goes both ways, and the
documents are checked by the same code. Nothing is held in memory: documents are fetched as they are
walked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from store.account import ACCOUNTS, DEVICES, Account, account_id
from store.apply import THE_ONLY, Run, Sequence, counter_id
from store.backup import Documents
from store.digest import SetDigest
from store.document import document_id
from store.model import Device, Grant, encode
from store.moving import names_in
from store.records import Epoch
from store.sql.admission import device_row
from store.sql.putting import (
    write_counter,
    write_lost,
    write_notes,
    write_run,
    write_searchable,
    write_trash,
)
from store.sql.rows import decode_kept, note_row, searchable_row
from store.sql.tables import (
    OF_ACCOUNTS,
    admission,
    counter,
    device,
    history,
    lost,
    note,
    run,
    trash,
)
from store.sql.tables import account as accounts

_CHUNK = 500  # rows fetched, or written, at once


class TableView(Mapping[str, bytes]):
    """One table, as of the transaction it is looked at in."""

    def __init__(
        self,
        connection: Connection,
        asked: Select[Any],
        told: Callable[[Any], tuple[str, bytes]],
    ) -> None:
        self._connection = connection
        self._asked = asked
        self._told = told

    def __len__(self) -> int:
        counted = select(func.count()).select_from(self._asked.order_by(None).subquery())
        return self._connection.scalar(counted) or 0

    def __iter__(self) -> Iterator[str]:
        return (id for id, _ in self._walk())

    def __getitem__(self, id: str) -> bytes:
        for known, document in self._walk():
            if known == id:
                return document
        raise KeyError(id)

    def items(self) -> Any:
        """Every document, fetched as it is walked."""
        return self._walk()

    def values(self) -> Any:
        return (document for _, document in self._walk())

    def _walk(self) -> Iterator[tuple[str, bytes]]:
        walked = self._asked.execution_options(yield_per=_CHUNK)
        return map(self._told, self._connection.execute(walked))


def tables_in(connection: Connection) -> dict[str, Mapping[str, bytes]]:
    """Everything the database holds, as the embedded store would hold it."""
    tables: dict[str, Mapping[str, bytes]] = {}
    for name, given, last in connection.execute(
        select(accounts.c.name, accounts.c.given, accounts.c.last)
        .where(accounts.c.kept)
        .order_by(accounts.c.name)
    ):
        tables |= tables_of(connection, name)
        if given > last:
            tables[f"{name}/sequence"] = {THE_ONLY: encode(Sequence(given))}
    kept = select(accounts.c.name).where(accounts.c.kept).order_by(accounts.c.name)
    tables[ACCOUNTS] = TableView(
        connection, kept, lambda row: (account_id(row.name), encode(Account(row.name)))
    )
    devices = select(device.c.id, device.c.document).order_by(device.c.id)
    tables[DEVICES] = TableView(
        connection, devices, lambda row: (document_id(row.id), row.document.encode())
    )
    tables["grants"] = TableView(
        connection, select(admission).order_by(admission.c.secret_hash), _grant_of
    )
    epoch = connection.scalar(select(history.c.epoch))
    assert epoch is not None
    tables["meta"] = {THE_ONLY: encode(Epoch(epoch))}
    return tables


def fill_account(connection: Connection, account: str, tables: Documents) -> None:
    """Put what these tables hold of an account into the database, which holds nothing of it."""
    digest = SetDigest()
    live = length = last = 0

    def noted(documents: Iterable[bytes]) -> None:
        nonlocal live, length, last
        rows, sought = [], []
        for document in documents:
            kept = decode_kept(document)
            last = max(last, kept.rev)
            rows.append(note_row(account, kept, document))
            if not kept.deleted:
                sought.append(searchable_row(account, kept))
                digest.toggle(kept.id, kept.rev)
                live += 1
                length += sought[-1]["length"]
        write_notes(connection, rows)
        write_searchable(connection, sought)

    for chunk in _chunks(tables.get(f"{account}/annotations", {}).values()):
        noted(chunk)
    for chunk in _chunks(tables.get(f"{account}/trash", {}).values()):
        write_trash(connection, account, chunk)
    for chunk in _chunks(tables.get(f"{account}/lost", {}).values()):
        write_lost(connection, account, chunk)
    for document in tables.get(f"{account}/counters", {}).values():
        write_counter(connection, account, document)
    for document in tables.get(f"{account}/runs", {}).values():
        write_run(connection, account, document)
    given = last
    for document in tables.get(f"{account}/sequence", {}).values():
        given = max(given, msgspec.json.decode(document, type=Sequence).seq)
    row = {"name": account, "kept": True, "given": given, "last": last, "live": live}
    row |= {"length": length, "digest": digest.hexdigest(), "nonce": "", "mark": ""}
    connection.execute(insert(accounts).values(row))


def forget_account(connection: Connection, account: str) -> None:
    """Take out everything of an account but its devices."""
    for table in OF_ACCOUNTS:
        connection.execute(delete(table).where(table.c.account == account))
    connection.execute(delete(accounts).where(accounts.c.name == account))


def fill(connection: Connection, tables: Documents) -> None:
    """Put what these tables hold into the database, which holds nothing."""
    for account in names_in(tables):
        fill_account(connection, account, tables)
    fill_store(connection, tables)


def fill_store(connection: Connection, tables: Documents) -> None:
    """Put what is of the whole store into the database, and nothing of any account."""
    for document in tables.get(DEVICES, {}).values():
        it = msgspec.json.decode(document, type=Device)
        connection.execute(insert(device).values(device_row(it)))
    for document in tables.get("grants", {}).values():
        grant = msgspec.json.decode(document, type=Grant)
        connection.execute(insert(admission).values(msgspec.structs.asdict(grant)))
    connection.execute(update(history).values(epoch=epoch_in(tables)))


def epoch_in(tables: Documents) -> str:
    """The epoch of the store these tables are of."""
    return msgspec.json.decode(tables["meta"][THE_ONLY], type=Epoch).epoch


def empty_all(connection: Connection) -> None:
    """Take everything out of the database but its epoch. Readers see it until the commit."""
    for table in (*OF_ACCOUNTS, accounts, device, admission):
        connection.execute(delete(table))


# ----------------------------------------------------------------------------------------------


def tables_of(connection: Connection, name: str) -> dict[str, TableView]:
    """The tables of one account."""

    def view(asked: Select[Any], told: Callable[[Any], tuple[str, bytes]]) -> TableView:
        return TableView(connection, asked, told)

    return {
        f"{name}/annotations": view(
            select(note.c.id, note.c.record)
            .where(note.c.account == name)
            .order_by(note.c.account, note.c.rev),
            lambda row: (document_id(row.id), row.record.encode()),
        ),
        f"{name}/trash": view(
            select(trash.c.id, trash.c.document)
            .where(trash.c.account == name)
            .order_by(trash.c.account, trash.c.at, trash.c.id),
            lambda row: (document_id(row.id), row.document.encode()),
        ),
        f"{name}/counters": view(
            select(counter.c.device, counter.c.document).where(counter.c.account == name),
            lambda row: (counter_id(row.device), row.document.encode()),
        ),
        f"{name}/lost": view(
            select(lost.c.id, lost.c.document)
            .where(lost.c.account == name)
            .order_by(lost.c.account, lost.c.id),
            lambda row: (document_id(row.id), row.document.encode()),
        ),
        f"{name}/runs": view(
            select(run.c.nonce, run.c.first)
            .where(run.c.account == name)
            .order_by(run.c.account, run.c.place),
            lambda row: (document_id(row.nonce), encode(Run(row.nonce, row.first))),
        ),
    }


def _grant_of(row: Any) -> tuple[str, bytes]:
    grant = Grant(row.secret_hash, row.kind, row.account, row.expires, row.tries)
    return document_id(grant.secret_hash), encode(grant)


def _chunks(documents: Iterable[bytes]) -> Iterator[list[bytes]]:
    walk = iter(documents)
    while chunk := list(islice(walk, _CHUNK)):
        yield chunk
