"""Putting rows in the place of those that have their keys, and taking them out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, bindparam, delete, func, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import Insert, insert

from store.apply import Run, Taken
from store.model import Lost, Trashed
from store.sql.tables import account, counter, lost, note, run, searchable, trash

Row = dict[str, Any]


def write_account(connection: Connection, row: Row) -> None:
    """What an account has come to; `row` names it by `account`."""
    connection.execute(_ACCOUNT, row)


def write_notes(connection: Connection, rows: list[Row]) -> None:
    if rows:
        connection.execute(_NOTE, rows)


def write_searchable(connection: Connection, rows: list[Row]) -> None:
    if rows:
        connection.execute(_SEARCHABLE, rows)


def forget_searchable(connection: Connection, account: str, ids: list[str]) -> None:
    """What is deleted is not found."""
    if ids:
        mine = searchable.c.account == account
        connection.execute(delete(searchable).where(mine, searchable.c.id == func.any(ids)))


def write_trash(connection: Connection, account: str, bodies: Iterable[bytes]) -> None:
    rows = []
    for body in bodies:
        read = _decode_trashed(body)
        row = {"account": account, "id": read.annotation.id, "at": read.at}
        rows.append({**row, "document": body.decode()})
    if rows:
        connection.execute(_TRASH, rows)


def forget_trash(connection: Connection, account: str, ids: list[str]) -> None:
    if ids:
        mine = trash.c.account == account
        connection.execute(delete(trash).where(mine, trash.c.id == func.any(ids)))


def write_lost(connection: Connection, account: str, documents: Iterable[bytes]) -> None:
    """Keep what was not found again."""
    rows = [
        {"account": account, "id": _decode_lost(document).id, "document": document.decode()}
        for document in documents
    ]
    if rows:
        connection.execute(_LOST, rows)


def forget_lost(connection: Connection, account: str, ids: list[str]) -> None:
    if ids:
        mine = lost.c.account == account
        connection.execute(delete(lost).where(mine, lost.c.id == func.any(ids)))


def write_counter(connection: Connection, account: str, document: bytes) -> None:
    """Keep what has been taken from a device."""
    taken = msgspec.json.decode(document, type=Taken)
    row = {"account": account, "device": taken.device, "op": taken.op}
    connection.execute(_COUNTER, {**row, "document": document.decode()})


def write_run(connection: Connection, account: str, document: bytes) -> None:
    """Keep which number a run began with."""
    begun = msgspec.json.decode(document, type=Run)
    row = {"account": account, "nonce": begun.nonce, "first": begun.first}
    connection.execute(_RUN, row)


# Statements are made once: to make one costs as much as to carry it out.


def _in_place(table: Table) -> Insert:
    put = insert(table)
    others = {c.name: put.excluded[c.name] for c in table.c if not c.primary_key}
    return put.on_conflict_do_update(index_elements=table.primary_key, set_=others)


_NOTE = _in_place(note)
_TRASH = _in_place(trash)
_COUNTER = _in_place(counter)
_LOST = _in_place(lost)
_RUN = insert(run).on_conflict_do_nothing()
_ACCOUNT = (
    update(account)
    .where(account.c.name == bindparam("account"))
    .values({name: bindparam(name) for name in "given last live length digest nonce mark".split()})
    .values(kept=True)
)
_SEARCHABLE = sql(
    """
    INSERT INTO searchable (account, id, rev, moment, length, words, lexemes)
    VALUES (:account, CAST(:id AS uuid), :rev, :moment, :length, :words,
        array_to_tsvector(CAST(:lexemes AS text[])))
    ON CONFLICT (account, id) DO UPDATE SET rev = excluded.rev, moment = excluded.moment,
        length = excluded.length, words = excluded.words, lexemes = excluded.lexemes
    """
)

_decode_trashed = msgspec.json.Decoder(Trashed).decode
_decode_lost = msgspec.json.Decoder(Lost).decode
