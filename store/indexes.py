"""What turns look-ups into O(result): an account's notes by page, by sequence, by tag.

All of it is derived: built when the store is opened, kept as documents change (just as readers
begin to see them, so never behind and never ahead), and never written to disk.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Mapping

import msgspec
from msgspec import Struct

from store.digest import SetDigest
from store.journal import Change
from store.page_key import page_key
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

    def counts(self) -> dict[Hashable, int]:
        """How many ids each key has."""
        return {key: len(ids) for key, ids in self._ids.items()}


class SequenceIndex:
    """Ids by the sequence number of their last change.

    Numbers only rise, so a change is an append; the entry an id leaves behind is skipped when read,
    and all of those are dropped once they are the greater part.
    """

    def __init__(self) -> None:
        self._current: dict[str, int] = {}
        self._numbers: list[int] = []
        self._ids: list[str] = []

    @property
    def last(self) -> int:
        """The highest number given; 0 before the first."""
        return self._numbers[-1] if self._numbers else 0

    def after(self, number: int, limit: int) -> list[tuple[int, str]]:
        """At most `limit` (number, id) past `number`, in rising order, each id once."""
        found: list[tuple[int, str]] = []
        at = bisect_right(self._numbers, number)
        while at < len(self._numbers) and len(found) < limit:
            id = self._ids[at]
            if self._current.get(id) == self._numbers[at]:
                found.append((self._numbers[at], id))
            at += 1
        return found

    def set(self, id: str, number: int) -> None:
        in_order = number >= self.last
        self._current[id] = number
        self._numbers.append(number)
        self._ids.append(id)
        if not in_order or len(self._numbers) > 64 + 2 * len(self._current):
            self._rebuild()

    def load(self, numbers: Iterable[tuple[str, int]]) -> None:
        """Put many in at once, in any order."""
        self._current.update(numbers)
        self._rebuild()

    def discard(self, id: str) -> None:
        self._current.pop(id, None)

    def _rebuild(self) -> None:
        pairs = sorted((number, id) for id, number in self._current.items())
        self._numbers = [number for number, _ in pairs]
        self._ids = [id for _, id in pairs]


class _Indexed(Struct, frozen=True):
    """The part of a note that indexes are made of."""

    id: str
    page: str
    rev: int
    tags: list[str]
    deleted: bool = False
    canonical: str | None = None
    conflict_of: str | None = None


class NoteIndexes:
    """One account's indexes. Tombstones stand in the sequence alone.

    `changed` is for `JournalStorage.watch`.
    """

    def __init__(self, notes: Mapping[str, bytes]) -> None:
        self.load(notes)

    def load(self, notes: Mapping[str, bytes]) -> None:
        """Build them anew."""
        self.by_page = KeyIndex()
        self.by_canonical = KeyIndex()
        self.by_tag = KeyIndex()
        self.conflicts = KeyIndex()  # by the id of the note each is a copy of
        self.sequence = SequenceIndex()
        self.digest = SetDigest()
        self.pages = PageSummaries()
        self.live = 0
        decoded = [(id, note) for id, encoded in notes.items() if (note := _read(encoded))]
        self.sequence.load((id, note.rev) for id, note in decoded)
        for id, note in decoded:
            self._add(id, note)

    def changed(self, changes: list[Change]) -> None:
        numbers: list[tuple[int, str]] = []
        for id, before, after in changes:
            if before is not None and (old := _read(before)):
                self._remove(id, old)
            new = None if after is None else _read(after)
            if new is None:
                self.sequence.discard(id)
            else:
                numbers.append((new.rev, id))
                self._add(id, new)
        numbers.sort()
        if len(numbers) < len(changes) or (numbers and numbers[0][0] < self.sequence.last):
            self.sequence.load((id, number) for number, id in numbers)
        else:
            for number, id in numbers:
                self.sequence.set(id, number)

    def contents(self) -> tuple[object, ...]:
        """All they say, to be compared; nothing of it changes with them."""
        keyed = [
            {key: set(ids) for key, ids in index.ids.items()}
            for index in (self.by_page, self.by_canonical, self.by_tag, self.conflicts)
        ]
        order = self.sequence.after(0, sys.maxsize)
        return (*keyed, order, self.sequence.last, self.digest.hexdigest(), self.live)

    def _add(self, id: str, note: _Indexed) -> None:
        if note.deleted:
            return
        self.live += 1
        self.digest.toggle(note.id, note.rev)
        self.by_page.add(note.page, id)
        self.pages.forget(note.page)
        for tag in note.tags:
            self.by_tag.add(tag, id)
        if note.canonical is not None:
            self.by_canonical.add(page_key(note.canonical), id)
        if note.conflict_of is not None:
            self.conflicts.add(note.conflict_of, id)

    def _remove(self, id: str, note: _Indexed) -> None:
        if note.deleted:
            return
        self.live -= 1
        self.digest.toggle(note.id, note.rev)
        self.by_page.remove(note.page, id)
        self.pages.forget(note.page)
        for tag in note.tags:
            self.by_tag.remove(tag, id)
        if note.canonical is not None:
            self.by_canonical.remove(page_key(note.canonical), id)
        if note.conflict_of is not None:
            self.conflicts.remove(note.conflict_of, id)


def _read(note: bytes) -> _Indexed | None:
    """A note that cannot be read, in a file that somebody edited, is in no index; `check` names
    it."""
    try:
        return _decode(note)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


_decode = msgspec.json.Decoder(_Indexed).decode
