"""Full-text search for the embedded store, by SQLite's FTS5 in a file beside the notes.

The file (`notes.json.search/`, one an account) is derived: it can be deleted at any time, and is
made anew where it is missing, damaged, or of another history than the notes. It says how far it
has come (epoch, sequence number) and what it holds (the digest of `id:rev`, see `store.digest`), so
that it is caught up by what changed since, and distrusted when the digests differ. It is caught up
when somebody searches, and aside once it is far behind: a note costs nothing here while it is
written.

Rows are numbered by the moment of their last change, in microseconds. So `before:`, `after:` and
"newest first" are what FTS5 does best: a range of row numbers, walked backwards until a page is
full. Ranking is its BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009),
which looks at every match; past 5,000 matches it says nothing worth the time, so the newest
5,000 are ranked and the rest follows by age.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from store.answers import Sort
from store.clock import microseconds
from store.digest import SetDigest
from store.errors import StoreError, StoreFull, StoreUnwritable
from store.index_rows import all_of, ids_of, replace
from store.match_expression import expression
from store.query import Query
from store.seal import is_broken, is_sealed, seal, unseal

RANKED = 5_000  # matches, the newest, that are put in order of relevance

_FORMAT = 1  # as the schema below says it; rising, it has every index made anew


class Hits(Struct, frozen=True):
    """Document ids of some of what was found, in order, and how many were found in all."""

    ids: list[str]
    total: int


class IndexDamaged(StoreError):
    """The file is not what was written: it has to be made anew."""


class FullText:
    """One account's index. Its caller holds `lock` around every call but `close`."""

    def __init__(self, folder: Path, account: str) -> None:
        self.lock = threading.Lock()
        self.seq = 0
        """The sequence number it has come to."""
        self._path = _file(folder, account)
        self._epoch = ""
        self._digest = SetDigest()
        self._sealed = False
        self._open()

    def belongs_to(self, epoch: str, last: int) -> bool:
        """Whether what it holds can be of this history."""
        return self._epoch == epoch and self.seq <= last

    def holds(self, digest: str) -> bool:
        """Whether it holds the notes of that digest."""
        return self._digest.hexdigest() == digest

    def begin_anew(self, epoch: str) -> None:
        """Throw all of it away."""
        self._connection.close()
        self._throw_away()
        self._open()
        self._epoch = epoch

    def put(self, documents: Iterable[tuple[str, bytes]], seq: int) -> None:
        """Take over the changes up to `seq`, as one transaction: ids and encoded notes.

        Raises `StoreFull`, `StoreUnwritable`, `IndexDamaged`.
        """
        digest = SetDigest(self._digest.value)
        if self._sealed:
            unseal(self._path)
            self._sealed = False
        try:
            with self._connection as connection:
                replace(connection, documents, digest)
                connection.execute(
                    "UPDATE state SET epoch = ?, seq = ?, digest = ?",
                    (self._epoch, seq, digest.hexdigest()),
                )
        except sqlite3.DatabaseError as error:
            raise _explain(error, self._path) from error
        self._digest, self.seq = digest, seq

    def find(self, query: Query, sort: Sort, limit: int, offset: int) -> Hits:
        """What matches, from `offset` on. Raises `IndexDamaged`."""
        match = expression(query)
        low = -(2**62) if query.after is None else microseconds(query.after)
        high = 2**62 if query.before is None else microseconds(query.before)
        try:
            found = _Found(self._connection, match, low, high)
            if sort is Sort.RELEVANCE and query.wanted.texts:
                rows = found.by_relevance(limit, offset)
            else:
                rows = found.by_age(limit, offset, oldest_first=sort is Sort.OLDEST)
            return Hits(ids_of(self._connection, rows), found.total)
        except sqlite3.DatabaseError as error:
            raise _explain(error, self._path) from error

    def check(self) -> bool:
        """Whether the file is sound in itself."""
        try:
            self._connection.execute("INSERT INTO words(words) VALUES ('integrity-check')")
            [[said]] = self._connection.execute("PRAGMA quick_check")
        except sqlite3.DatabaseError:
            return False
        return bool(said == "ok")

    def close(self) -> None:
        with self.lock:
            self._connection.close()
            if not self._sealed:
                with suppress(OSError):  # without a seal it is trusted as it is
                    seal(self._path)
                self._sealed = True

    def _open(self) -> None:
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        if is_broken(self._path):
            self._throw_away()
        self._sealed = is_sealed(self._path)
        try:
            self._connect()
        except sqlite3.DatabaseError:
            self._throw_away()
            try:
                self._connect()
            except sqlite3.DatabaseError as error:
                raise _explain(error, self._path) from error
        state = self._connection.execute("SELECT epoch, seq, digest FROM state").fetchone()
        self._epoch, self.seq, digest = state
        self._digest = SetDigest(int(digest, 16))

    def _throw_away(self) -> None:
        unseal(self._path)
        self._path.unlink(missing_ok=True)
        self._sealed = False

    def _connect(self) -> None:
        self._path.touch(mode=0o600)
        self._connection = sqlite3.connect(self._path, check_same_thread=False)
        try:
            # One writer, one reader, both here: the rollback journal leaves a single file.
            self._connection.executescript(_SETTINGS)
            [[format]] = self._connection.execute("PRAGMA user_version")
            if format != _FORMAT:
                self._connection.executescript(_SCHEMA)
        except BaseException:
            self._connection.close()
            raise


def remove_index(folder: Path, account: str) -> None:
    """Throw away the index of one account."""
    path = _file(folder, account)
    unseal(path)
    path.unlink(missing_ok=True)


def remove_all(folder: Path) -> None:
    """Throw away the indexes of all accounts: they were made from other notes."""
    shutil.rmtree(folder, ignore_errors=True)


def _file(folder: Path, account: str) -> Path:
    digest = hashlib.blake2b(account.encode(), digest_size=16).hexdigest()
    return folder / f"{digest}.sqlite"


_SETTINGS = """
    PRAGMA journal_mode = TRUNCATE;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -8000;
"""

_SCHEMA = """
    BEGIN;
    DROP TABLE IF EXISTS state;
    DROP TABLE IF EXISTS note;
    DROP TABLE IF EXISTS words;
    CREATE TABLE state (epoch TEXT NOT NULL, seq INTEGER NOT NULL, digest TEXT NOT NULL);
    INSERT INTO state VALUES ('', 0, '0');
    CREATE TABLE note (
        id TEXT PRIMARY KEY,
        moment INTEGER NOT NULL UNIQUE,
        name TEXT NOT NULL,
        rev INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE VIRTUAL TABLE words USING fts5 (
        quote, note, title, tags, facets,
        tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co So Mn Mc'"
    );
    INSERT INTO words (words, rank) VALUES ('rank', 'bm25(1.0, 1.5, 2.0, 3.0, 0.0)');
    PRAGMA user_version = 1;
    COMMIT;
"""


class _Found:
    """What a query matches between two moments."""

    def __init__(
        self, connection: sqlite3.Connection, match: str | None, low: int, high: int
    ) -> None:
        self._connection = connection
        if match is None:
            self._row = "moment"
            self._from = "note WHERE moment >= ? AND moment < ?"
            self._values: tuple[str | int, ...] = (low, high)
        else:
            self._row, self._from = (
                "rowid",
                "words WHERE words MATCH ? AND rowid >= ? AND rowid < ?",
            )
            self._values = (match, low, high)
        self.total = self._rows("SELECT count(*) AS found FROM {from}")[0]

    def by_age(self, limit: int, offset: int, *, oldest_first: bool) -> list[int]:
        sql = "SELECT {found} FROM {from} ORDER BY {row} DESC LIMIT ? OFFSET ?"
        return self._rows(sql.replace("DESC", "ASC" if oldest_first else "DESC"), limit, offset)

    def by_relevance(self, limit: int, offset: int) -> list[int]:
        cut: list[int] = []
        if self.total > RANKED:
            cut = self._rows(
                "SELECT {found} FROM {from} ORDER BY {row} DESC LIMIT 1 OFFSET ?", RANKED
            )
        oldest = cut[0] + 1 if cut else -(2**62)
        ranked = self._rows(
            "SELECT {found} FROM {from} AND rowid >= ? ORDER BY rank, rowid DESC LIMIT ? OFFSET ?",
            oldest,
            limit,
            offset,
        )
        if len(ranked) == limit or not cut:
            return ranked
        older = self._rows(
            "SELECT {found} FROM {from} AND rowid < ? ORDER BY {row} DESC LIMIT ? OFFSET ?",
            oldest,
            limit - len(ranked),
            max(0, offset - RANKED),
        )
        return ranked + older

    def _rows(self, sql: str, *values: int) -> list[int]:
        sql = sql.replace("{from}", self._from).replace("{found}", f"{self._row} AS found")
        sql = sql.replace("{row}", self._row)
        return [row for (row,) in all_of(self._connection, sql, self._values + values, "found")]


def _explain(error: sqlite3.DatabaseError, path: Path) -> StoreError:
    if "full" in str(error):
        return StoreFull(f"There is no room for the search index {path}; free some space.")
    if "no such module" in str(error):
        return StoreError("Search needs Python's sqlite3 to have FTS5; this one's has not.")
    if isinstance(error, sqlite3.OperationalError):
        return StoreUnwritable(f"The search index {path} cannot be used: {error}.")
    return IndexDamaged(f"The search index {path} is damaged: {error}.")
