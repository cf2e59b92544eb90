"""The database, and the only ways to it: transactions of one account, or of the whole store.

A transaction of an account stands behind the wall: it takes a role that sees that account's rows
and no others, whatever is asked (see `store.sql.walls`).

What passes by itself is tried again: a deadlock, a serialization failure, a connection that had
died while nobody used it. A write whose connection breaks while it is being committed is not: it
may have happened, and only the device that sent it can tell, by sending the same operations again.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from store.errors import StoreError, StoreFull, StoreUnavailable, StoreUnwritable

T = TypeVar("T")
Work = Callable[[Connection], T]

CONNECTIONS = 8  # kept open: as many threads as work at once
_RUSH = 24  # more, while they are needed
_WAIT = 10  # seconds until one is free, and until a new one stands
_TRIES = 6


class Database:
    """A pool of connections to a database. `Work` may be run more than once: it must do nothing
    that is not undone with its transaction."""

    def __init__(self, url: str) -> None:
        self.url = _read(url)
        self._engine = create_engine(
            self.url,
            pool_size=CONNECTIONS,
            max_overflow=_RUSH,
            pool_timeout=_WAIT,
            pool_use_lifo=True,
            isolation_level="READ COMMITTED",  # whatever the database's own default is
            connect_args={"connect_timeout": _WAIT, "application_name": "postil"},
        )
        self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._closed = threading.Event()
        self.role = ""
        """The role that stands behind the wall; see `store.sql.walls`."""

    @property
    def name(self) -> str:
        """What it is called in sentences: never with a password."""
        return self.url.set(drivername="postgresql").render_as_string()

    @property
    def conninfo(self) -> str:
        """The same for psycopg itself, password and all."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def read(self, account: str, work: Work[T]) -> T:
        """Look at one account, as of one moment."""
        return self._tried(lambda: self._run(self.snapshot(), work, account))

    def write(self, account: str, work: Work[T]) -> T:
        """Change one account. Each statement sees what was committed before it."""
        return self._tried(lambda: self._run(self._connect(self._engine), work, account))

    def read_all(self, work: Work[T]) -> T:
        """Look at the whole store, as of one moment."""
        return self._tried(lambda: self._run(self.snapshot(), work))

    def ask(self, work: Work[T]) -> T:
        """Look at the whole store by one statement, which needs no transaction around it."""
        return self._tried(lambda: self._run(self._connect(self._single), work))

    def write_all(self, work: Work[T]) -> T:
        """Change what belongs to the whole store."""
        return self._tried(lambda: self._run(self._connect(self._engine), work))

    def snapshot(self) -> Connection:
        """A connection whose next transaction sees one moment. Its caller closes it."""
        return self._connect(self._snapshots)

    def stand_behind_the_wall(self, connection: Connection, account: str) -> None:
        """Let a transaction see and write the rows of one account alone, until it ends."""
        connection.execute(
            select(
                func.set_config("postil.account", account, True),
                func.set_config("role", self.role, True),
            )
        )

    def explain(self, error: DBAPIError) -> Exception:
        """What to raise for what the database said."""
        state = _state(error)
        said = str(error.orig).strip().partition("\n")[0]
        if state == "53100":
            return StoreFull(f"The disk of the database {self.name} is full: {said}.")
        if state in ("25006", "42501"):
            return StoreUnwritable(f"The database {self.name} refuses this: {said}.")
        if _is_away(error):
            return StoreUnavailable(f"The database {self.name} cannot be reached: {said}")
        return error

    def close(self) -> None:
        self._closed.set()
        self._engine.dispose()

    # ------------------------------------------------------------------------------------------

    def _connect(self, engine: Engine) -> Connection:
        if self._closed.is_set():
            raise StoreError(f"The store {self.name} is closed.")
        try:
            return engine.connect()
        except PoolTimeout:
            raise StoreUnavailable(
                f"All {CONNECTIONS + _RUSH} connections to {self.name} are in use."
            ) from None

    def _run(self, connection: Connection, work: Work[T], account: str | None = None) -> T:
        with connection:
            transaction = connection.begin()
            try:
                if account is not None:
                    self.stand_behind_the_wall(connection, account)
                result = work(connection)
            except BaseException:
                transaction.rollback()
                raise
            try:
                transaction.commit()
            except DBAPIError as error:
                if _is_away(error):
                    raise StoreUnavailable(
                        f"The database {self.name} went away in the middle: send the same again."
                    ) from error
                raise
            return result

    def _tried(self, once: Callable[[], T]) -> T:
        left = _TRIES
        while True:
            try:
                return once()
            except DBAPIError as error:
                left -= 1
                if left == 0 or not _passes(error):
                    explained = self.explain(error)
                    if explained is error:
                        raise
                    raise explained from error
            # A little, and not all at once.
            self._closed.wait(random.uniform(0, 0.02) * (_TRIES - left))  # noqa: S311  # no secret


def _read(url: str) -> URL:
    try:
        read = make_url(url)
    except (ArgumentError, ValueError):
        read = None
    if read is None or not read.database:
        raise StoreError(
            "This is not the address of a database; write it like "
            "postgresql://user:password@host/database."
        )
    return read.set(drivername="postgresql+psycopg")


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _passes(error: DBAPIError) -> bool:
    """Whether the same may go well the next time: what died of age, or of two at once."""
    return _state(error) in ("40001", "40P01") or error.connection_invalidated


def _is_away(error: DBAPIError) -> bool:
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = _state(error)
    # 57P0x: it stops or starts; 53300: it has no room for one more; 08: the line broke.
    return not state or state[:2] == "08" or state[:3] == "57P" or state == "53300"
