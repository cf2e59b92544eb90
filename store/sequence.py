"""What changed since: ids by the sequence number of their last change."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class SequenceIndex:
    """Numbers, rising, and the id that each was given to.

    Numbers only rise, so a change is an append; the entry an id leaves behind is emptied, and all
    empty ones are dropped once they are the greater part. Two flat arrays: a dictionary of ids
    beside them would take more memory than all other indexes.
    """

    def __init__(self, entries: Iterable[tuple[int, str]] = ()) -> None:
        """Of (number, id), in any order."""
        self._numbers = array("q")
        self._ids: list[str | None] = []
        self._empty = 0
        self.put(entries)

    @property
    def last(self) -> int:
        """The highest number that is some id's; 0 where there is none."""
        return self._numbers[-1] if self._numbers else 0

    def after(self, number: int, limit: int) -> list[tuple[int, str]]:
        """At most `limit` (number, id) past `number`, in rising order, each id once."""
        found: list[tuple[int, str]] = []
        at = bisect_right(self._numbers, number)
        while at < len(self._ids) and len(found) < limit:
            id = self._ids[at]
            if id is not None:
                found.append((self._numbers[at], id))
            at += 1
        return found

    def put(self, entries: Iterable[tuple[int, str]]) -> None:
        """Add (number, id), in any order, of ids that have no entry now."""
        while self._ids and self._ids[-1] is None:
            self._ids.pop()
            self._numbers.pop()
            self._empty -= 1
        in_order = True
        last = self._numbers[-1] if self._numbers else 0
        for number, id in entries:
            in_order = in_order and number >= last
            last = number
            self._numbers.append(number)
            self._ids.append(id)
        if not in_order or self._empty > 64 + len(self._ids) / 2:
            self._rebuild()

    def discard(self, number: int, id: str) -> None:
        """Empty an entry."""
        at = bisect_left(self._numbers, number)
        while at < len(self._ids) and self._numbers[at] == number:
            if self._ids[at] == id:
                self._ids[at] = None
                self._empty += 1
                return
            at += 1  # a file that somebody edited may have a number twice

    def _rebuild(self) -> None:
        order = sorted(
            (at for at, id in enumerate(self._ids) if id is not None),
            key=lambda at: (self._numbers[at], self._ids[at]),
        )
        self._numbers = array("q", (self._numbers[at] for at in order))
        self._ids = [self._ids[at] for at in order]
        self._empty = 0
