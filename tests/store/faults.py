"""A disk that fails: at any call, in any way a disk fails.

`FaultyDisk` does everything for real and keeps a model of what a power cut would leave: of each
file the bytes at its last flush, of the folder the names at its last flush. `crash` then puts one
of the states into the folder that POSIX allows: unflushed bytes there, gone, torn or garbage;
unflushed renames done up to some point and not beyond.
"""

import errno
import os
import random

from store.disk import Disk


class PowerCut(BaseException):
    """Nothing survives this but what is on the disk."""


class _File:
    def __init__(self):
        self.data = b""
        self.flushed = b""

    def after_crash(self, chance):
        tail = self.data[len(self.flushed) :] if self.data.startswith(self.flushed) else None
        options = [self.flushed, self.data]
        if tail:
            torn = tail[: chance.randrange(len(tail) + 1)]
            options += [self.flushed + torn, self.flushed + bytes(len(torn)) + b"\0" * 3]
        return chance.choice(options)


class FaultyDisk(Disk):
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

    def append_to(self, path):
        self._call("append_to")
        descriptor = super().append_to(path)
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

    def flush(self, file):
        self._call("flush")
        super().flush(file)
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
        super().flush_folder(folder)
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
