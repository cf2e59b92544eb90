"""Search in the database: it finds what `store.full_text` finds, in the same order.

The index is asked for notes that have all the lexemes (see `store.sql.lexemes`); what it cannot
tell, such as in which order words stand, is read in the words of those. Relevance is the same BM25
that SQLite reckons, over the newest 5,000 matches.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    cast,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from store.answers import Sort
from store.clock import microseconds
from store.full_text import RANKED, Hits
from store.query import Query, Text
from store.sql.lexemes import (
    MANY,
    WEIGHTS,
    facets_of,
    is_one_lexeme,
    lexemes_of,
    passage_of,
    words_of,
)
from store.sql.tables import account as account_table
from store.sql.tables import searchable


def find(
    connection: Connection, account: str, query: Query, sort: Sort, limit: int, offset: int
) -> Hits:
    """What matches, from `offset` on."""
    wanted = _Wanted(account, query)
    if wanted.impossible:
        return Hits([], 0)
    if sort is Sort.RELEVANCE and query.wanted.texts:
        return _by_relevance(connection, wanted, limit, offset)
    oldest_first = sort is Sort.OLDEST
    ids = _by_age(connection, wanted, limit, offset, oldest_first=oldest_first)
    return Hits(ids, _total(connection, wanted))


class _Wanted:
    """What a query asks of the rows of `searchable`."""

    def __init__(self, account: str, query: Query) -> None:
        self.account = account
        self.texts = query.wanted.texts
        asked = [lexemes_of(account, text) for text in self.texts if words_of(text.words)]
        asked += facets_of(account, query.wanted)
        conditions: list[ColumnElement[bool]] = [searchable.c.account == account]
        if asked:
            conditions.append(_among(" & ".join(asked)))
        conditions += [_reads(text) for text in self.texts]
        conditions += [not_(_holds(account, text)) for text in query.unwanted.texts]
        if refused := facets_of(account, query.unwanted):
            conditions.append(not_(_has(" | ".join(refused))))
        if query.after is not None:
            conditions.append(searchable.c.moment >= microseconds(query.after))
        if query.before is not None:
            conditions.append(searchable.c.moment < microseconds(query.before))
        self.conditions = conditions
        self.impossible = any(not words_of(text.words) for text in self.texts)


def _has(lexemes: str) -> ColumnElement[bool]:
    return searchable.c.lexemes.op("@@", is_comparison=True)(cast(lexemes, TSQUERY))


def _among(lexemes: str) -> ColumnElement[bool]:
    """As `_has`, asked of the index."""
    return searchable.c.id.in_(select(func.matching(cast(lexemes, TSQUERY))))


def _stands(text: Text) -> ColumnElement[bool]:
    return func.strpos(searchable.c.words, passage_of(text)) > 0


def _reads(text: Text) -> ColumnElement[bool]:
    """What is left to see in a row that has the lexemes of this text."""
    if is_one_lexeme(text):
        return or_(searchable.c.length <= MANY, _stands(text))
    return _stands(text)


def _holds(account: str, text: Text) -> ColumnElement[bool]:
    """Whether this text is in a row."""
    if not words_of(text.words):
        return not_(true())
    return and_(_has(lexemes_of(account, text)), _reads(text))


def _by_age(
    connection: Connection, wanted: _Wanted, limit: int, offset: int, *, oldest_first: bool
) -> list[str]:
    age = (searchable.c.moment, searchable.c.rev)
    order = [one if oldest_first else one.desc() for one in age]
    asked = select(searchable.c.id).where(*wanted.conditions).order_by(*order)
    return list(connection.scalars(asked.limit(limit).offset(offset)))


def _total(connection: Connection, wanted: _Wanted) -> int:
    return connection.scalar(select(func.count()).where(*wanted.conditions)) or 0


def _by_relevance(connection: Connection, wanted: _Wanted, limit: int, offset: int) -> Hits:
    columns = searchable.c.id, searchable.c.length, searchable.c.words
    newest = (
        select(*columns)
        .where(*wanted.conditions)
        .order_by(searchable.c.moment.desc(), searchable.c.rev.desc())
        .limit(RANKED)
    )
    rows = connection.execute(newest).all()
    total = len(rows) if len(rows) < RANKED else _total(connection, wanted)
    ids = _ranked(connection, wanted, rows)[offset : offset + limit]
    if len(ids) < limit and total > RANKED:
        skipped = max(offset, RANKED)
        ids += _by_age(connection, wanted, limit - len(ids), skipped, oldest_first=False)
    return Hits(ids, total)


def _ranked(
    connection: Connection, wanted: _Wanted, rows: Sequence[Row[str, int, str]]
) -> list[str]:
    """Ids, the best first; of equal ones the newest, as `rows` come."""
    if not rows:
        return []
    known = account_table.c
    holding = [_count_of(wanted.account, text).scalar_subquery() for text in wanted.texts]
    whole = select(known.live, known.length, *holding).where(known.name == wanted.account)
    notes, length, *held = connection.execute(whole).one()
    average = length / notes
    weights = [_rarity(notes, count) for count in held]
    passages = [passage_of(text) for text in wanted.texts]
    scored = []
    for row in rows:
        fields = row.words.split("\n")
        norm = _K1 * (1 - _B + _B * row.length / average)
        score = 0.0
        for weight, passage in zip(weights, passages, strict=True):
            often = sum(
                each * _occurrences(field, passage)
                for each, field in zip(WEIGHTS, fields, strict=True)
            )
            # In SQLite's order, to the last digit: so equal scores are equal there and here.
            score += weight * ((often * (_K1 + 1)) / (often + norm))
        scored.append((score, row.id))
    return [id for _, id in sorted(scored, key=lambda hit: -hit[0])]


_K1, _B = 1.2, 0.75


def _count_of(account: str, text: Text) -> Select[int]:
    held = [searchable.c.account == account, _among(lexemes_of(account, text)), _reads(text)]
    return select(func.count()).where(*held)


def _rarity(notes: int, holding: int) -> float:
    rarity = math.log((notes - holding + 0.5) / (holding + 0.5))
    return rarity if rarity > 0 else 1e-6


def _occurrences(field: str, passage: str) -> int:
    found, at = 0, field.find(passage)
    while at >= 0:
        found += 1
        at = field.find(passage, at + 1)
    return found
