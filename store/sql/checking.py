"""Checks what the database holds: each record, and all that is kept beside it to find it by.

One account after the other, each as of one moment, while others read and write. Mending means
making the rest again from the records, which are what was acknowledged. A record that is no good
itself is named and left alone: nothing here may take a reader's words away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, text, update

from store.answers import Finding, Report, Severity
from store.check_records import check_records
from store.digest import SetDigest
from store.sql.as_tables import tables_of
from store.sql.database import Database
from store.sql.putting import write_notes, write_searchable
from store.sql.rows import decode_kept, note_row, searchable_row
from store.sql.tables import account as accounts
from store.sql.tables import note, searchable, trash
from store.sql.writing import lock


def check_all(database: Database, *, repair: bool) -> Report:
    """See `AnnotationStore.check`."""
    names = database.read_all(
        lambda c: c.scalars(select(accounts.c.name).where(accounts.c.kept)).all()
    )
    findings: list[Finding] = []
    counted = _Counted()
    for name in sorted(names):
        findings += _check(database, name, repair=repair)
        counted.add(database, name)
    size = database.read_all(lambda c: c.scalar(text(_SIZE))) or 0
    return Report(
        findings=findings,
        accounts=len(names),
        annotations=counted.live,
        tombstones=counted.tombstones,
        trashed=counted.trashed,
        bytes=size,
    )


def _check(database: Database, name: str, *, repair: bool) -> list[Finding]:
    found = database.read(name, lambda connection: list(_look_at(connection, name)))
    if repair and any(one.mendable for one in found):
        database.write(name, lambda connection: _mend(connection, name))
        for one in found:
            one.finding = msgspec.structs.replace(one.finding, repaired=one.mendable)
    return [one.finding for one in found]


_SIZE = """
    SELECT sum(pg_total_relation_size(oid)) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
"""


class _Counted(Struct):
    live: int = 0
    tombstones: int = 0
    trashed: int = 0

    def add(self, database: Database, name: str) -> None:
        database.read(name, lambda connection: self._add(connection, name))

    def _add(self, connection: Connection, name: str) -> None:
        live = note.c.live.is_(True)
        counted = select(func.count().filter(live), func.count().filter(~live))
        here = connection.execute(counted.where(note.c.account == name)).one()
        self.live += here[0]
        self.tombstones += here[1]
        thrown = select(func.count()).select_from(trash).where(trash.c.account == name)
        self.trashed += connection.scalar(thrown) or 0


class _Found(Struct):
    finding: Finding
    mendable: bool


def _look_at(connection: Connection, name: str) -> Iterator[_Found]:
    tables = {table: dict(view.items()) for table, view in tables_of(connection, name).items()}
    faults = list(check_records(tables))
    for fault in faults:
        yield _Found(fault.finding, mendable=False)
    if any(fault.finding.severity is Severity.ERROR for fault in faults):
        return  # what is kept beside a record cannot be judged by one that is no good
    whole = _whole(name, list(tables[f"{name}/annotations"].values()))
    for what, differs in (
        ("columns of its notes", whole.notes != _standing_notes(connection, name)),
        ("words that searches find", whole.searchable != _standing_words(connection, name)),
        ("counts and digest", whole.summary != _standing_summary(connection, name)),
    ):
        if differs:
            sentence = f"The {what} of account `{name}` do not agree with its records."
            yield _Found(Finding(Severity.ERROR, sentence), mendable=True)


class _Whole(Struct):
    """What stands beside an account's records, where all is well."""

    notes: dict[str, dict[str, Any]]
    searchable: dict[str, dict[str, Any]]
    summary: tuple[int, int, int, str]


def _whole(name: str, documents: list[bytes]) -> _Whole:
    kept = [(decode_kept(document), document) for document in documents]
    live = [one for one, _ in kept if not one.deleted]
    words = {one.id: searchable_row(name, one) for one in live}
    digest = SetDigest()
    for one in live:
        digest.toggle(one.id, one.rev)
    return _Whole(
        {one.id: note_row(name, one, document) for one, document in kept},
        words,
        (
            max((one.rev for one, _ in kept), default=0),
            len(live),
            sum(row["length"] for row in words.values()),
            digest.hexdigest(),
        ),
    )


def _standing_notes(connection: Connection, name: str) -> dict[str, dict[str, Any]]:
    rows = connection.execute(select(note).where(note.c.account == name)).mappings()
    return {row["id"]: dict(row) for row in rows}


def _standing_words(connection: Connection, name: str) -> dict[str, dict[str, Any]]:
    columns = [c for c in searchable.c if c.name != "lexemes"]
    lexemes = func.tsvector_to_array(searchable.c.lexemes).label("lexemes")
    asked = select(*columns, lexemes).where(searchable.c.account == name)
    found = {row["id"]: dict(row) for row in connection.execute(asked).mappings()}
    for row in found.values():
        row["lexemes"] = sorted(row["lexemes"])  # by code points, not by their length first
    return found


def _standing_summary(connection: Connection, name: str) -> tuple[int, int, int, str]:
    known = accounts.c
    asked = select(known.last, known.live, known.length, known.digest).where(known.name == name)
    row = connection.execute(asked).one()
    return row.last, row.live, row.length, row.digest


def _mend(connection: Connection, name: str) -> None:
    standing = lock(connection, name)
    mine = select(note.c.record).where(note.c.account == name)
    whole = _whole(name, [record.encode() for record in connection.scalars(mine)])
    write_notes(connection, list(whole.notes.values()))
    connection.execute(delete(searchable).where(searchable.c.account == name))
    write_searchable(connection, list(whole.searchable.values()))
    last, live, length, digest = whole.summary
    connection.execute(
        update(accounts)
        .where(accounts.c.name == name)
        .values(last=last, given=max(last, standing.given), live=live, length=length, digest=digest)
    )
