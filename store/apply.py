"""A batch of operations within one transaction of a store.

`store.merge` decides what one operation does to one record; this reads the records, gives out the
sequence numbers, remembers what has been taken from each device, and puts what came of it.
"""

from __future__ import annotations

import hashlib
from collections import abc
from functools import lru_cache
from typing import Protocol

import msgspec
from msgspec import UNSET, Struct

from store.clock import now
from store.document import document_id
from store.merge import Outcome, merge
from store.model import (
    MAX_OPERATIONS,
    Annotation,
    Operation,
    Result,
    Status,
    Trashed,
    encode,
)


class Documents(Protocol):
    """What a transaction offers here: documents by table and id, encoded."""

    given: dict[str, int]
    """The highest sequence number of an account that was given, where readers cannot see it."""

    def get(self, table: str, id: str) -> bytes | None: ...

    def put(self, table: str, id: str, document: bytes | None) -> None: ...


class Taken(Struct):
    """What has been taken from one device.

    `device` is its name, `op` the highest counter; `rejected` are counters up to it whose
    operations were refused. Those are no replays when they come again: they were never taken.
    """

    device: str
    op: int = 0
    rejected: list[int] = []


class Application:
    """Applies one device's operations to one account. Not to be used twice."""

    def __init__(
        self, transaction: Documents, account: str, device: str, *, last: int, nonce: str
    ) -> None:
        """`last` is the highest sequence number readers have seen, `nonce` this run's mark."""
        self._transaction = transaction
        self._device = device
        self._nonce = nonce
        self._notes, self._trash, self._counters, self._runs, self._lost = _tables_of(account)
        self._account = account
        self._seq = last_given(transaction, account, last)
        self._now = now()

    @property
    def last(self) -> int:
        """The highest sequence number given."""
        return self._seq

    def run(self, operations: abc.Sequence[Operation]) -> list[Result]:
        before = self._seq
        counted = any(operation.op for operation in operations)
        counter = counter_id(self._device) if counted else ""
        taken = self._taken(counter, operations) if counted else Taken(self._device)
        results = [self._one(operation, taken) for operation in operations]
        if counted:
            self._put(self._counters, counter, encode(taken))
        if self._seq > before:
            run = document_id(self._nonce)
            if self._transaction.get(self._runs, run) is None:
                self._put(self._runs, run, encode(Run(self._nonce, before + 1)))
            self._transaction.given[self._account] = self._seq
        return results

    def _taken(self, counter: str, operations: abc.Sequence[Operation]) -> Taken:
        document = self._transaction.get(self._counters, counter)
        taken = _decode_taken(document) if document else Taken(self._device)
        if min([operation.op for operation in operations if operation.op]) > taken.op:
            taken.rejected = []  # the batch those were in has been answered
        return taken

    def _one(self, operation: Operation, taken: Taken) -> Result:
        document = self._transaction.get(self._notes, document_id(operation.id))
        record = _decode_note(document) if document else None
        if operation.op and operation.op <= taken.op and operation.op not in taken.rejected:
            return _result(operation, Status.UNCHANGED, record)
        outcome = merge(
            record,
            operation,
            device=self._device,
            seq=self._seq + 1,
            now=self._now,
            trashed=self._trashed(record),
        )
        copy = self._keep(outcome, record)
        if operation.op:
            _take(taken, operation.op, refused=outcome.status is Status.REJECTED)
        if outcome.status is Status.REJECTED:
            return Result(
                operation.op,
                operation.id,
                outcome.status,
                reason=outcome.reason,
                code=outcome.code,
                field=outcome.field or UNSET,
            )
        return _result(operation, outcome.status, outcome.record or record, copy)

    def _trashed(self, record: Annotation | None) -> Annotation | None:
        if record is None or not record.deleted:
            return None
        document = self._transaction.get(self._trash, document_id(record.id))
        return _decode_trashed(document).annotation if document else None

    def _keep(self, outcome: Outcome, record: Annotation | None) -> Annotation | None:
        """Put what came of an operation; answer its conflict copy as it stands."""
        for body in outcome.trash:
            self._put(self._trash, document_id(body.id), encode(Trashed(body, self._now)))
        if outcome.record is not None:
            self._put_note(outcome.record)
            if record is not None:
                self._end_loss(record, outcome.record)
        if outcome.copy is None:
            return None
        there = self._transaction.get(self._notes, document_id(outcome.copy.id))
        if there is not None:
            return _decode_note(there)
        self._put_note(outcome.copy)
        return outcome.copy

    def _put_note(self, note: Annotation) -> None:
        id = document_id(note.id)
        self._put(self._notes, id, encode(note))
        self._seq = note.rev
        if not note.deleted and self._transaction.get(self._trash, id) is not None:
            self._put(self._trash, id, None)

    def _end_loss(self, before: Annotation, after: Annotation) -> None:
        """What was seen of a passage says nothing of another one; see `store.lost`."""
        if after.quote == before.quote and after.page == before.page:
            return  # a tombstone has no quote
        id = document_id(after.id)
        if self._transaction.get(self._lost, id) is not None:
            self._put(self._lost, id, None)

    def _put(self, table: str, id: str, document: bytes | None) -> None:
        self._transaction.put(table, id, document)


class Run(Struct, frozen=True):
    """A run of the store: its nonce, and the first sequence number it gave."""

    nonce: str
    first: int


class Sequence(Struct, frozen=True):
    """A sequence number that was given though no note has one as high any more, since a restore or
    a mending took it away; the only document of its table."""

    seq: int


THE_ONLY = "1"  # id of a document that has no other beside it


def last_given(transaction: Documents, account: str, last: int) -> int:
    """The highest sequence number given in an account, where `last` is the highest of a note that
    readers see."""
    kept = transaction.get(f"{account}/sequence", THE_ONLY)
    try:
        gone = _decode_sequence(kept).seq if kept else 0
    except (msgspec.DecodeError, UnicodeDecodeError):
        gone = 0  # `check` names what is damaged
    return max(last, gone, transaction.given.get(account, 0))


@lru_cache(maxsize=256)
def counter_id(device: str) -> str:
    """The document id of a device's counter, whatever the device is called."""
    return document_id(hashlib.blake2b(device.encode(), digest_size=16).hexdigest())


def counter_in(document: bytes | None) -> int:
    """The counter such a document holds; 0 where there is none."""
    return _decode_taken(document).op if document else 0


def _take(taken: Taken, op: int, *, refused: bool) -> None:
    taken.op = max(taken.op, op)
    if refused and op not in taken.rejected:
        taken.rejected = [*taken.rejected, op][-MAX_OPERATIONS:]
    elif not refused and op in taken.rejected:
        taken.rejected = [other for other in taken.rejected if other != op]


def _result(
    operation: Operation,
    status: Status,
    record: Annotation | None,
    copy: Annotation | None = None,
) -> Result:
    return Result(operation.op, operation.id, status, record or UNSET, copy or UNSET)


@lru_cache(maxsize=64)
def _tables_of(account: str) -> tuple[str, ...]:
    kinds = ("annotations", "trash", "counters", "runs", "lost")
    return tuple(f"{account}/{kind}" for kind in kinds)


_decode_note = msgspec.json.Decoder(Annotation).decode
_decode_taken = msgspec.json.Decoder(Taken).decode
_decode_sequence = msgspec.json.Decoder(Sequence).decode
_decode_trashed = msgspec.json.Decoder(Trashed).decode
