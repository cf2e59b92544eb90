"""Imports that are under way, and stopping one.

Whoever stops an import wants to know what stands. So it is not cut off: the file is read no
further, what was read is written and told, and the answer is as whole as any other.

Of several processes, the one that hears the word to stop is seldom the one that reads. They share
the data folder: an import has a file there while it is under way, and is over once something is
written in it.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from server.formats.codec import Item

LEFT = 24 * 3600  # seconds after which a file is that of an import nobody ended


class Reading:
    """The reading of one file of `size` bytes into an account. `name` is a secret of whoever began
    it; `cut` says whether anything was left unread."""

    def __init__(self, size: int, folder: Path, account: str) -> None:
        self.size = size
        self.name = secrets.token_urlsafe(16)
        self.cut = False
        self._file = _file(folder, account, self.name)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Let `stop` find it meanwhile. Where the folder takes no files, it finds none."""
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, exist_ok=True)
            _sweep(self._file.parent)
            self._file.touch(mode=0o600)
        try:
            yield
        finally:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)

    def until_stopped(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items of the file, as long as they are wanted."""
        for item in items:
            if self._stopped():
                self.cut = True
                return
            yield item

    def _stopped(self) -> bool:
        try:
            return self._file.stat().st_size > 0
        except OSError:
            return False


def stop(folder: Path, account: str, name: str) -> bool:
    """Read that file no further. False where no import of that name is under way."""
    try:
        with _file(folder, account, name).open("r+b") as file:
            file.write(b"stop\n")
    except OSError:
        return False
    return True


def _file(folder: Path, account: str, name: str) -> Path:
    return folder / hashlib.sha256(f"{account}/{name}".encode()).hexdigest()


def _sweep(folder: Path) -> None:
    """Remove what those left whose process was killed."""
    long_ago = time.time() - LEFT
    for path in folder.iterdir():
        if path.stat().st_mtime < long_ago:
            path.unlink()
