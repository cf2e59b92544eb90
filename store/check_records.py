"""Checks each document of a store, and mends what can be mended without losing anything.

A mended note is changed behind the back of the one write path, which is why only this may do it:
what it mends are documents that no operation could have made. They come from a file that was
edited by hand, or from a fault.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from store.answers import Finding, Severity
from store.apply import THE_ONLY, Run, Sequence, last_given
from store.clock import now
from store.document import document_id
from store.merge import tombstone
from store.model import Annotation, Invalid, encode
from store.page_key import page_key
from store.records import OF_THE_STORE, accounts_of, is_known, own_id, read_record
from store.snapshot import Tables
from store.transaction import Transaction

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
        """`last` is the highest number readers have seen, `nonce` this run's mark."""
        self.transaction = transaction
        self._account = account
        self._nonce = nonce
        self._first = self._last = last_given(transaction, account, last)

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
            self.transaction.given[self._account] = self._last


def check_records(tables: Tables) -> Iterator[Fault]:
    """What is wrong with the documents, table by table."""
    for name in tables:
        if not is_known(name):
            yield Fault(name, "", None, _note(f"Table `{name}` is none of Postil's."), None)
    for name in OF_THE_STORE:
        yield from _unusable(tables, name)
    for account in accounts_of(tables):
        yield from _check_account(account, tables)


def mend(faults: list[Fault], mending: Mending) -> None:
    """Mend an account's faults, but for those whose document was changed since."""
    standing = mending.transaction.get
    for fault in [one for one in faults if standing(one.table, one.id) == one.document]:
        if fault.mend is not None:
            fault.mend(mending)
    mending.finish()


def _check_account(account: str, tables: Tables) -> Iterator[Fault]:
    notes, trash = f"{account}/annotations", f"{account}/trash"
    documents = tables.get(notes, {})
    faults: list[Fault] = []
    deleted: set[str] = set()
    numbers: set[int] = set()
    for id, note in _usable(tables, notes, faults):
        if note.deleted:
            deleted.add(id)
        yield from _check_page(notes, id, note, documents[id])
        if note.rev < 1 or note.rev in numbers:
            sentence = f"Note {note.id} has number {note.rev}, which is another's or none."
            yield Fault(notes, id, documents[id], _error(sentence), _renumber(notes, id, note))
        numbers.add(note.rev)
    for id, trashed in _usable(tables, trash, faults):
        named = f"Note {trashed.annotation.id} is in the trash,"
        if id not in documents:
            sentence = f"{named} but was never deleted."
            bury = _bury(notes, id, trashed.annotation)
            yield Fault(trash, id, tables[trash][id], _error(sentence), bury)
        elif id not in deleted:
            sentence = f"{named} and stands on its page too."
            yield Fault(trash, id, tables[trash][id], _note(sentence), None)
    for id, lost in _usable(tables, f"{account}/lost", faults):
        if id not in documents or id in deleted:
            sentence = f"Note {lost.id} is listed as not found again, but is not there."
            table = f"{account}/lost"
            unlist = _put(table, id, None)
            yield Fault(table, id, tables[table][id], _error(sentence), unlist)
    for kind in ("counters", "sequence", "runs"):
        yield from _unusable(tables, f"{account}/{kind}")
    yield from faults


def _usable(tables: Tables, name: str, faults: list[Fault]) -> Iterator[tuple[str, Any]]:
    """What the documents of a table say; those that cannot be used become `faults`."""
    documents = tables.get(name, {})
    for id, document in documents.items():
        value, why = read_record(name, id, document)
        if why is None:
            yield id, value
            continue
        sentence = f"Document {id} of table `{name}` is no good, for {why}."
        own = None if value is None else own_id(value)
        if own is None or own in documents:
            fault = Fault(name, id, document, _error(sentence), _put(name, id, None), aside=True)
        else:
            fault = Fault(name, id, document, _error(sentence), _move(name, id, own, document))
        faults.append(fault)


def _unusable(tables: Tables, name: str) -> list[Fault]:
    faults: list[Fault] = []
    deque(_usable(tables, name, faults), maxlen=0)
    return faults


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


def _move(table: str, id: str, own: str, document: bytes) -> Mend:
    def mend(mending: Mending) -> None:
        mending.transaction.put(table, id, None)
        mending.transaction.put(table, own, document)

    return mend


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


def _error(sentence: str) -> Finding:
    return Finding(Severity.ERROR, sentence)


def _note(sentence: str) -> Finding:
    return Finding(Severity.NOTE, sentence)
