"""The interface every store keeps, with its promises.

Two implementations stand behind it: `TinyStore` (one file on disk, the default) and, for servers
with many readers, PostgreSQL. The conformance suite in `tests/store/conformance.py` is these
docstrings written as tests, and runs on each.

What holds for every method:

- An *account* is a world of its own: no call ever reads or changes two of them.
- What a call returns is the caller's: changing it never changes the store.
- A store may be called from many threads at once.
- When a call that writes returns, the write survives a power cut. When it raises, nothing of it
  happened, in memory or on disk.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from store.model import Annotation, Device, Grant, Operation, Page, Result, Trashed
from store.query import Query

TRASH_DAYS = 90


class StoreError(Exception):
    """Something the operator can act on; the message is a sentence that says what."""


class StoreLocked(StoreError):
    """Another process holds this store."""


class StoreDamaged(StoreError):
    """What is on disk cannot be read, and nothing older that could stand in for it either."""


class StoreFull(StoreError):
    """The disk is full: nothing was written, and nothing is lost. HTTP 507."""


class StoreUnwritable(StoreError):
    """The disk refuses writes (read-only, permissions, a fault): nothing was written. HTTP 503."""


class ResyncRequired(Exception):
    """The cursor is not of this store's history: the device must pull all again. HTTP 410.

    `common` is the last sequence number known to be of both histories; 0 where none is.
    """

    def __init__(self, message: str, common: int = 0) -> None:
        super().__init__(message)
        self.common = common


class Cursor(Struct, frozen=True):
    """How far a device has read an account's changes. Opaque outside: `epoch.seq.nonce`.

    `epoch` changes when a backup is restored. `nonce` is the random mark of the run of sequence
    numbers `seq` belongs to, so that a store put back from a plain file copy is noticed too: it
    takes the same numbers again, but never the same nonce.
    """

    epoch: str
    seq: int
    nonce: str

    def __str__(self) -> str:
        return f"{self.epoch}.{self.seq}.{self.nonce}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a cursor back. Raises `ResyncRequired` for what never was one."""
        epoch, _, rest = text.partition(".")
        seq, _, nonce = rest.partition(".")
        if not (epoch and nonce and seq.isascii() and seq.isdigit() and len(seq) <= 16):
            raise ResyncRequired(f"`{text[:80]}` is not a cursor of this server.")
        return cls(epoch, int(seq), nonce)


class Changes(Struct, frozen=True):
    """One page of changes, in sequence order, each changed record once at its latest sequence.

    `records` are the records as JSON, as `encode` writes them or another program wrote them: a
    hundred thousand are pulled in a second because nobody takes them apart on the way.

    On the last page (`more` false) `count` and `digest` describe all live notes, so that a device
    can tell whether it holds the same. The digest is a hexadecimal SHA-256 based set hash over
    `id:rev` of each: see `store.digest`.
    """

    records: list[bytes]
    cursor: Cursor
    more: bool
    count: int | None = None
    digest: str | None = None

    @property
    def changes(self) -> list[Annotation]:
        """The records, decoded."""
        return [msgspec.json.decode(record, type=Annotation) for record in self.records]


class Manifest(Struct, frozen=True):
    """What an account holds: `(id, rev)` of every live note, by id, as of `cursor`."""

    versions: list[tuple[str, int]]
    cursor: Cursor
    digest: str


class Sort(StrEnum):
    """The order of what a search finds. Newest and oldest go by `updated`."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Found(Struct, frozen=True):
    """One page of what a search found; `total` counts all of it.

    `cursor` asks for the next page, None after the last.
    """

    annotations: list[Annotation]
    total: int
    cursor: str | None


class TrashPage(Struct, frozen=True):
    """Some of the trash, the last deleted first; `cursor` asks for more, None after the last."""

    trashed: list[Trashed]
    total: int
    cursor: str | None


class Backup(Struct, frozen=True):
    """A backup that was written, or read, and verified. `annotations` counts all live notes."""

    path: str
    bytes: int
    annotations: int


class Severity(StrEnum):
    """How bad a finding of `check` is."""

    ERROR = "error"  # something is wrong now
    WARNING = "warning"  # something was wrong once, and the operator should know
    NOTE = "note"  # for completeness


class Finding(Struct, frozen=True):
    """One thing `check` found: a sentence that says what, and what to do."""

    severity: Severity
    sentence: str
    repaired: bool = False


class Report(Struct, frozen=True):
    """What `check` looked at, and what it found. No findings: all is well."""

    findings: list[Finding]
    accounts: int
    annotations: int
    tombstones: int
    trashed: int
    bytes: int

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong (any more)."""
        return all(f.repaired or f.severity is not Severity.ERROR for f in self.findings)


class AnnotationStore(ABC):
    """What a store promises."""

    # Notes ------------------------------------------------------------------------------------

    @abstractmethod
    def apply(self, account: str, device: str, operations: Sequence[Operation]) -> list[Result]:
        """Apply operations in order, as one durable write, and answer one result each, in order.

        The only way anything about a note ever changes. Each operation is merged by
        `store.merge`; one that cannot be applied is `rejected` alone. An operation whose counter
        is not past the device's last one is a replay: `unchanged`, with the record as it stands.
        Raises `StoreFull` or `StoreUnwritable` when nothing could be written.
        """

    @abstractmethod
    def get(self, account: str, id: str) -> Annotation | None:
        """One note, or its tombstone (`deleted`), or None if there never was one."""

    @abstractmethod
    def on_page(self, account: str, keys: Sequence[str]) -> list[Annotation]:
        """The live notes of one page, in reading order: whole-page notes first, then by position.

        A page is known by several keys: those given, and through the notes found there by the
        keys of their `canonical`. Costs what it returns, whatever the store holds.
        """

    @abstractmethod
    def live(self, account: str) -> Iterator[Annotation]:
        """Every live note, page after page, in reading order; a snapshot as of the call."""

    @abstractmethod
    def changes(self, account: str, since: Cursor | None, limit: int) -> Changes:
        """What changed after `since` (None = everything), at most `limit` records.

        Paging is stable: following `cursor` until `more` is false yields every record that
        exists, at least at the state it had when the paging began. Tombstones are included.
        Raises `ResyncRequired` for a cursor that is not of this store's history.
        """

    @abstractmethod
    def cursor(self, account: str) -> Cursor:
        """Where the account's changes have come to."""

    @abstractmethod
    def wait(self, account: str, since: Cursor, seconds: float) -> bool:
        """Wait until `changes` after `since` has something to say; False after so many seconds.

        A cursor of another history does not wait. Closing the store ends every wait.
        """

    @abstractmethod
    def manifest(self, account: str) -> Manifest:
        """Id and rev of every live note, for a device whose digest differs."""

    @abstractmethod
    def search(
        self,
        account: str,
        query: Query,
        *,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Found:
        """The live notes a query asks for, as `store.query` says what matches.

        By relevance (BM25; the newest 5,000 matches are ranked, what is older follows by age), or
        by `updated`. A query without words has no relevance: the newest come first. Following
        `cursor` yields each match once while nothing changes. Raises `Invalid` for a cursor
        that is none.
        """

    @abstractmethod
    def conflicts(self, account: str) -> list[Annotation]:
        """The live conflict copies: notes that still say `conflict_of`, the oldest first."""

    @abstractmethod
    def pages(self, account: str) -> list[Page]:
        """All pages with live notes, the most recently changed first."""

    @abstractmethod
    def tags(self, account: str) -> dict[str, int]:
        """All tags of live notes, with how many notes carry each; the commonest first."""

    @abstractmethod
    def count(self, account: str) -> int:
        """How many live notes there are."""

    @abstractmethod
    def epoch(self) -> str:
        """The UUID of this store's history; a restore makes a new one."""

    @abstractmethod
    def accounts(self) -> list[str]:
        """All accounts that ever had a note or a device, by name."""

    # Trash ------------------------------------------------------------------------------------

    @abstractmethod
    def trash(self, account: str, limit: int = 100, cursor: str | None = None) -> TrashPage:
        """What was deleted and can still be restored (by an operation whose `delete` is false).

        Raises `Invalid` for a cursor that is none.
        """

    @abstractmethod
    def empty_trash(self, account: str, before: str | None = None) -> int:
        """Forget what was deleted before that time (RFC 3339; None: all of it) for good.

        Answers how many bodies went. Their tombstones stay.
        """

    # Devices ----------------------------------------------------------------------------------

    @abstractmethod
    def put_device(self, device: Device) -> None:
        """Add a device, or replace what is known of it."""

    @abstractmethod
    def device_by_token(self, token_hash: str) -> Device | None:
        """Who holds this token (its SHA-256, hexadecimal)."""

    @abstractmethod
    def touch_device(self, token_hash: str, seen: str) -> Device | None:
        """Note when the holder of this token was last seen. None if there is none (any more)."""

    @abstractmethod
    def devices(self, account: str) -> list[Device]:
        """All devices of an account, the oldest first."""

    @abstractmethod
    def remove_device(self, account: str, id: str) -> bool:
        """Revoke a device. False if there is none of that id."""

    # Grants -----------------------------------------------------------------------------------

    @abstractmethod
    def put_grant(self, grant: Grant) -> None:
        """Keep a pairing code or a sign-in link until it is used or expires."""

    @abstractmethod
    def redeem_grant(self, kind: str, secret_hash: str, now: float, tries: int) -> Grant | None:
        """Take the live grant of that secret, once: a second call finds nothing.

        A wrong guess counts against every live grant of that kind; one that has seen `tries`
        wrong guesses is gone.
        """

    # Care -------------------------------------------------------------------------------------

    @abstractmethod
    def backup(self, path: Path) -> Backup:
        """Write everything, as of one moment, to one file that was read back and found right.

        Reads and writes go on meanwhile. The file appears whole or not at all; `.gz` at the end of
        its name compresses it. Raises `StoreFull` or `StoreUnwritable`, and `Invalid` for a name
        that is the store's own or that of a file which is no backup.
        """

    @abstractmethod
    def restore(self, path: Path, keep: Path) -> Backup:
        """Put a verified backup in the place of everything, under a new epoch.

        What stands until then is first written to `keep`, as `backup` does; not one write falls
        between. Readers go on meanwhile, writers wait.

        Devices the store knows stay as they are, so that none that was revoked comes back; a
        store that knows none takes those of the backup. Sequence numbers go on after the highest
        that either has given. Raises `StoreDamaged` for a file that is no sound backup, and what
        `backup` raises; then nothing has changed.
        """

    @abstractmethod
    def check(self, *, repair: bool = False) -> Report:
        """Verify every checksum, every record, and every index against a rebuild.

        Reads and writes go on meanwhile, but for moments. `repair` mends what can be mended
        without losing anything.
        """

    # Life -------------------------------------------------------------------------------------

    @abstractmethod
    def close(self) -> None:
        """Release everything. Nothing is lost without it; opening is quicker after it."""


def open_store(url: str) -> AnnotationStore:
    """Open a store by its URL: `tinydb:///absolute/path/notes.json`.

    Raises `StoreError` with a sentence for what cannot be opened.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "tinydb" and rest:
        from store.tiny import TinyStore  # noqa: PLC0415  # which itself imports this module

        return TinyStore(Path(rest))
    raise StoreError(f"`{url}` is not the address of a store; try tinydb:///path/to/notes.json.")


def put_store_aside(url: str, folder: Path) -> Path:
    """Move the files of a store that is damaged beyond help into a new folder, and answer it.

    Raises `StoreLocked` where another process has it open, `StoreFull` or `StoreUnwritable`.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "tinydb" and rest:
        from store.set_aside import put_files_aside  # noqa: PLC0415  # which itself imports this

        return put_files_aside(Path(rest), folder)
    raise StoreError(f"`{url}` is not a store of files that can be put aside.")
