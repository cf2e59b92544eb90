"""The stores side by side, each as its own documentation would have it used.

All answer a look-up with the same: decoded records, in reading order.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import tinydb
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import JSONStorage

from store.model import Annotation, Operation, Status, encode
from store.reading_order import reading_order
from store.tiny import TinyStore
from tests.bench.notes import record_of

decode = msgspec.json.Decoder(Annotation).decode


class Engine(ABC):
    """A store of notes at a path; `open` comes before everything else but `fill`."""

    name: str
    slow = False
    """Whether a single call takes seconds in a large store."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notes"

    @abstractmethod
    def fill(self, operations: Iterable[Operation]) -> None:
        """Make the store with these notes in it, closed."""

    @abstractmethod
    def open(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def insert(self, operation: Operation, rev: int) -> None: ...

    @abstractmethod
    def on_page(self, key: str) -> list[Annotation]: ...

    @abstractmethod
    def mark(self) -> None:
        """Remember how far the store has come."""

    @abstractmethod
    def changed(self) -> list[Annotation]:
        """What changed since the mark."""

    @abstractmethod
    def backup(self, path: Path) -> None:
        """Write all of it to one file, durably."""


class Postil(Engine):
    name = "TinyStore"

    def fill(self, operations: Iterable[Operation]) -> None:
        self.open()
        walk = iter(operations)
        while batch := list(islice(walk, 500)):
            self.store.apply("default", "bench", batch)
        self.close()

    def open(self) -> None:
        self.store = TinyStore(self.path)

    def close(self) -> None:
        self.store.close()

    def insert(self, operation: Operation, rev: int) -> None:
        device = f"bench-{threading.get_ident()}"  # a replay is what comes after a later one
        [result] = self.store.apply("default", device, [operation])
        assert result.status is Status.CREATED

    def on_page(self, key: str) -> list[Annotation]:
        return self.store.on_page("default", [key])

    def mark(self) -> None:
        self._mark = self.store.manifest("default").cursor

    def changed(self) -> list[Annotation]:
        return self.store.changes("default", self._mark, 1000).changes

    def backup(self, path: Path) -> None:
        self.store.backup(path)


class Sqlite(Engine):
    """Notes as encoded records beside the columns they are asked by, in write-ahead mode."""

    synchronous = "FULL"
    name = "SQLite FULL"

    def fill(self, operations: Iterable[Operation]) -> None:
        self.open()
        self._db.executescript(
            "CREATE TABLE notes (id TEXT PRIMARY KEY, page TEXT, rev INTEGER, body BLOB);"
            "CREATE INDEX by_page ON notes (page); CREATE INDEX by_rev ON notes (rev);"
        )
        rows = (_row(operation, rev) for rev, operation in enumerate(operations, 1))
        with self._db:
            self._db.execute("BEGIN")
            self._db.executemany("INSERT INTO notes VALUES (?, ?, ?, ?)", rows)
        self.close()

    def open(self) -> None:
        self._db = sqlite3.connect(self.path, isolation_level=None, timeout=60)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(f"PRAGMA synchronous = {self.synchronous}")

    def close(self) -> None:
        self._db.close()

    def insert(self, operation: Operation, rev: int) -> None:
        self._db.execute("INSERT INTO notes VALUES (?, ?, ?, ?)", _row(operation, rev))

    def on_page(self, key: str) -> list[Annotation]:
        rows = self._db.execute("SELECT body FROM notes WHERE page = ?", (key,))
        return sorted([decode(body) for (body,) in rows], key=reading_order)

    def mark(self) -> None:
        (self._mark,) = self._db.execute("SELECT max(rev) FROM notes").fetchone()

    def changed(self) -> list[Annotation]:
        asked = "SELECT body FROM notes WHERE rev > ? ORDER BY rev LIMIT 1000"
        return [decode(body) for (body,) in self._db.execute(asked, (self._mark,))]

    def backup(self, path: Path) -> None:
        with sqlite3.connect(path) as target:
            self._db.backup(target)
        target.close()


class SqliteNormal(Sqlite):
    """Its last writes are lost in a power cut."""

    synchronous = "NORMAL"
    name = "SQLite NORMAL"


class Plain(Engine):
    name = "TinyDB"
    slow = True

    def fill(self, operations: Iterable[Operation]) -> None:
        self.open()
        self._db.insert_multiple(
            msgspec.to_builtins(record_of(operation, rev))
            for rev, operation in enumerate(operations, 1)
        )
        self.close()

    def open(self) -> None:
        self._db = tinydb.TinyDB(self.path)

    def close(self) -> None:
        self._db.close()

    def insert(self, operation: Operation, rev: int) -> None:
        self._db.insert(msgspec.to_builtins(record_of(operation, rev)))

    def on_page(self, key: str) -> list[Annotation]:
        self._db.clear_cache()  # each page is asked for once
        found = self._db.search(tinydb.where("page") == key)
        return sorted([msgspec.convert(note, Annotation) for note in found], key=reading_order)

    def mark(self) -> None:
        self._mark = len(self._db)

    def changed(self) -> list[Annotation]:
        self._db.clear_cache()
        found = self._db.search(tinydb.where("rev") > self._mark)
        return [msgspec.convert(note, Annotation) for note in found]

    def backup(self, path: Path) -> None:
        shutil.copyfile(self.path, path)
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.close(file)


class Cached(Plain):
    """Its last thousand writes are lost in a crash."""

    name = "TinyDB, caching"

    def open(self) -> None:
        self._db = tinydb.TinyDB(self.path, storage=_caching(JSONStorage))


_caching: Any = CachingMiddleware  # which has no types


def _row(operation: Operation, rev: int) -> tuple[str, str, int, bytes]:
    record = record_of(operation, rev)
    return record.id, record.page, rev, encode(record)


ENGINES: list[type[Engine]] = [Postil, Sqlite, SqliteNormal, Plain, Cached]
