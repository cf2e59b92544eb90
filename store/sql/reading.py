"""What is asked of one account, each as of one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, Row, ScalarSelect, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from store.answers import Changes, Cursor, Manifest
from store.apply import Run
from store.digest import SetDigest
from store.errors import ResyncRequired
from store.lost import last_first
from store.model import Annotation, Color, Lost, Page, encode
from store.page_key import page_key
from store.reading_order import reading_order
from store.runs import Runs
from store.sql.ids import is_id
from store.sql.rows import hashed
from store.sql.tables import account as accounts
from store.sql.tables import history, lost, note, run

_CHUNK = 500  # notes fetched at once where all are


def read_note(connection: Connection, account: str, id: str) -> Annotation | None:
    asked = select(note.c.record).where(note.c.account == account, note.c.id == id)
    record = connection.scalar(asked)
    return None if record is None else decode_note(record)


def read_notes(connection: Connection, account: str, ids: list[str]) -> list[Annotation]:
    """Notes of these ids, in their order."""
    asked = select(note.c.id, note.c.record)
    asked = asked.where(note.c.account == account, note.c.id == func.any(ids))
    records = dict(connection.execute(asked).all())
    return [decode_note(records[id]) for id in ids if id in records]


def read_page(connection: Connection, account: str, keys: Sequence[str]) -> list[Annotation]:
    """See `AnnotationStore.on_page`."""
    asked = list(dict.fromkeys(keys))
    while True:
        found = _of_pages(connection, account, asked)
        addresses = [n.canonical for n in found if n.canonical is not UNSET]
        aliases = {page_key(address) for address in addresses}
        if not (more := aliases.difference(asked)):
            return sorted(found, key=reading_order)
        asked += sorted(more)


def _of_pages(connection: Connection, account: str, keys: list[str]) -> list[Annotation]:
    numbers = [hashed(key) for key in keys]
    wanted = or_(
        and_(note.c.live, note.c.page == func.any(numbers)),
        and_(note.c.live, note.c.canonical == func.any(numbers)),
    )
    records = connection.scalars(
        select(note.c.record).where(note.c.account == account, note.c.live, wanted)
    )
    return [found for found in map(decode_note, records) if _is_of(found, keys)]


def _is_of(found: Annotation, keys: list[str]) -> bool:
    if found.page in keys:
        return True
    return found.canonical is not UNSET and page_key(found.canonical) in keys


def walk_live(connection: Connection, account: str) -> Iterator[Annotation]:
    """Every live note, page after page, fetched as it is walked."""
    records = (
        select(note.c.page, note.c.record)
        .where(note.c.account == account, note.c.live)
        .order_by(note.c.page)
        .execution_options(yield_per=_CHUNK)
    )
    for _, rows in groupby(connection.execute(records), key=lambda row: row.page):
        yield from sorted((decode_note(row.record) for row in rows), key=reading_order)


def read_changes(connection: Connection, account: str, since: Cursor | None, limit: int) -> Changes:
    """See `AnnotationStore.changes`."""
    state = _state(connection, account, since.seq if since else 0)
    start = 0
    if since is not None:
        _require_same_history(connection, account, since, state)
        start = since.seq
    rows: Sequence[Row[int, str]] = []
    if start < state.last:
        rows = connection.execute(
            select(note.c.rev, note.c.record)
            .where(note.c.account == account, note.c.rev > start)
            .order_by(note.c.rev)
            .limit(limit + 1)
        ).all()
    more = len(rows) > limit
    records = [row.record.encode() for row in rows[:limit]]
    if not more:
        cursor = Cursor(state.epoch, state.last, state.nonce)
        return Changes(records, cursor, more, state.live, state.digest)
    seq = rows[limit - 1].rev
    nonce = connection.scalar(select(_nonce_of(account, seq))) or NO_NONCE
    return Changes(records, Cursor(state.epoch, seq, nonce), more)


def read_cursor(connection: Connection, account: str) -> Cursor:
    """See `AnnotationStore.cursor`."""
    state = _state(connection, account, 0)
    return Cursor(state.epoch, state.last, state.nonce)


def read_manifest(connection: Connection, account: str) -> Manifest:
    """See `AnnotationStore.manifest`."""
    state = _state(connection, account, 0)
    asked = select(note.c.id, note.c.rev).where(note.c.account == account, note.c.live)
    versions = [(id, rev) for id, rev in connection.execute(asked.order_by(note.c.id))]
    return Manifest(versions, Cursor(state.epoch, state.last, state.nonce), state.digest)


def read_conflicts(connection: Connection, account: str) -> list[Annotation]:
    """See `AnnotationStore.conflicts`."""
    asked = select(note.c.record).where(note.c.account == account, note.c.live, note.c.conflict)
    copies = map(decode_note, connection.scalars(asked))
    return sorted(copies, key=lambda copy: (copy.created, copy.id))


def read_lost(connection: Connection, account: str, ids: Sequence[str] | None) -> list[Lost]:
    """See `AnnotationStore.lost`."""
    asked = select(lost.c.document).where(lost.c.account == account)
    if ids is not None:
        wanted = [id for id in set(ids) if is_id(id)]
        if not wanted:
            return []
        asked = asked.where(lost.c.id == func.any(wanted))
    return last_first(map(_decode_lost, connection.scalars(asked)))


def read_pages(connection: Connection, account: str) -> list[Page]:
    """See `AnnotationStore.pages`."""
    mine = note.c.account == account, note.c.live
    counted = select(note.c.page, note.c.color, func.count()).where(*mine)
    colors: dict[int, dict[Color, int]] = {}
    for page, color, count in connection.execute(counted.group_by(note.c.page, note.c.color)):
        colors.setdefault(page, {})[Color(color)] = count
    newest = (
        select(note.c.page, note.c.record)
        .ext(distinct_on(note.c.page))
        .where(*mine)
        .order_by(note.c.page, note.c.moment.desc(), note.c.rev.desc())
    )
    pages = []
    for page, record in connection.execute(newest):
        found, of = decode_note(record), colors[page]
        count = sum(of.values())
        pages.append(Page(found.page, found.url, found.title, count, of, found.updated))
    return sorted(pages, key=lambda page: page.updated, reverse=True)


def read_tags(connection: Connection, account: str) -> dict[str, int]:
    """See `AnnotationStore.tags`."""
    tag = func.unnest(note.c.tags).label("tag")
    each = select(tag).where(note.c.account == account, note.c.live).subquery()
    counted = select(each.c.tag, func.count()).group_by(each.c.tag)
    counts: dict[str, int] = dict(connection.execute(counted).all())
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def read_days(connection: Connection, account: str) -> dict[str, int]:
    """See `AnnotationStore.days`."""
    counted = select(note.c.day, func.count()).where(note.c.account == account, note.c.live)
    days = counted.group_by(note.c.day).order_by(note.c.day)
    counts: dict[str, int] = dict(connection.execute(days).all())
    return counts


def read_count(connection: Connection, account: str) -> int:
    """See `AnnotationStore.count`."""
    return connection.scalar(select(accounts.c.live).where(accounts.c.name == account)) or 0


# ----------------------------------------------------------------------------------------------

NO_NONCE = "0"  # of number 0, which nobody gave


class _State(msgspec.Struct):
    """Where an account has come to; `nonce` is of `last`, `nonce_since` of another number."""

    epoch: str
    last: int
    live: int
    digest: str
    nonce: str
    nonce_since: str


def _state(connection: Connection, account: str, since: int) -> _State:
    asked = (
        select(
            history.c.epoch,
            accounts.c.last,
            accounts.c.live,
            accounts.c.digest,
            _nonce_of(account, accounts.c.last),
            _nonce_of(account, since),
        )
        .select_from(history)
        .outerjoin(accounts, accounts.c.name == account)
    )
    epoch, last, live, digest, nonce, nonce_since = connection.execute(asked).one()
    return _State(
        epoch,
        last or 0,
        live or 0,
        digest or SetDigest().hexdigest(),
        nonce or NO_NONCE,
        nonce_since or NO_NONCE,
    )


def _nonce_of(account: str, seq: object) -> ScalarSelect[str]:
    """The nonce of the run that gave a number."""
    return (
        select(run.c.nonce)
        .where(run.c.account == account, run.c.first <= seq)
        .order_by(run.c.first.desc(), run.c.place.desc())
        .limit(1)
        .scalar_subquery()
    )


def _require_same_history(
    connection: Connection, account: str, cursor: Cursor, state: _State
) -> None:
    if cursor.epoch != state.epoch:
        why = "The server was restored from a backup since."
    elif cursor.seq > state.last:
        why = "The server has not come that far: its database was put back."
    elif cursor.nonce != state.nonce_since:
        why = "The server's database was put back, and went another way."
    else:
        return
    begun = select(run.c.nonce, run.c.first).where(run.c.account == account).order_by(run.c.place)
    documents = {str(n): encode(Run(*row)) for n, row in enumerate(connection.execute(begun))}
    common = Runs(documents).last_of(cursor.nonce, state.last)
    raise ResyncRequired(why, min(cursor.seq, common))


decode_note = msgspec.json.Decoder(Annotation).decode
_decode_lost = msgspec.json.Decoder(Lost).decode
