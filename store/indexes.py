"""What turns look-ups into O(result): an account's notes by page, by sequence, by tag, by day.

All of it is derived: built when an account is first asked for, brought up to date when somebody
looks, and never written to disk.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from store.collection import collection_paused
from store.digest import SetDigest
from store.journal import Change
from store.page_key import page_key
from store.sequence import SequenceIndex
from store.summaries import PageSummaries


class KeyIndex:
    """Key -> ids that have it, in the order they got it."""

    def __init__(self) -> None:
        self._ids: dict[Hashable, dict[str, None]] = {}

    def __getitem__(self, key: Hashable) -> list[str]:
        return list(self._ids.get(key, ()))

    def add(self, key: Hashable, id: str) -> None:
        self._ids.setdefault(key, {})[id] = None

    def remove(self, key: Hashable, id: str) -> None:
        """Removing what is not there is nothing: an edited file may have a tag twice."""
        ids = self._ids.get(key)
        if ids is not None:
            ids.pop(id, None)
            if not ids:
                del self._ids[key]

    @property
    def ids(self) -> Mapping[Hashable, Collection[str]]:
        """The ids of each key that has any. Not to be kept: it changes."""
        return self._ids


class _Indexed(Struct, frozen=True, gc=False):
    """The part of a note that indexes are made of."""

    id: str
    page: str
    rev: int
    tags: list[str]
    created: str = ""
    deleted: bool = False
    canonical: str | None = None
    conflict_of: str | None = None

    @property
    def day(self) -> str:
        return self.created[:10]


# What waits for somebody to look keeps the documents before: so many notes, or bytes of them.
AT_MOST = 4000
AT_MOST_BYTES = 4 * 1024 * 1024


class CurrentIndexes:
    """One account's indexes, up to date whenever they are looked at: never behind what readers see,
    and never ahead of it.

    Whoever writes is spared the work; it is done in one go by the next who reads. `told` is for
    `JournalStorage.watch`, and memory is locked for `get` too.
    """

    def __init__(self, notes: Mapping[str, bytes]) -> None:
        self._indexes = NoteIndexes(notes)
        self._pending: dict[str, tuple[bytes | None, bytes | None]] = {}
        self._kept = 0  # bytes of the documents before

    def get(self) -> NoteIndexes:
        """The indexes as of now."""
        if self._pending:
            pending, self._pending, self._kept = self._pending, {}, 0
            self._indexes.change([(id, *change) for id, change in pending.items()])
        return self._indexes

    def told(self, changes: list[Change]) -> None:
        pending = self._pending
        for id, before, after in changes:
            if id in pending:
                pending[id] = pending[id][0], after
            else:
                pending[id] = before, after
                self._kept += len(before or b"")
        if len(pending) > AT_MOST or self._kept > AT_MOST_BYTES:
            self.get()


class NoteIndexes:
    """One account's indexes. Tombstones stand in the sequence alone."""

    def __init__(self, notes: Mapping[str, bytes]) -> None:
        self.load(notes)

    def load(self, notes: Mapping[str, bytes]) -> None:
        """Build them anew."""
        self.by_page = KeyIndex()
        self.by_canonical = KeyIndex()
        self.conflicts = KeyIndex()  # by the id of the note each is a copy of
        self.tags: Counter[str] = Counter()
        self.days: Counter[str] = Counter()  # on which notes were made
        self.digest = SetDigest()
        self.pages = PageSummaries()
        self.live = 0
        with collection_paused():
            self.sequence = SequenceIndex(self._load(notes))

    def _load(self, notes: Mapping[str, bytes]) -> Iterator[tuple[int, str]]:
        for id, encoded in notes.items():
            if note := _read(encoded):
                self._add(id, note)
                yield note.rev, id

    def change(self, changes: Iterable[Change]) -> None:
        """Take in changes, of each note one at the most."""
        put: list[tuple[int, str]] = []
        for id, before, after in changes:
            old = None if before is None else _read(before)
            new = None if after is None else _read(after)
            if old is not None:
                self.sequence.discard(old.rev, id)
            if new is not None:
                put.append((new.rev, id))
            if old is not None and new is not None and _stays(old, new):
                self.digest.toggle(old.id, old.rev)
                self.digest.toggle(new.id, new.rev)
                self.pages.forget(new.page)
                continue
            if old is not None:
                self._remove(id, old)
            if new is not None:
                self._add(id, new)
        self.sequence.put(sorted(put))

    def contents(self) -> tuple[object, ...]:
        """All they say, to be compared; nothing of it changes with them."""
        keyed = [
            {key: set(ids) for key, ids in index.ids.items()}
            for index in (self.by_page, self.by_canonical, self.conflicts)
        ]
        order = self.sequence.after(0, sys.maxsize)
        counts = (dict(self.tags), dict(self.days))
        return (*keyed, *counts, order, self.sequence.last, self.digest.hexdigest(), self.live)

    def _add(self, id: str, note: _Indexed) -> None:
        if note.deleted:
            return
        self.live += 1
        self.days[note.day] += 1
        self.digest.toggle(note.id, note.rev)
        self.by_page.add(note.page, id)
        self.pages.forget(note.page)
        for tag in dict.fromkeys(note.tags):
            self.tags[tag] += 1
        if note.canonical is not None:
            self.by_canonical.add(page_key(note.canonical), id)
        if note.conflict_of is not None:
            self.conflicts.add(note.conflict_of, id)

    def _remove(self, id: str, note: _Indexed) -> None:
        if note.deleted:
            return
        self.live -= 1
        _take_one(self.days, note.day)
        self.digest.toggle(note.id, note.rev)
        self.by_page.remove(note.page, id)
        self.pages.forget(note.page)
        for tag in dict.fromkeys(note.tags):
            _take_one(self.tags, tag)
        if note.canonical is not None:
            self.by_canonical.remove(page_key(note.canonical), id)
        if note.conflict_of is not None:
            self.conflicts.remove(note.conflict_of, id)


def _take_one(counts: Counter[str], key: str) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


def _stays(old: _Indexed, new: _Indexed) -> bool:
    """Whether a note is found where it was: it was edited or given another colour."""
    return (
        not (old.deleted or new.deleted)
        and old.page == new.page
        and old.tags == new.tags
        and old.day == new.day
        and old.canonical == new.canonical
        and old.conflict_of == new.conflict_of
    )


def _read(note: bytes) -> _Indexed | None:
    """A note that cannot be read, in a file that somebody edited, is in no index; `check` names
    it."""
    try:
        return _decode(note)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


_decode = msgspec.json.Decoder(_Indexed).decode
