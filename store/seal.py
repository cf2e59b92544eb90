"""A checksum beside a file that only this process writes, from one clean end to the next beginning.

SQLite finds most damage by itself, but not bytes that changed inside a list of words: then a search
would quietly find less. A file that was closed in order is sealed; one that ended with its process
is not, and is trusted as SQLite's own journal leaves it.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from store.disk import PRIVATE_FILE

_PIECE = 1024 * 1024


def seal(path: Path) -> None:
    """Write down what the file holds. Raises `OSError`."""
    beside = _beside(path)
    beside.touch(mode=PRIVATE_FILE)
    beside.write_text(_sum(path))


def unseal(path: Path) -> None:
    """Take the seal off, before anything is changed."""
    _beside(path).unlink(missing_ok=True)


def is_sealed(path: Path) -> bool:
    """Whether there is a seal."""
    return _beside(path).exists()


def is_broken(path: Path) -> bool:
    """Whether a sealed file is not what it was."""
    try:
        return _beside(path).read_text() != _sum(path)
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.crc32")


def _sum(path: Path) -> str:
    crc = size = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            crc = zlib.crc32(piece, crc)
            size += len(piece)
    return f"{crc:08x} {size}\n"
