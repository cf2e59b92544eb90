"""The store for many readers: PostgreSQL, which several server processes may share.

What each account holds stands behind a wall of its own (`store.sql.walls`); that changes come in
the order of their numbers is the doing of `store.sql.writing`; `store.sql.tables` says what is kept
where. Reads are each of one moment (`REPEATABLE READ`), which in PostgreSQL locks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.exc import DBAPIError

from store.answers import (
    Backup,
    Changes,
    Cursor,
    Found,
    Manifest,
    Report,
    Sort,
    TrashPage,
    search_offset,
)
from store.base import AnnotationStore
from store.model import Annotation, Lost, Operation, Page, Result
from store.query import Query
from store.sql import reading
from store.sql.admission import SqlAdmission
from store.sql.care import back_up, begin_history, put_back
from store.sql.checking import check_all
from store.sql.database import Database
from store.sql.ids import is_id
from store.sql.moving import require_moved
from store.sql.news import News
from store.sql.opening import open_tables
from store.sql.searching import find
from store.sql.tables import counter, history, lost, trash
from store.sql.trash import read_trash
from store.sql.writing import apply, observe

T = TypeVar("T")


class SqlStore(SqlAdmission, AnnotationStore):
    """See `AnnotationStore` for what it promises.

    Where the database is away, every call raises `StoreUnavailable` and goes well again once it is
    back. A write that is cut off while it is being committed may have happened although it raises:
    sent again, counted operations are replays.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        try:
            open_tables(self._database)
            require_moved(self._database)
        except BaseException:
            self._database.close()
            raise
        self._news = News(self._database)

    # Notes ------------------------------------------------------------------------------------

    def apply(self, account: str, device: str, operations: Sequence[Operation]) -> list[Result]:
        if not operations:
            return []
        results, changed = self._database.write(
            account, lambda connection: apply(connection, account, device, operations)
        )
        if changed:
            self._news.tell(account)
        return results

    def counter(self, account: str, device: str) -> int:
        mine = counter.c.account == account, counter.c.device == device
        return self._read(account, lambda c: c.scalar(select(counter.c.op).where(*mine))) or 0

    def get(self, account: str, id: str) -> Annotation | None:
        if not is_id(id):
            return None
        return self._read(account, lambda c: reading.read_note(c, account, id))

    def on_page(self, account: str, keys: Sequence[str]) -> list[Annotation]:
        return self._read(account, lambda c: reading.read_page(c, account, keys))

    def live(self, account: str) -> Iterator[Annotation]:
        walk = self._walk(account)
        next(walk)  # the moment is that of the call
        return (found for found in walk if found is not None)

    def changes(self, account: str, since: Cursor | None, limit: int) -> Changes:
        return self._read(account, lambda c: reading.read_changes(c, account, since, limit))

    def cursor(self, account: str) -> Cursor:
        return self._read(account, lambda c: reading.read_cursor(c, account))

    def wait(self, account: str, since: Cursor, seconds: float) -> bool:
        def is_news() -> bool:
            now = self.cursor(account)
            return (now.seq, now.epoch) != (since.seq, since.epoch)

        return self._news.wait(account, is_news, seconds)

    def manifest(self, account: str) -> Manifest:
        return self._read(account, lambda c: reading.read_manifest(c, account))

    def search(
        self,
        account: str,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Found:
        offset = search_offset(cursor)

        def work(connection: Connection) -> Found:
            hits = find(connection, account, query, sort, limit, offset)
            found = reading.read_notes(connection, account, hits.ids)
            shown = offset + limit
            return Found(found, hits.total, str(shown) if shown < hits.total else None)

        return self._read(account, work)

    def conflicts(self, account: str) -> list[Annotation]:
        return self._read(account, lambda c: reading.read_conflicts(c, account))

    def pages(self, account: str) -> list[Page]:
        return self._read(account, lambda c: reading.read_pages(c, account))

    def tags(self, account: str) -> dict[str, int]:
        return self._read(account, lambda c: reading.read_tags(c, account))

    def days(self, account: str) -> dict[str, int]:
        return self._read(account, lambda c: reading.read_days(c, account))

    def count(self, account: str) -> int:
        return self._read(account, lambda c: reading.read_count(c, account))

    def epoch(self) -> str:
        epoch: str = self._database.ask(lambda c: c.execute(_EPOCH).scalar_one())
        return epoch

    # What browsers saw ------------------------------------------------------------------------

    def observe(self, account: str, device: str, lost: Sequence[str], found: Sequence[str]) -> None:
        lost, found = list(filter(is_id, lost)), list(filter(is_id, found))
        if lost or found:
            self._database.write(account, lambda c: observe(c, account, device, lost, found))

    def lost(self, account: str, ids: Sequence[str] | None = None) -> list[Lost]:
        return self._read(account, lambda c: reading.read_lost(c, account, ids))

    def count_lost(self, account: str) -> int:
        counted = select(func.count()).select_from(lost).where(lost.c.account == account)
        return self._read(account, lambda c: c.scalar(counted)) or 0

    # Trash ------------------------------------------------------------------------------------

    def trash(self, account: str, limit: int = 100, cursor: str | None = None) -> TrashPage:
        return self._read(account, lambda c: read_trash(c, account, limit, cursor))

    def empty_trash(self, account: str, before: str | None = None) -> int:
        old = delete(trash).where(trash.c.account == account)
        if before is not None:
            old = old.where(trash.c.at < before)
        return self._database.write(account, lambda c: c.execute(old).rowcount)

    # Care -------------------------------------------------------------------------------------

    def backup(self, path: Path) -> Backup:
        return self._database.read_all(lambda c: back_up(c, path))

    def restore(self, path: Path, keep: Path) -> Backup:
        read = self._database.write_all(lambda c: put_back(c, path, keep))
        self._news.tell(None)
        return read

    def begin_history(self) -> str:
        epoch = self._database.write_all(begin_history)
        self._news.tell(None)
        return epoch

    def check(self, *, repair: bool = False) -> Report:
        return check_all(self._database, repair=repair)

    # Life -------------------------------------------------------------------------------------

    def close(self) -> None:
        self._news.close()
        self._database.close()

    # ------------------------------------------------------------------------------------------

    def _read(self, account: str, work: Callable[[Connection], T]) -> T:
        return self._database.read(account, work)

    def _walk(self, account: str) -> Iterator[Annotation | None]:
        with self._database.snapshot() as connection, connection.begin():
            try:
                self._database.stand_behind_the_wall(connection, account)
                connection.execute(_EPOCH)  # a snapshot is taken by a look
                yield None
                yield from reading.walk_live(connection, account)
            except DBAPIError as error:
                raise self._database.explain(error) from error


_EPOCH = select(history.c.epoch)
