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
from pathlib import Path

from store.address import is_database, without_secrets
from store.answers import (
    Backup,
    Changes,
    Cursor,
    Found,
    Manifest,
    Report,
    Sort,
    Totals,
    TrashPage,
)
from store.errors import StoreError
from store.model import Annotation, Device, Grant, Lost, Operation, Page, Result
from store.query import Query

TRASH_DAYS = 90


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
    def counter(self, account: str, device: str) -> int:
        """The highest operation counter taken from a device; 0 where it sent none."""

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
    def days(self, account: str) -> dict[str, int]:
        """On which days live notes were made, with how many on each; the earliest first.

        A day is the date of `created`, in UTC: `2026-11-24`. Costs what it returns.
        """

    @abstractmethod
    def count(self, account: str) -> int:
        """How many live notes there are."""

    @abstractmethod
    def epoch(self) -> str:
        """The UUID of this store's history; a restore makes a new one."""

    # What browsers saw ------------------------------------------------------------------------

    @abstractmethod
    def observe(self, account: str, device: str, lost: Sequence[str], found: Sequence[str]) -> None:
        """Take what a device saw: these notes' passages are not on their pages, and those are.

        No change of any note: one browser saw one page at one time, and the reader wrote nothing.
        No `rev` moves, `changes` tells nothing, nothing can conflict. A note that is listed
        already keeps its time and its device; ids of no live note, and of notes on a whole page,
        are passed over; a note said to be both was found.
        """

    @abstractmethod
    def lost(self, account: str, ids: Sequence[str] | None = None) -> list[Lost]:
        """What was not found again, the last first; of `ids` alone, where they are given.

        A note leaves the list when it is seen again, is deleted, or gets another quote or page:
        restored, it is not back on it. Backups hold the list. Costs what it returns.
        """

    @abstractmethod
    def count_lost(self, account: str) -> int:
        """How many notes are on that list."""

    # Accounts ---------------------------------------------------------------------------------

    @abstractmethod
    def accounts(self) -> list[str]:
        """All accounts: those that were added, and any that has a note or a device, by name."""

    @abstractmethod
    def totals(self) -> Totals:
        """How many accounts there are, and live notes in all of them."""

    @abstractmethod
    def add_account(self, name: str) -> bool:
        """Make a world of its own for another reader. False if there is one of that name."""

    @abstractmethod
    def remove_account(self, name: str) -> bool:
        """Forget an account with all its notes, its trash and its devices, for good; backups made
        before keep them. False if there is none of that name."""

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
    def knows_origin(self, origin: str) -> bool:
        """Whether any account's device was paired from this origin."""

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
    def begin_history(self) -> str:
        """Give the store a new epoch, and answer it: its files or its database were put back by
        other means than `restore`, and devices shall pull everything and send what was lost.

        Numbers go on far after all that any device can have seen.
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
    """Open a store by its URL: `tinydb:///absolute/path/notes.json`, or
    `postgresql://user:password@host/database`.

    Raises `StoreError` with a sentence for what cannot be opened.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "tinydb" and rest:
        from store.tiny import TinyStore  # noqa: PLC0415  # which itself imports this module

        return TinyStore(Path(rest))
    if is_database(url):
        try:
            from store.sql.store import SqlStore  # noqa: PLC0415  # with the extra [sql] alone
        except ModuleNotFoundError as error:
            raise without_extra(error) from None
        return SqlStore(url)
    raise StoreError(
        f"`{without_secrets(url)}` is not the address of a store; try "
        "tinydb:///path/to/notes.json, or postgresql://user:password@host/database."
    )


def without_extra(error: ModuleNotFoundError) -> StoreError:
    """What to raise where the packages for a database were not installed."""
    return StoreError(
        f"PostgreSQL needs a package that is not here ({error.name}): pip install 'postil[sql]'."
    )


def put_store_aside(url: str, folder: Path) -> Path:
    """Move the files of a store that is damaged beyond help into a new folder, and answer it.

    Raises `StoreLocked` where another process has it open, `StoreFull` or `StoreUnwritable`.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "tinydb" and rest:
        from store.set_aside import put_files_aside  # noqa: PLC0415  # which itself imports this

        return put_files_aside(Path(rest), folder)
    raise StoreError(f"`{url}` is not a store of files that can be put aside.")
