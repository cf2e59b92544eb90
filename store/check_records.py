"""Checks each document of a store, and mends what can be mended without losing anything.

A mended note is changed behind the back of the one write path, which is why only this may do it:
what it mends are documents that no operation could have made. They come from a file that was
edited by hand, or from a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from store.apply import THE_ONLY, Run, Sequence
from store.base import Finding, Severity
from store.clock import now
from store.document import document_id
from store.merge import tombstone
from store.model import Annotation, Invalid, Trashed, encode
from store.page_key import page_key
from store.records import accounts_of, is_known, own_id, problem_of
from store.snapshot import Tables
from store.transaction import Transaction

T = TypeVar("T")
Mend = Callable[["Mending"], None]


class Fault(Struct):
    """Something wrong with a document as it was found, and how to mend it."""

    table: str
    id: str
    document: bytes | None
    finding: Finding
    mend: Mend | None
    aside: bool = False
    """Whether the document is to be kept in a file beside the store before it is mended."""


class Mending:
    """One account's documents, while they are mended; gives numbers as applying operations does."""

    def __init__(self, transaction: Transaction, account: str, last: int, nonce: str) -> None:
        self.transaction = transaction
        self._account = account
        self._first = self._last = last
        self._nonce = nonce

    def number(self) -> int:
        """The next sequence number."""
        self._last += 1
        return self._last

    def finish(self) -> None:
        """Keep which numbers were given."""
        if self._last > self._first:
            runs, run = f"{self._account}/runs", document_id(self._nonce)
            if self.transaction.get(runs, run) is None:
                self.transaction.put(runs, run, encode(Run(self._nonce, self._first + 1)))
        if self._last:
            sequence = encode(Sequence(self._last))
            self.transaction.put(f"{self._account}/sequence", THE_ONLY, sequence)


def check_records(tables: Tables) -> Iterator[Fault]:
    """What is wrong with the documents, table by table."""
    for name, documents in tables.items():
        if not is_known(name):
            yield Fault(name, "", None, _note(f"Table `{name}` is none of Postil's."), None)
            continue
        for id, document in documents.items():
            if (why := problem_of(name, id, document)) is not None:
                sentence = f"Document {id} of table `{name}` is no good, for {why}."
                own = _free_id(name, document, documents)
                mend = _remove(name, id) if own is None else _move(name, id, own, document)
                yield Fault(name, id, document, _error(sentence), mend, aside=own is None)
    for account in accounts_of(tables):
        yield from _check_account(account, tables)


def mend(
    faults: list[Fault], transaction: Transaction, tables: Tables, account: str, nonce: str
) -> None:
    """Mend an account's faults, but for those whose document was changed since."""
    mending = Mending(transaction, account, highest(tables, account), nonce)
    standing = [f for f in faults if transaction.get(f.table, f.id) == f.document]
    for fault in standing:
        if fault.mend is not None:
            fault.mend(mending)
    mending.finish()


def highest(tables: Tables, account: str) -> int:
    """The highest number an account has given, as far as that can be read."""
    last = _sequence(tables, account)
    for _, note in _sound(tables, f"{account}/annotations", Annotation):
        last = max(last, note.rev)
    return last


def _check_account(account: str, tables: Tables) -> Iterator[Fault]:
    notes = f"{account}/annotations"
    documents = tables.get(notes, {})
    deleted: set[str] = set()
    numbers: set[int] = set()
    for id, note in _sound(tables, notes, Annotation):
        if note.deleted:
            deleted.add(id)
        yield from _check_page(notes, id, note, documents[id])
        if note.rev < 1 or note.rev in numbers:
            sentence = f"Note {note.id} has number {note.rev}, which is another's or none."
            yield Fault(notes, id, documents[id], _error(sentence), _renumber(notes, id, note))
        numbers.add(note.rev)
    last = _sequence(tables, account)
    if max(numbers, default=0) > last:
        sentence = f"Account `{account}` has given number {max(numbers)}, but knows of {last} only."
        table = f"{account}/sequence"
        kept = tables.get(table, {}).get(THE_ONLY)
        yield Fault(table, THE_ONLY, kept, _error(sentence), lambda _: None)
    trash = f"{account}/trash"
    for id, trashed in _sound(tables, trash, Trashed):
        if id not in documents:
            sentence = f"Note {trashed.annotation.id} is in the trash, but was never deleted."
            put = _bury(notes, id, trashed.annotation)
            yield Fault(trash, id, tables[trash][id], _error(sentence), put)
        elif id not in deleted:
            sentence = f"Note {trashed.annotation.id} is in the trash, and stands on its page too."
            yield Fault(trash, id, tables[trash][id], _note(sentence), None)


def _check_page(table: str, id: str, note: Annotation, document: bytes) -> Iterator[Fault]:
    try:
        key = page_key(note.url)
    except Invalid as error:
        yield Fault(table, id, document, _error(f"Note {note.id}: {error}"), None)
        return
    if key != note.page:
        sentence = f"Note {note.id} is kept under `{note.page}`, but its page is `{key}`."
        moved = encode(replace(note, page=key))
        yield Fault(table, id, document, _error(sentence), _put(table, id, moved))


def _put(table: str, id: str, document: bytes | None) -> Mend:
    return lambda mending: mending.transaction.put(table, id, document)


def _remove(table: str, id: str) -> Mend:
    return _put(table, id, None)


def _move(table: str, id: str, own: str, document: bytes) -> Mend:
    def mend(mending: Mending) -> None:
        mending.transaction.put(table, id, None)
        mending.transaction.put(table, own, document)

    return mend


def _free_id(table: str, document: bytes, documents: Mapping[str, bytes]) -> str | None:
    """Where a document that stands under a wrong id can go."""
    try:
        own = own_id(table, document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return None if own in documents else own


def _renumber(table: str, id: str, note: Annotation) -> Mend:
    def mend(mending: Mending) -> None:
        # It may have been given another page just before.
        document = mending.transaction.get(table, id)
        kept = note if document is None else msgspec.json.decode(document, type=Annotation)
        mending.transaction.put(table, id, encode(replace(kept, rev=mending.number())))

    return mend


def _bury(table: str, id: str, note: Annotation) -> Mend:
    def mend(mending: Mending) -> None:
        buried = tombstone(note, device=note.device, seq=mending.number(), at=now())
        mending.transaction.put(table, id, encode(buried))

    return mend


def _sequence(tables: Tables, account: str) -> int:
    table = f"{account}/sequence"
    return max([0, *(sequence.seq for _, sequence in _sound(tables, table, Sequence))])


def _sound(tables: Tables, name: str, kind: type[T]) -> Iterator[tuple[str, T]]:
    """The documents of a table that can be used."""
    decode = msgspec.json.Decoder(kind).decode
    for id, document in tables.get(name, {}).items():
        if problem_of(name, id, document) is None:
            yield id, decode(document)


def _error(sentence: str) -> Finding:
    return Finding(Severity.ERROR, sentence)


def _note(sentence: str) -> Finding:
    return Finding(Severity.NOTE, sentence)
