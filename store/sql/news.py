"""Telling those who wait that something changed, in this process and in all others.

Every process listens on one channel. Who has written tells its own at once, and the others by
`NOTIFY`, from a thread of its own and after the commit: PostgreSQL commits transactions that notify
one after the other, whomever they are of, and a writer should not wait for that. Several changes
make one message. A message that is lost (the process was killed right then) costs those who wait
until they look again by themselves, which is soon: see `server.waiting`.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable

import psycopg
from sqlalchemy import Connection, text

from store.errors import StoreError
from store.sql.database import Database

logger = logging.getLogger(__name__)

_EVERYBODY = "*"
_LOOK = 5.0  # seconds until a listener looks whether it is to end, should nothing tell it
_AGAIN = 1.0  # seconds until a lost connection is sought anew


class News:
    """What one process hears and tells."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._me = secrets.token_hex(8)
        self._changed = threading.Condition()  # of everything below
        self._heard: dict[str, int] = {}  # how many messages there were, by account
        self._untold: set[str] = set()
        self._threads: dict[str, threading.Thread] = {}
        self._ending = threading.Event()

    def tell(self, account: str | None) -> None:
        """Something of an account was committed, or of all (None)."""
        name = _EVERYBODY if account is None else _named(account)
        with self._changed:
            self._hear(name)
            self._untold.add(name)
            self._changed.notify_all()
        self._see_to("postil-telling", self._tell_others)

    def wait(self, account: str, is_news: Callable[[], bool], seconds: float) -> bool:
        """Wait until `is_news`, which is asked now and after each message; False after so many
        seconds. True once this ends."""
        self._see_to("postil-listening", self._listen)
        end = time.monotonic() + seconds
        names = (_named(account), _EVERYBODY)
        while not self._ending.is_set():
            with self._changed:
                before = self._messages(names)
            if is_news():
                return True
            with self._changed:
                while self._messages(names) == before and not self._ending.is_set():
                    left = end - time.monotonic()
                    if left <= 0:
                        return False
                    self._changed.wait(left)
        return True

    def close(self) -> None:
        """End every wait, and both threads."""
        with self._changed:
            self._ending.set()
            self._changed.notify_all()
            threads = list(self._threads.values())
        if "postil-listening" in self._threads:
            self._send([self._me])
        for thread in threads:
            thread.join()

    # ------------------------------------------------------------------------------------------

    def _see_to(self, name: str, work: Callable[[], None]) -> None:
        """Start a thread at its first use."""
        if name in self._threads:
            return
        with self._changed:
            if name not in self._threads and not self._ending.is_set():
                self._threads[name] = threading.Thread(target=work, name=name, daemon=True)
                self._threads[name].start()

    def _hear(self, name: str) -> None:
        self._heard[name] = self._heard.get(name, 0) + 1

    def _messages(self, names: tuple[str, ...]) -> int:
        return sum(self._heard.get(name, 0) for name in names)

    def _tell_others(self) -> None:
        while not self._ending.is_set():
            with self._changed:
                while not self._untold and not self._ending.is_set():
                    self._changed.wait()
                telling, self._untold = self._untold, set()
            if telling:
                self._send(sorted(telling))

    def _send(self, names: list[str]) -> None:
        def work(connection: Connection) -> None:
            # Nothing is kept, so nothing has to reach the disk.
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            connection.execute(_NOTIFY, {"names": names})

        try:
            self._database.write_all(work)
        except StoreError as error:
            logger.warning("Others were not told of a change: %s", error)

    def _listen(self) -> None:
        while not self._ending.is_set():
            try:
                self._hear_others()
            except psycopg.Error as error:
                if not self._ending.is_set():
                    logger.warning("Changes elsewhere are not heard of just now: %s", error)
                    self._ending.wait(_AGAIN)

    def _hear_others(self) -> None:
        conninfo = self._database.conninfo
        with psycopg.connect(conninfo, autocommit=True, application_name="postil") as connection:
            connection.execute("LISTEN postil")
            with self._changed:
                self._hear(_EVERYBODY)  # what was told while nobody listened
                self._changed.notify_all()
            while not self._ending.is_set():
                for message in connection.notifies(timeout=_LOOK):
                    with self._changed:
                        self._hear(message.payload)
                        self._changed.notify_all()
                    if self._ending.is_set():
                        return


_NOTIFY = text("SELECT pg_notify('postil', name) FROM unnest(CAST(:names AS text[])) AS name")


def _named(account: str) -> str:
    """A message holds 8,000 bytes, and a name might be longer."""
    return hashlib.blake2b(account.encode(), digest_size=8).hexdigest()
