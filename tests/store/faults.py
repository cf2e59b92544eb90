"""A disk that fails: at any call, in any way a disk fails.

`FaultyDisk` does everything for real but flushing, and keeps a model of what a power cut would
leave: of each file the bytes at its last flush, of the folder the names at its last flush. `crash`
then puts one
of the states into the folder that POSIX allows: unflushed bytes there, gone, torn or garbage;
unflushed renames done up to some point and not beyond.
"""

import errno
import os
import random

from store.disk import Disk


class PowerCut(BaseException):
    """Nothing survives this but what is on the disk."""


SECTOR = 64  # bytes


class HastyDisk(Disk):
    """For stores that no power cut meets: it leaves flushing to the system."""

    def flush(self, file):
        """Not now."""

    def flush_data(self, file):
        """Not now."""

    def flush_folder(self, folder):
        """Not now."""


class _File:
    def __init__(self):
        self.data = b""
        self.flushed = b""

    def write_at(self, at, data):
        old = self.data.ljust(at, b"\0")
        self.data = old[:at] + data + old[at + len(data) :]

    def after_crash(self, chance):
        """What was not flushed is there, or not, or in parts: of an addition any beginning, of
        what was overwritten any sectors (small ones, so that a record has many)."""
        length = chance.choice([len(self.flushed), len(self.data)])
        if self.data.startswith(self.flushed) and chance.random() < 0.5:
            length = chance.randrange(len(self.flushed), len(self.data) + 1)
        old = self.flushed[:length].ljust(length, b"\0")
        new = self.data[:length].ljust(length, b"\0")
        how = chance.choice(["old", "new", "sectors"])
        if how != "sectors":
            return new if how == "new" else old
        mixed = bytearray(old)
        for at in range(0, length, SECTOR):
            sector = slice(at, at + SECTOR)
            if old[sector] != new[sector] and chance.random() < 0.5:
                mixed[sector] = new[sector]
        return bytes(mixed)


class FaultyDisk(HastyDisk):
    """Fails at call number `at`: `cut` = the power, `refuse` = that call alone, with `errno`,
    `tear` = a write that comes to half, then refuses."""

    def __init__(self, folder, at=None, how="cut", error=errno.ENOSPC):
        self.calls = 0
        self.failed = None
        self._folder = folder
        self._at = at
        self._how = how
        self._error = error
        self._dead = False
        self._files = {}  # descriptor -> (path, file)
        self._names = {}
        self._flushed_names = {}
        self._pending = []  # names after each change since the folder was flushed

    # What a disk does -------------------------------------------------------------------------

    def create(self, path):
        self._call("create")
        descriptor = super().create(path)
        file = self._names.get(path) or _File()
        file.data = b""
        self._files[descriptor] = (path, file)
        self._rename({**self._names, path: file})
        return descriptor

    def reopen(self, path):
        self._call("reopen")
        descriptor = super().reopen(path)
        file = self._names.setdefault(path, _File())
        file.data = file.flushed = path.read_bytes()
        self._files[descriptor] = (path, file)
        return descriptor

    def write(self, file, data):
        data = bytes(data)
        try:
            self._call("write")
        except (OSError, PowerCut):
            if self._how != "refuse":
                half = data[: len(data) // 2]
                super().write(file, half)
                self._files[file][1].data += half
            raise
        super().write(file, data)
        self._files[file][1].data += data

    def write_at(self, file, at, data):
        try:
            self._call("write_at")
        except (OSError, PowerCut):
            if self._how != "refuse":
                half = data[: len(data.rstrip(b"\0")) // 2]
                self._write_at(file, at, half)
            raise
        self._write_at(file, at, data)

    def _write_at(self, file, at, data):
        os.pwrite(file, data, at)
        self._files[file][1].write_at(at, data)

    def flush_data(self, file):
        self._call("flush_data")
        known = self._files[file][1]
        known.flushed = known.data

    def flush(self, file):
        self._call("flush")
        known = self._files[file][1]
        known.flushed = known.data

    def truncate(self, file, size):
        self._call("truncate")
        super().truncate(file, size)
        known = self._files[file][1]
        known.data = known.data[:size]

    def replace(self, source, target):
        self._call("replace")
        super().replace(source, target)
        names = dict(self._names)
        names[target] = names.pop(source)
        self._rename(names)

    def link(self, source, target):
        self._call("link")
        super().link(source, target)
        self._rename({**self._names, target: self._names[source]})

    def unlink(self, path):
        self._call("unlink")
        super().unlink(path)
        self._rename({name: file for name, file in self._names.items() if name != path})

    def flush_folder(self, folder):
        self._call("flush_folder")
        self._flushed_names = dict(self._names)
        self._pending = []

    # What fails -------------------------------------------------------------------------------

    def crash(self, chance: random.Random):
        """Leave in the folder what a power cut now might leave."""
        self._dead = True
        for descriptor in self._files:
            try:
                os.close(descriptor)
            except OSError:
                continue  # closed in time
        names = self._flushed_names
        if self._pending:
            names = chance.choice([names, *self._pending])
        contents = {path: file.after_crash(chance) for path, file in names.items()}
        for path in self._folder.iterdir():
            if not path.name.endswith(".lock"):
                path.unlink()
        for path, data in contents.items():
            path.write_bytes(data)

    def _rename(self, names):
        self._names = names
        self._pending.append(names)

    def _call(self, name):
        if self._dead:
            raise PowerCut
        self.calls += 1
        if self.calls == self._at:
            self.failed = name
            if self._how == "cut":
                self._dead = True
                raise PowerCut
            raise OSError(self._error, os.strerror(self._error))
