"""Passages that were not found again: what browsers saw, beside the notes.

Only a browser that has an article before it can tell whether a passage still stands there. What it
tells is an observation of one page at one time, nothing the reader wrote. So it is kept apart from
the note and changes nothing of it: it takes no number, is not synced, and can be in no conflict. It
ends as soon as it cannot hold any more: when the note gets another quote or another page, or is
deleted; and when any browser finds the passage again. The last observation counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from store.apply import Documents
from store.document import document_id
from store.journal import JournalStorage
from store.model import Annotation, Lost, encode


def lost_table(account: str) -> str:
    """The table what was lost is kept in."""
    return f"{account}/lost"


def take_observations(
    transaction: Documents,
    account: str,
    device: str,
    lost: Iterable[str],
    found: Iterable[str],
    now: str,
) -> None:
    """See `AnnotationStore.observe`."""
    table, notes = lost_table(account), f"{account}/annotations"
    for id in lost:
        name = document_id(id)
        document = transaction.get(notes, name)
        if document is None or transaction.get(table, name) is not None:
            continue
        note = _decode_note(document)
        if not note.deleted and note.quote is not None:
            transaction.put(table, name, encode(Lost(note.id, note.page, now, device)))
    for id in found:
        name = document_id(id)
        if transaction.get(table, name) is not None:
            transaction.put(table, name, None)


def read_lost(
    storage: JournalStorage, account: str, ids: Iterable[str] | None = None
) -> list[Lost]:
    """See `AnnotationStore.lost`."""
    with storage.reading:
        kept: Mapping[str, bytes] = storage.tables.get(lost_table(account), {})
        if ids is None:
            documents = list(kept.values())
        else:
            documents = [kept[name] for name in map(document_id, set(ids)) if name in kept]
    return last_first(map(_decode_lost, documents))


def count_lost(storage: JournalStorage, account: str) -> int:
    """See `AnnotationStore.count_lost`."""
    return len(storage.tables.get(lost_table(account), ()))


def last_first(lost: Iterable[Lost]) -> list[Lost]:
    """In the order of `AnnotationStore.lost`."""
    return sorted(lost, key=lambda one: (one.since, one.id), reverse=True)


_decode_note = msgspec.json.Decoder(Annotation).decode
_decode_lost = msgspec.json.Decoder(Lost).decode
