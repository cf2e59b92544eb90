"""The few lines through which bytes reach the disk, and stay there.

POSIX promises little: `write` may take a part, `rename` is atomic to other processes but reaches
the disk only when the directory is flushed, and a flush that failed once may succeed the next time
although the data is gone (the kernel marks the pages clean: Rebello et al., "Can Applications
Recover from fsync Failures?", USENIX ATC 2020). So every caller treats a failed `flush` as "this
file is suspect" and goes on in a new one.

Everything durable goes through a `Disk`; the tests put one in its place that cuts, tears and
refuses at every single call.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from store.errors import StoreError, StoreFull, StoreUnwritable

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn \n into \r\n otherwise


class Disk:
    """Durable file operations. Each raises `OSError`, and leaves the rest to its caller."""

    def create(self, path: Path) -> int:
        """Open a new file for writing, emptying what may have been left there."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY
        return os.open(path, flags, PRIVATE_FILE)

    def reopen(self, path: Path) -> int:
        """Open an existing file for writing at places."""
        return os.open(path, os.O_WRONLY | _BINARY)

    def write(self, file: int, data: bytes | memoryview) -> None:
        """Write all of it, however many calls that takes."""
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]

    def write_at(self, file: int, at: int, data: bytes) -> None:
        """Write all of it at a place."""
        if sys.platform == "win32":
            os.lseek(file, at, os.SEEK_SET)
            self.write(file, data)
        else:
            written = os.pwrite(file, data, at)
            while written < len(data):
                written += os.pwrite(file, memoryview(data)[written:], at + written)

    def flush(self, file: int) -> None:
        """Return when what was written is on the medium, not merely in its cache.

        On macOS `fsync` stops at the drive's cache; F_FULLFSYNC does not. Windows' `_commit`
        (FlushFileBuffers), which Python calls there, goes through it by itself.
        """
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415  # exists on POSIX only

            fcntl.fcntl(file, fcntl.F_FULLFSYNC)
        else:
            os.fsync(file)

    def flush_data(self, file: int) -> None:
        """As `flush`, but for what nobody needs to read the data back, such as the time of the
        change. Where no space was added this spares the file system a commit of its own."""
        if sys.platform == "linux":
            os.fdatasync(file)
        else:
            self.flush(file)

    def truncate(self, file: int, size: int) -> None:
        os.ftruncate(file, size)

    def close(self, file: int) -> None:
        os.close(file)

    def replace(self, source: Path, target: Path) -> None:
        """Atomic for readers on POSIX and on Windows (MoveFileEx with REPLACE_EXISTING)."""
        source.replace(target)

    def link(self, source: Path, target: Path) -> None:
        """A second name for a file that is never changed again, only replaced."""
        os.link(source, target)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def flush_folder(self, folder: Path) -> None:
        """Make renames and new names durable. Windows has no such call and needs none (NTFS
        journals its metadata)."""
        if os.name == "nt":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def explain(error: OSError, path: Path) -> StoreError:
    """The store's error for what the system refused, as a sentence the operator can act on."""
    why = os.strerror(error.errno).lower() if error.errno else str(error)
    if error.errno in NO_ROOM:
        return StoreFull(
            f"There is no room to write {path} ({why}). Nothing was written and nothing is lost; "
            "free some space and try again."
        )
    return StoreUnwritable(
        f"{path} cannot be written ({why}). Nothing was written and nothing is lost; "
        "see to the disk or its permissions and try again."
    )
