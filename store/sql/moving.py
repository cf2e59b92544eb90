"""A database as one end of a move: see `store.moving`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from store.backup import Documents
from store.errors import StoreError, StoreLocked
from store.moving import Told, fingerprint, names_in
from store.sql.as_tables import (
    empty_all,
    epoch_in,
    fill_account,
    fill_store,
    forget_account,
    tables_in,
)
from store.sql.database import Database
from store.sql.opening import open_tables
from store.sql.tables import account as accounts
from store.sql.tables import device, moving


def require_moved(database: Database) -> None:
    """Refuse a database that another store has only half moved into."""
    if database.read_all(lambda c: c.scalar(select(moving.c.epoch))) is not None:
        raise StoreError(
            f"A move into {database.name} was not finished. Run the same `postil migrate` again."
        )


class SqlHouse:
    """See `store.moving.House`."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        try:
            self._require_alone()
            open_tables(self._database)
        except BaseException:
            self._database.close()
            raise

    def documents(self) -> AbstractContextManager[Documents]:
        return self._documents()

    def holds(self) -> str | None:
        def work(connection: Connection) -> str | None:
            if connection.scalar(select(moving.c.epoch)) is not None:
                return None  # it was being moved into
            named = select(accounts.c.name).where(accounts.c.kept).order_by(accounts.c.name)
            names = connection.scalars(named.limit(5)).all()
            if names:
                return f"accounts {', '.join(names)}"
            return "devices" if connection.scalar(select(device.c.id).limit(1)) else None

        return self._database.read_all(work)

    def take(self, sent: Documents, told: Told) -> None:
        epoch = epoch_in(sent)
        self._database.write_all(lambda connection: self._begin(connection, epoch))
        names = names_in(sent)
        for name in self._database.read_all(_every_name):
            if name not in names:
                self._forget(name)
        for name in names:
            self._move(name, sent)
            told(name, len(sent.get(f"{name}/annotations", {})))
        self._database.write_all(lambda connection: self._end(connection, sent))

    def close(self) -> None:
        self._database.close()

    # ------------------------------------------------------------------------------------------

    @contextmanager
    def _documents(self) -> Iterator[Documents]:
        try:
            with self._database.snapshot() as connection, connection.begin():
                yield tables_in(connection)
        except DBAPIError as error:
            raise self._database.explain(error) from error

    def _require_alone(self) -> None:
        others = self._database.read_all(lambda connection: connection.scalar(text(_OTHERS)))
        if others:
            raise StoreLocked(
                f"A server has {self._database.name} open: stop it first, or what it writes "
                "meanwhile would be left behind."
            )

    def _begin(self, connection: Connection, epoch: str) -> None:
        begun = connection.scalar(select(moving.c.epoch))
        if begun == epoch:
            return  # and was cut off: what is there already stays
        empty_all(connection)
        connection.execute(delete(moving))
        connection.execute(insert(moving).values(epoch=epoch))

    def _forget(self, name: str) -> None:
        self._database.write_all(lambda connection: forget_account(connection, name))

    def _move(self, name: str, sent: Documents) -> None:
        def work(connection: Connection) -> None:
            there = select(accounts.c.name).where(accounts.c.name == name)
            if connection.scalar(there) is not None:
                if fingerprint(tables_in(connection), name) == fingerprint(sent, name):
                    return
                forget_account(connection, name)
            fill_account(connection, name, sent)

        self._database.write_all(work)

    def _end(self, connection: Connection, sent: Documents) -> None:
        connection.execute(delete(device))
        fill_store(connection, sent)
        connection.execute(delete(moving))


def _every_name(connection: Connection) -> list[str]:
    return list(connection.scalars(select(accounts.c.name)))


_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'postil'
        AND pid <> pg_backend_pid()
"""
