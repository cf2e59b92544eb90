"""One process at a time: the lock a store is opened under.

The system holds it (flock, LockFileEx), so it ends with the process however that ends. The file
says who holds it, for the error another process shows.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import filelock

from store.disk import PRIVATE_FILE, explain
from store.errors import StoreLocked


class StoreLock:
    """Held from the making of it to `release`.

    Raises `StoreLocked` naming the process that holds it, `StoreUnwritable` where no lock file can
    be made.
    """

    def __init__(self, path: Path) -> None:
        file = path.with_name(path.name + ".lock")
        # Whichever thread closes the store lets go of it.
        self._lock = filelock.FileLock(file, mode=PRIVATE_FILE, thread_local=False)
        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            raise StoreLocked(
                f"{path} is already open in {_holder(file)}. Stop that one first, or give this "
                "one another store."
            ) from None
        except OSError as error:
            raise explain(error, file) from error
        self._process = os.getpid()
        with suppress(OSError):  # who holds it is for people; the lock holds without it
            file.write_text(f"{os.getpid()}\n")

    @property
    def held(self) -> bool:
        """Whether this process does; a child that it forked has none of the lock."""
        return self._process == os.getpid()

    def release(self) -> None:
        self._process = 0
        self._lock.release()


def _holder(file: Path) -> str:
    try:
        pid = int(file.read_text())
    except (OSError, ValueError):
        return "another process"
    return "this very process" if pid == os.getpid() else f"process {pid}"
