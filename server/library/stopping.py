"""Imports that are under way in this process, and stopping one.

Whoever stops an import wants to know what stands. So it is not cut off: the file is read no
further, what was read is written and told, and the answer is as whole as any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event

from flask import current_app

from server.formats.codec import Item

_KEPT = "postil.imports"


class Reading:
    """The reading of one file of `size` bytes. `name` is a secret of whoever began it; `cut` says
    whether anything was left unread."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.name = secrets.token_urlsafe(16)
        self.cut = False
        self._over = Event()

    def stop(self) -> None:
        """Read no further."""
        self._over.set()

    def until_stopped(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items of the file, as long as they are wanted."""
        for item in items:
            if self._over.is_set():
                self.cut = True
                return
            yield item


@contextmanager
def under_way(account: str, reading: Reading) -> Iterator[None]:
    """Let `stop` find it meanwhile."""
    known = _known()
    known[account, reading.name] = reading
    try:
        yield
    finally:
        del known[account, reading.name]


def stop(account: str, name: str) -> bool:
    """Stop an import of this account. False where this process knows none of that name."""
    reading = _known().get((account, name))
    if reading is not None:
        reading.stop()
    return reading is not None


def _known() -> dict[tuple[str, str], Reading]:
    known: dict[tuple[str, str], Reading] = current_app.extensions.setdefault(_KEPT, {})
    return known
