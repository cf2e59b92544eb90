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
from store.merge import merge
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
        self._put = transaction.put
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
        taken = self._taken(operations)
        results = [self._one(operation, taken) for operation in operations]
        if taken is not None:
            self._put(self._counters, counter_id(self._device), encode(taken))
        if self._seq > before:
            given = self._transaction.given
            if self._account not in given:  # else whoever was before has written the run down
                run = document_id(self._nonce)
                if self._transaction.get(self._runs, run) is None:
                    self._put(self._runs, run, encode(Run(self._nonce, before + 1)))
            given[self._account] = self._seq
        return results

    def _taken(self, operations: abc.Sequence[Operation]) -> Taken | None:
        """What has been taken from the device; None where none of these is counted."""
        counted = [operation.op for operation in operations if operation.op]
        if not counted:
            return None
        document = self._transaction.get(self._counters, counter_id(self._device))
        taken = _decode_taken(document) if document else Taken(self._device)
        if min(counted) > taken.op:
            taken.rejected = []  # the batch those were in has been answered
        return taken

    def _one(self, operation: Operation, taken: Taken | None) -> Result:
        op = operation.op
        id = document_id(operation.id)
        document = self._transaction.get(self._notes, id)
        record = None if document is None else _decode_note(document)
        if taken is not None and op and op <= taken.op and op not in taken.rejected:
            return _result(operation, Status.UNCHANGED, record, document)
        outcome = merge(
            record,
            operation,
            device=self._device,
            seq=self._seq + 1,
            now=self._now,
            trashed=None if record is None or not record.deleted else self._trashed(id),
        )
        if taken is not None and op:
            _take(taken, op, refused=outcome.status is Status.REJECTED)
        if outcome.status is Status.REJECTED:
            return Result(
                op,
                operation.id,
                outcome.status,
                reason=outcome.reason,
                code=outcome.code,
                field=outcome.field or UNSET,
            )
        for body in outcome.trash:
            self._put(self._trash, document_id(body.id), encode(Trashed(body, self._now)))
        if outcome.record is not None:
            document = self._put_note(id, outcome.record)
            if record is not None:
                self._end_loss(id, record, outcome.record)
                if record.deleted and not outcome.record.deleted:
                    self._put(self._trash, id, None)
        copy = None if outcome.copy is None else self._put_copy(outcome.copy)
        return _result(operation, outcome.status, outcome.record or record, document, copy)

    def _trashed(self, id: str) -> Annotation | None:
        document = self._transaction.get(self._trash, id)
        return _decode_trashed(document).annotation if document else None

    def _put_copy(self, copy: Annotation) -> Annotation:
        """Put a conflict copy, unless it is there; answer it as it stands."""
        id = document_id(copy.id)
        there = self._transaction.get(self._notes, id)
        if there is not None:
            return _decode_note(there)
        self._put_note(id, copy)
        return copy

    def _put_note(self, id: str, note: Annotation) -> bytes:
        document = encode(note)
        self._put(self._notes, id, document)
        self._seq = note.rev
        return document

    def _end_loss(self, id: str, before: Annotation, after: Annotation) -> None:
        """What was seen of a passage says nothing of another one; see `store.lost`."""
        same_quote = after.quote is before.quote or after.quote == before.quote
        if same_quote and after.page == before.page:
            return  # a tombstone has no quote
        if self._transaction.get(self._lost, id) is not None:
            self._put(self._lost, id, None)


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
    if (given := transaction.given.get(account)) is not None:
        return max(last, given)
    kept = transaction.get(f"{account}/sequence", THE_ONLY)
    try:
        gone = _decode_sequence(kept).seq if kept else 0
    except (msgspec.DecodeError, UnicodeDecodeError):
        gone = 0  # `check` names what is damaged
    return max(last, gone)


@lru_cache(maxsize=256)
def counter_id(device: str) -> str:
    """The document id of a device's counter, whatever the device is called."""
    return document_id(hashlib.blake2b(device.encode(), digest_size=16).hexdigest())


def counter_in(document: bytes | None) -> int:
    """The counter such a document holds; 0 where there is none."""
    return _decode_taken(document).op if document else 0


def _take(taken: Taken, op: int, *, refused: bool) -> None:
    taken.op = max(taken.op, op)
    if not refused and not taken.rejected:
        return
    if refused and op not in taken.rejected:
        taken.rejected = [*taken.rejected, op][-MAX_OPERATIONS:]
    elif not refused and op in taken.rejected:
        taken.rejected = [other for other in taken.rejected if other != op]


def _result(
    operation: Operation,
    status: Status,
    record: Annotation | None,
    document: bytes | None,
    copy: Annotation | None = None,
) -> Result:
    return Result(
        operation.op, operation.id, status, record or UNSET, document or b"", copy or UNSET
    )


@lru_cache(maxsize=64)
def _tables_of(account: str) -> tuple[str, ...]:
    kinds = ("annotations", "trash", "counters", "runs", "lost")
    return tuple(f"{account}/{kind}" for kind in kinds)


_decode_note = msgspec.json.Decoder(Annotation).decode
_decode_taken = msgspec.json.Decoder(Taken).decode
_decode_sequence = msgspec.json.Decoder(Sequence).decode
_decode_trashed = msgspec.json.Decoder(Trashed).decode
