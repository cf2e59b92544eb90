"""An account's trash: what was deleted, for as long as it can be restored."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from store.answers import TrashPage
from store.journal import JournalStorage
from store.model import Invalid, Trashed
from store.transaction import Transaction


def trash_table(account: str) -> str:
    """The table an account's trash is kept in."""
    return f"{account}/trash"


def read_trash(storage: JournalStorage, account: str, limit: int, cursor: str | None) -> TrashPage:
    """See `AnnotationStore.trash`. A cursor is the time and the id of the last one shown."""
    with storage.reading:
        documents = list(storage.tables.get(trash_table(account), {}).values())
    found = sorted(((*_key(document), document) for document in documents), reverse=True)
    if cursor is not None:
        at, tilde, id = cursor.partition("~")
        if not tilde:
            raise Invalid(f"`{cursor[:80]}` is not a cursor of the trash.", "cursor")
        found = [entry for entry in found if entry[:2] < (at, id)]
    shown = found[:limit]
    more = len(found) > limit
    return TrashPage(
        trashed=[_decode(document) for _, _, document in shown],
        total=len(documents),
        cursor=f"{shown[-1][0]}~{shown[-1][1]}" if more and shown else None,
    )


def empty_trash(storage: JournalStorage, account: str, before: str | None) -> int:
    """See `AnnotationStore.empty_trash`."""
    table = trash_table(account)

    def work(transaction: Transaction) -> int:
        gone = 0
        for id in transaction.ids(table):
            document = transaction.get(table, id)
            if document is not None and (before is None or _key(document)[0] < before):
                transaction.put(table, id, None)
                gone += 1
        return gone

    return storage.transact(work)


class _Name(Struct, frozen=True):
    id: str


class _Entry(Struct, frozen=True):
    """The part of an entry it is ordered by."""

    annotation: _Name
    at: str


def _key(document: bytes) -> tuple[str, str]:
    entry = _decode_entry(document)
    return entry.at, entry.annotation.id


_decode = msgspec.json.Decoder(Trashed).decode
_decode_entry = msgspec.json.Decoder(_Entry).decode
