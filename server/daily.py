"""What the server does by itself, once a day: a backup, and emptying the trash of what is old.

A thread looks every quarter of an hour whether it is time, by the clock on the wall: a laptop
sleeps. Whatever fails is logged, and tried again the next time; it never disturbs serving.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.backups import list_daily, name_daily, prepare_folder, worth_keeping
from server.config import Config
from store.base import TRASH_DAYS, AnnotationStore
from store.clock import timestamp
from store.errors import StoreError
from store.model import encode

LOG = logging.getLogger("postil")

LOOK_EVERY = 15 * 60  # seconds
DAY = timedelta(days=1)


class DailyRound:
    """The round of one store. `once` may be called at any time, from any thread."""

    def __init__(self, store: AnnotationStore, config: Config) -> None:
        self._store = store
        self._folder = config.backups_folder
        self._backups = config.backups
        self._running = threading.Lock()

    def once(self, now: datetime) -> None:
        """Do what is due at `now`. Does nothing while another call is at it."""
        if not self._running.acquire(blocking=False):
            return
        try:
            if self._backups:
                _try("daily backup", lambda: self._back_up(now))
            _try("emptying the trash", lambda: self._empty_trash(now))
        finally:
            self._running.release()

    def _back_up(self, now: datetime) -> None:
        # What a clock that ran ahead has dated later says nothing.
        there = [daily for daily in list_daily(self._folder) if daily.made <= now]
        if there and now - there[-1].made < DAY:
            return
        fingerprint = fingerprint_of(self._store)
        if there and there[-1].fingerprint == fingerprint:
            return
        if not there and not any(map(self._store.count, self._store.accounts())):
            return
        folder = prepare_folder(self._folder)
        for left in folder.glob("notes-*.part"):
            left.unlink()  # a backup that a power cut ended
        made = self._store.backup(folder / name_daily(now, fingerprint))
        LOG.info("Backed up %d notes to %s.", made.annotations, made.path)
        _rotate(folder)

    def _empty_trash(self, now: datetime) -> None:
        before = timestamp(now - timedelta(days=TRASH_DAYS))
        for account in self._store.accounts():
            if gone := self._store.empty_trash(account, before):
                LOG.info("%d notes of `%s` left the trash for good.", gone, account)


class Daily:
    """The thread that goes the round until it is stopped."""

    def __init__(
        self, round: DailyRound, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._round = round
        self._now = now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name="postil-daily", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it; a backup that is being written is finished first."""
        self._stop.set()
        self._thread.join()

    def _go(self) -> None:
        while not self._stop.is_set():
            self._round.once(self._now())
            self._stop.wait(LOOK_EVERY)


def fingerprint_of(store: AnnotationStore) -> str:
    """A few digits that change with anything worth a backup: not with when a device was seen."""
    said = hashlib.sha256(store.epoch().encode())
    for account in store.accounts():
        trash = store.trash(account, 1)
        devices = [(one.id, one.name, one.token_hash) for one in store.devices(account)]
        newest = [one.at for one in trash.trashed]
        state = (account, str(store.cursor(account)), trash.total, newest, devices)
        said.update(encode(state))
    return said.hexdigest()[:8]


def _rotate(folder: Path) -> None:
    there = list_daily(folder)
    kept = worth_keeping(daily.made for daily in there)
    for daily in there:
        if daily.made not in kept:
            daily.path.unlink()


def _try(what: str, work: Callable[[], None]) -> None:
    try:
        work()
    except (StoreError, OSError) as error:
        LOG.warning("The %s has to wait: %s", what, error)
    except Exception:
        LOG.exception("The %s failed", what)
