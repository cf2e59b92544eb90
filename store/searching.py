"""Keeps the full-text indexes of a store's accounts up with its notes, and asks them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from store.answers import Sort
from store.errors import StoreError
from store.full_text import FullText, Hits, IndexDamaged, remove_all, remove_index
from store.indexes import CurrentIndexes
from store.journal import Change, JournalStorage
from store.query import Query

logger = logging.getLogger(__name__)

BEHIND = 2000  # changes after which catching up no longer waits for a search, but for a pause
FAR_BEHIND = 20_000  # changes after which it waits for nothing: a search should not take seconds
PAUSE = 0.5  # seconds in which nothing was written
_CHUNK = 1000  # notes a transaction: a fifth of a second at most until a close is heard
_REST = 4  # times as long as indexing a chunk took, while others write


class Searching:
    """The full-text indexes beside a storage, each opened when it is first asked.

    `epoch` answers the store's, which a restore changes.
    """

    def __init__(self, storage: JournalStorage, epoch: Callable[[], str]) -> None:
        self._storage = storage
        self._epoch = epoch
        self._folder = _folder(storage.path)
        self._opening = threading.Lock()
        self._accounts: dict[str, _Account] = {}
        if storage.foreign:
            # Whoever wrote the file gives no sequence numbers: a change could not be seen.
            remove_all(self._folder)

    def watch(self, account: str, indexes: CurrentIndexes) -> None:
        """Follow an account whose indexes were just made. Called with memory locked."""
        following = _Account(account, indexes)
        self._accounts[account] = following
        self._storage.watch(
            f"{account}/annotations", lambda changes: self._told(following, changes)
        )

    def find(self, account: str, query: Query, sort: Sort, limit: int, offset: int) -> Hits:
        """See `FullText.find`; everything written before the call is found."""
        following = self._accounts[account]
        full_text = self._opened(following)
        with full_text.lock:
            try:
                self._catch_up(following, full_text)
                return full_text.find(query, sort, limit, offset)
            except IndexDamaged as error:
                logger.warning("%s It is made anew.", error)
                self._begin_anew(following, full_text)
                return full_text.find(query, sort, limit, offset)

    def faulty(self, account: str) -> str | None:
        """What is wrong with an account's index, for `check`; None where nothing is."""
        following = self._accounts[account]
        full_text = self._opened(following)
        with full_text.lock:
            if not full_text.check():
                return "the file is damaged"
            with self._storage.reading:
                indexes = following.indexes.get()
                current = full_text.belongs_to(self._epoch(), indexes.sequence.last)
                behind = full_text.seq < indexes.sequence.last
                same = full_text.holds(indexes.digest.hexdigest())
            return None if behind or not current or same else "it does not hold these notes"

    def rebuild(self, account: str) -> None:
        """Throw an account's index away and make it anew."""
        following = self._accounts[account]
        full_text = self._opened(following)
        with full_text.lock:
            self._begin_anew(following, full_text)

    def forget(self, account: str) -> None:
        """Throw away what an account's index holds: the account is gone."""
        if account not in self._accounts:
            remove_index(self._folder, account)
            return
        following = self._accounts[account]
        full_text = self._opened(following)
        with full_text.lock:
            full_text.begin_anew(self._epoch())

    def close(self) -> None:
        """Stop catching up, and close the files."""
        for following in list(self._accounts.values()):
            following.closing.set()
            if following.thread is not None:
                following.thread.join()
            if following.full_text is not None:
                following.full_text.close()

    def _opened(self, following: _Account) -> FullText:
        with self._opening:
            if following.closing.is_set():
                raise StoreError(f"{self._storage.path} is closed.")
            if following.full_text is None:
                following.full_text = FullText(self._folder, following.name)
            return following.full_text

    def _told(self, following: _Account, changes: list[Change]) -> None:
        following.pending += len(changes)
        following.told = time.monotonic()
        if following.pending < BEHIND or following.catching_up:
            return
        following.catching_up = True
        following.thread = threading.Thread(
            target=self._catch_up_aside, args=(following,), name="postil-indexing", daemon=True
        )
        following.thread.start()

    def _catch_up_aside(self, following: _Account) -> None:
        """Once nobody writes, or else a little at a time: to index a note takes longer than to
        write it, and would slow down whoever writes many."""
        try:
            self._wait_for_pause(following)
            following.pending = 0
            full_text = self._opened(following)
            done = False
            while not done and not following.closing.is_set():
                begun = time.monotonic()
                with full_text.lock:
                    done = self._index_some(following, full_text)
                now = time.monotonic()
                if not done and now < following.told + PAUSE:
                    following.closing.wait(_REST * (now - begun))
        except StoreError as error:
            if not following.closing.is_set():
                logger.warning("Search has to catch up later: %s", error)
        finally:
            following.catching_up = False

    def _wait_for_pause(self, following: _Account) -> None:
        while (rest := following.told + PAUSE - time.monotonic()) > 0:
            if following.pending >= FAR_BEHIND or following.closing.wait(rest):
                return

    def _catch_up(self, following: _Account, full_text: FullText) -> None:
        while not following.closing.is_set() and not self._index_some(following, full_text):
            pass

    def _index_some(self, following: _Account, full_text: FullText) -> bool:
        """Index a chunk of what changed; whether that was the last."""
        table = f"{following.name}/annotations"
        with self._storage.reading:
            indexes = following.indexes.get()
            same_history = full_text.belongs_to(self._epoch(), indexes.sequence.last)
            found = indexes.sequence.after(full_text.seq, _CHUNK) if same_history else []
            notes = self._storage.tables.get(table, {})
            documents = [(id, notes[id]) for _, id in found]
            seq = found[-1][0] if len(found) == _CHUNK else indexes.sequence.last
            digest = indexes.digest.hexdigest()
        if not same_history:
            self._begin_anew(following, full_text)
            return False
        if seq > full_text.seq:
            full_text.put(documents, seq)
        if len(found) == _CHUNK:
            return False
        if not full_text.holds(digest):
            self._begin_anew(following, full_text)
        return True

    def _begin_anew(self, following: _Account, full_text: FullText) -> None:
        full_text.begin_anew(self._epoch())
        with self._storage.reading:
            last = following.indexes.get().sequence.last
            documents = dict(self._storage.tables.get(f"{following.name}/annotations", {}))
        walk = iter(documents.items())
        while (chunk := list(islice(walk, _CHUNK))) and not following.closing.is_set():
            full_text.put(chunk, 0)
        if not following.closing.is_set():
            full_text.put([], last)


class _Account:
    """What is known of an account here."""

    def __init__(self, name: str, indexes: CurrentIndexes) -> None:
        self.name = name
        self.indexes = indexes
        self.full_text: FullText | None = None
        self.pending = 0  # changes since it was last caught up aside
        self.catching_up = False  # aside
        self.told = 0.0  # when there was one, by time.monotonic
        self.thread: threading.Thread | None = None
        self.closing = threading.Event()


def _folder(path: Path) -> Path:
    return path.with_name(path.name + ".search")
