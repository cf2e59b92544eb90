"""Writers that wait for the disk together.

A flush costs the same for one record as for a hundred. So whoever comes first writes for all who
wait ("group commit", DeWitt et al., SIGMOD 1984; one thread doing the others' work while it holds
the lock is "flat combining", Hendler et al., SPAA 2010): while it is in the flush the next ones
gather, and one of them goes on. A writer sleeps on a lock of its own and is woken once, when its
write is done; were they all to queue for the one lock, each would have to be let through it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from store.errors import StoreError
from store.transaction import Transaction

GROUP = 256  # writes that share one flush at most


class Write:
    """One writer's turn: its work, and what became of it."""

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        self._work = work
        self.result: Any = None
        self.error: Exception | None = None
        self.done = False
        self.woken = threading.Lock()
        self.woken.acquire()

    def run(self, transaction: Transaction) -> None:
        """Do the work; what it raises becomes `error`."""
        try:
            self.result = self._work(transaction)
        except Exception as error:
            self.error = error

    def wake(self) -> None:
        """Have its writer look up. Only for whoever holds the queue's lock."""
        if self.woken.locked():
            self.woken.release()


class WriteQueue:
    """Hands batches of writes to `write_batch`, one at a time, on the threads that brought them."""

    def __init__(self, write_batch: Callable[[list[Write]], None]) -> None:
        self._write_batch = write_batch
        self._waiting: deque[Write] = deque()
        self._claims: deque[None] = deque()  # of those who want the lock for themselves
        self._lock = threading.Lock()
        self._crowded = False  # whether the last batch was of several

    def submit(self, write: Write) -> None:
        """Return when the write is done."""
        self._waiting.append(write)
        try:
            while not write.done:
                if not self._claims and self._lock.acquire(blocking=False):
                    try:
                        if not write.done:
                            self._write_waiting()
                    finally:
                        self._release()
                else:
                    write.woken.acquire()
        except BaseException:
            # Interrupted while asleep: nobody is left to take over should it be woken for that.
            with suppress(ValueError):
                self._waiting.remove(write)
            if self._lock.acquire(blocking=False):
                self._release()
            raise

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Nobody writes meanwhile; who comes, waits."""
        self._claims.append(None)
        try:
            self._lock.acquire()
        finally:
            self._claims.pop()
        try:
            yield
        finally:
            self._release()

    def _write_waiting(self) -> None:
        if self._crowded:
            time.sleep(0)  # those just served are about to come again: let them, then flush once
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP))]
        self._crowded = len(batch) > 1
        try:
            self._write_batch(batch)
        except BaseException as error:
            for write in batch:
                write.error = write.error or StoreError(f"The write was interrupted: {error!r}")
            raise
        finally:
            for write in batch:
                write.done = True
                write.wake()

    def _release(self) -> None:
        """Let go of the lock, and see to it that somebody takes it if anybody waits."""
        while True:
            passed_on = False
            with suppress(IndexError):
                self._waiting[0].wake()
                passed_on = True
            self._lock.release()
            # Who came between looking and letting go has gone to sleep: look again.
            if passed_on or not self._waiting or not self._lock.acquire(blocking=False):
                return
