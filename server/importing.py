"""Notes that were read from a file -> the store, in batches, or into a rehearsal of that.

What becomes of each is decided in `server.import_operation`.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec
from msgspec import Struct

from server.formats.codec import Broken, Item, Note
from server.import_operation import SIGN, id_of, left_out, operation_for
from server.import_results import ItemResult, Outcome
from store.base import AnnotationStore
from store.clock import now
from store.merge import merge
from store.model import MAX_OPERATIONS, Annotation, Invalid, Operation, Result, Status


class Tally(Struct):
    """How many items there were, by what became of them."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def count(self, result: ItemResult) -> None:
        """Count one more."""
        setattr(self, result.status, getattr(self, result.status) + 1)


def import_notes(
    store: AnnotationStore, account: str, device: str, items: Iterable[Item], *, dry_run: bool
) -> Iterator[ItemResult]:
    """Bring items into an account, and say of each, in their order, what became of it.

    They are written in batches, each durable before its results are told. `dry_run` writes nothing
    and says what would become of them. Raises what `store.apply` raises; what was told of by then
    stands.
    """
    importing = _Rehearsing(store, account) if dry_run else _Writing(store, account, device)
    for item in items:
        if isinstance(item, Broken):
            yield from importing.take(
                ItemResult(item.number, Outcome.REJECTED, item.line, "", item.sentence, item.field)
            )
            continue
        try:
            yield from importing.note(item, id_of(item))
        except Invalid as invalid:
            yield from importing.take(_rejected(item, invalid))
    yield from importing.settle()


class _Importing(ABC):
    """What writing and rehearsing have in common: results leave in the order of the items."""

    def __init__(self, store: AnnotationStore, account: str) -> None:
        self._store = store
        self._account = account

    def take(self, result: ItemResult) -> Iterator[ItemResult]:
        """A result that needs nothing written."""
        yield result

    @abstractmethod
    def note(self, note: Note, id: str) -> Iterator[ItemResult]:
        """What becomes of a note, or of those before it."""

    def settle(self) -> Iterator[ItemResult]:
        """The results that are still open."""
        yield from ()

    def _standing(self, id: str) -> Annotation | None:
        return self._store.get(self._account, id)


class _Writing(_Importing):
    def __init__(self, store: AnnotationStore, account: str, device: str) -> None:
        super().__init__(store, account)
        self._device = f"{SIGN}{device.removeprefix(SIGN)}"
        self._results: list[ItemResult | tuple[ItemResult, Operation]] = []
        self._ids: set[str] = set()

    def take(self, result: ItemResult) -> Iterator[ItemResult]:
        self._results.append(result)
        if len(self._results) >= MAX_OPERATIONS:
            yield from self.settle()

    def note(self, note: Note, id: str) -> Iterator[ItemResult]:
        if id in self._ids:
            yield from self.settle()  # what it is to be held against is about to be written
        made = operation_for(note, id, self._standing(id))
        if isinstance(made, str):
            yield from self.take(_told(note, Outcome.UNCHANGED, id, made))
            return
        self._ids.add(id)
        self._results.append((_told(note, Outcome.CREATED, id, left_out(note)), made))
        if len(self._results) >= MAX_OPERATIONS:
            yield from self.settle()

    def settle(self) -> Iterator[ItemResult]:
        operations = [one[1] for one in self._results if isinstance(one, tuple)]
        applied = iter(
            self._store.apply(self._account, self._device, operations) if operations else []
        )
        results, self._results, self._ids = self._results, [], set()
        for one in results:
            yield _settled(one[0], next(applied)) if isinstance(one, tuple) else one


class _Rehearsing(_Importing):
    def __init__(self, store: AnnotationStore, account: str) -> None:
        super().__init__(store, account)
        self._now = now()
        self._seen: dict[bytes, tuple[bytes, str]] = {}  # what each id's note would be by now

    def note(self, note: Note, id: str) -> Iterator[ItemResult]:
        key, print_ = UUID(id).bytes, _fingerprint(note)
        before = self._seen.get(key)
        record = None if before else self._standing(id)
        made = operation_for(note, id, record)
        if isinstance(made, str):
            yield _told(note, Outcome.UNCHANGED, id, made)
            return
        outcome = merge(record, made, device=SIGN, seq=made.base or 1, now=self._now)
        if outcome.status is Status.REJECTED:
            yield _told(note, Outcome.REJECTED, "", outcome.reason, _plain(outcome.field))
            return
        status = Outcome.CREATED if record is None else Outcome.UPDATED
        if before is not None:
            newer = print_ != before[0] and not (note.updated and note.updated < before[1])
            status = Outcome.UPDATED if newer else Outcome.UNCHANGED
        if status is not Outcome.UNCHANGED:
            self._seen[key] = print_, note.updated or (before[1] if before else "")
        yield _told(note, status, id, left_out(note))


def _settled(told: ItemResult, result: Result) -> ItemResult:
    if result.status is not Status.REJECTED:
        return msgspec.structs.replace(told, status=_OUTCOMES[result.status])
    reason, field = str(result.reason or ""), str(result.field or "")
    return msgspec.structs.replace(
        told, status=Outcome.REJECTED, id="", sentence=reason, field=_plain(field)
    )


_OUTCOMES = {
    Status.CREATED: Outcome.CREATED,
    Status.UPDATED: Outcome.UPDATED,
    Status.MERGED: Outcome.UPDATED,
    Status.CONFLICT: Outcome.UPDATED,
    Status.UNCHANGED: Outcome.UNCHANGED,
}


def _rejected(note: Note, invalid: Invalid) -> ItemResult:
    return _told(note, Outcome.REJECTED, "", _plain(str(invalid)), _plain(invalid.field))


def _plain(path: str) -> str:
    """A field as a record has it, not the operation that brings it."""
    return path.replace("set.", "", 1).replace("tags_add", "tags", 1)


def _told(
    note: Note, status: Outcome, id: str = "", sentence: str = "", field: str = ""
) -> ItemResult:
    return ItemResult(note.number, status, note.line, id, sentence, field)


def _fingerprint(note: Note) -> bytes:
    said = msgspec.structs.replace(note, number=0, line=0)
    return hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=12).digest()
