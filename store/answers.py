"""What a store answers, beside the records themselves."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import Struct

from store.errors import ResyncRequired
from store.model import Annotation, Invalid, Trashed


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


def search_offset(cursor: str | None) -> int:
    """How many a search has shown already: that is its cursor. Raises `Invalid` for none."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 9):
        raise Invalid(f"`{cursor[:80]}` is not a cursor of a search.", "cursor")
    return int(cursor)


class TrashPage(Struct, frozen=True):
    """Some of the trash, the last deleted first; `cursor` asks for more, None after the last."""

    trashed: list[Trashed]
    total: int
    cursor: str | None


class Totals(Struct, frozen=True):
    """What a store holds, in numbers."""

    accounts: int
    annotations: int


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
