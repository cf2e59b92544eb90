"""Notes as rows of the full-text index, many at a time.

While SQLite takes a step others may have the interpreter, and where several threads want it, to get
it back takes up to five milliseconds. So notes go in as one array of JSON and rows come out as one,
with a step for all: under load a search that took a step for each took four times as long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from store.clock import microseconds
from store.digest import SetDigest
from store.folding import fold
from store.match_expression import facets
from store.model import Color, Quote

_AT_ONCE = 1024 * 1024  # bytes of notes


class _Searchable(Struct, frozen=True):
    """The part of a note that is searched."""

    id: str
    page: str
    rev: int
    updated: str
    title: str
    quote: Quote | None
    note: str
    tags: list[str]
    color: Color
    deleted: bool = False
    canonical: str | UnsetType = UNSET


def replace(
    connection: sqlite3.Connection, documents: Iterable[tuple[str, bytes]], digest: SetDigest
) -> None:
    """Put notes, by id and encoded, in the place of what there is of them; a deleted one leaves
    nothing. The digest follows. No id may be there twice."""
    for batch in _batches(documents):
        _remove(connection, [id for id, _ in batch], digest)
        live = [(id, note) for id, note in batch if not note.deleted]
        moments = _free_moments(connection, [microseconds(note.updated) for _, note in live])
        rows = [_row(id, note, moment) for (id, note), moment in zip(live, moments, strict=True)]
        given = _json(rows)
        connection.execute(_INSERT_NOTES, (given,))
        connection.execute(_INSERT_WORDS, (given,))
        for _, note in live:
            digest.toggle(note.id, note.rev)


def ids_of(connection: sqlite3.Connection, moments: list[int]) -> list[str]:
    """The ids of notes by their row numbers, in this order; what is not there is left out."""
    rows = all_of(
        connection,
        "SELECT moment, id FROM note WHERE moment IN (SELECT value FROM json_each(?))",
        [_json(moments)],
        "moment, id",
    )
    ids: dict[int, str] = dict(rows)
    return [ids[moment] for moment in moments if moment in ids]


def all_of(
    connection: sqlite3.Connection, query: str, values: Sequence[str | int], columns: str
) -> list[Any]:
    """The rows of a query, as lists of these columns, by one step.

    In the query's order, if it has a limit: SQLite neither flattens it into an aggregate then nor
    leaves out its ORDER BY (its `select.c`: `flattenSubquery`, rule 16, and `sqlite3Select`).
    """
    [[found]] = connection.execute(
        f"SELECT json_group_array(json_array({columns})) FROM ({query})",  # noqa: S608  # both of this package
        values,
    )
    rows: list[Any] = msgspec.json.decode(found)
    return rows


def _batches(documents: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, _Searchable]]]:
    batch: list[tuple[str, _Searchable]] = []
    size = 0
    for id, document in documents:
        batch.append((id, _decode(document)))
        size += len(document)
        if size >= _AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _remove(connection: sqlite3.Connection, ids: list[str], digest: SetDigest) -> None:
    rows = all_of(
        connection,
        "SELECT moment, name, rev FROM note WHERE id IN (SELECT value FROM json_each(?))",
        [_json(ids)],
        "moment, name, rev",
    )
    if rows:
        moments = (_json([moment for moment, _, _ in rows]),)
        connection.execute(
            "DELETE FROM words WHERE rowid IN (SELECT value FROM json_each(?))", moments
        )
        connection.execute(
            "DELETE FROM note WHERE moment IN (SELECT value FROM json_each(?))", moments
        )
    for _, name, rev in rows:
        digest.toggle(name, rev)


def _row(id: str, note: _Searchable, moment: int) -> tuple[str | int, ...]:
    canonical = None if note.canonical is UNSET else note.canonical
    return (
        id,
        moment,
        note.id,
        note.rev,
        fold(note.quote.exact) if note.quote else "",
        fold(note.note),
        fold(note.title),
        fold("\n".join(note.tags)),
        " ".join(facets(note.page, canonical, note.color, note.tags)),
    )


def _free_moments(connection: sqlite3.Connection, wanted: list[int]) -> list[int]:
    """A row number for each of these moments: it, or the next that is free."""
    standing = "SELECT moment FROM note WHERE moment IN (SELECT value FROM json_each(?))"
    taken = {moment for (moment,) in all_of(connection, standing, [_json(wanted)], "moment")}
    given: list[int] = []
    going_on: dict[int, range] = {}  # by moment: the free ones after it that are known
    for moment in wanted:
        row = moment
        if row in taken:
            free = going_on.get(moment, range(0))
            while row in taken:
                if not free:
                    free = _free_after(connection, row)
                row, free = free[0], free[1:]
            going_on[moment] = free
        taken.add(row)
        given.append(row)
    return given


def _free_after(connection: sqlite3.Connection, moment: int) -> range:
    """Free row numbers after one, found in a few steps though a whole import may be of a moment."""
    start, window = moment + 1, 1024
    while True:
        [[taken]] = connection.execute(
            "SELECT max(moment) FROM note WHERE moment >= ? AND moment < ?",
            (start, start + window),
        )
        if taken is None:
            return range(start, start + window)
        start, window = taken + 1, window * 8


def _json(value: list[Any]) -> str:
    return msgspec.json.encode(value).decode()


_INSERT_NOTES = """
    INSERT INTO note SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'),
        json_extract(value, '$[2]'), json_extract(value, '$[3]') FROM json_each(?)
"""
_INSERT_WORDS = """
    INSERT INTO words (rowid, quote, note, title, tags, facets)
    SELECT json_extract(value, '$[1]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
        json_extract(value, '$[6]'), json_extract(value, '$[7]'), json_extract(value, '$[8]')
    FROM json_each(?)
"""
_decode = msgspec.json.Decoder(_Searchable).decode
