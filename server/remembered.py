"""What was made last, kept in memory up to so much of it; the longest unasked goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, for many threads. `size` tells how much of `room` one takes."""

    def __init__(self, room: int, size: Callable[[K, V], int]) -> None:
        self._left = room
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def keep(self, key: K, value: V) -> None:
        with self._lock:
            if (before := self._values.pop(key, None)) is not None:
                self._left += self._size(key, before)
            self._values[key] = value
            self._left -= self._size(key, value)
            while self._left < 0:
                self._left += self._size(*self._values.popitem(last=False))
