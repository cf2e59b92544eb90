"""Requests that wait for news (*long polls*), so that a change shows elsewhere at once.

Each holds one of the server's threads, so only so many may wait; one more is answered at once and
asks again as often as it would have done without waiting. Whoever hung up no longer waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from store.answers import Cursor
from store.base import AnnotationStore

MOST_SECONDS = 30
PLACES = 24

_GLANCE = 1.0  # seconds between looks whether somebody is still there


class Waiting:
    """The requests of one server that wait."""

    def __init__(self, store: AnnotationStore, places: int = PLACES) -> None:
        self._store = store
        self._places = threading.BoundedSemaphore(places)
        self._counting = threading.Lock()
        self._ended = False
        self.count = 0
        """How many wait now."""

    def end(self) -> None:
        """Let nobody wait any more: the server stops."""
        self._ended = True

    def for_news(
        self, account: str, since: Cursor, seconds: float, gone: Callable[[], bool]
    ) -> None:
        """Return when something is after `since`, when `gone` says so, or after so many seconds."""
        if not self._places.acquire(blocking=False):
            return
        try:
            self._add(1)
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0 and not (self._ended or gone()):
                if self._store.wait(account, since, min(left, _GLANCE)):
                    return
        finally:
            self._add(-1)
            self._places.release()

    def _add(self, one: int) -> None:
        with self._counting:
            self.count += one
