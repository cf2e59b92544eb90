"""What each table of the embedded store holds, and what is wrong with a document that does not.

A file may have been edited by hand, or written by another program. What is not as it should be is
found here, by name, when a backup is restored and when the store is checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from store.account import Account, account_id
from store.apply import THE_ONLY, Run, Sequence, Taken, counter_id
from store.document import document_id
from store.model import Annotation, Device, Grant, Id, Lost, Timestamp, Trashed

OF_ACCOUNTS: dict[str, Any] = {
    "annotations": Annotation,
    "trash": Trashed,
    "counters": Taken,
    "sequence": Sequence,
    "runs": Run,
    "lost": Lost,
}
"""What stands in an account's tables, by the part of their name after the last slash."""


class Epoch(Struct, frozen=True):
    """The store's history; the only document of `meta`."""

    epoch: str


OF_THE_STORE: dict[str, Any] = {
    "accounts": Account,
    "devices": Device,
    "grants": Grant,
    "meta": Epoch,
}


def account_of(table: str) -> str | None:
    """Whose table it is; None for one that belongs to the whole store, or is none of ours."""
    account, slash, kind = table.rpartition("/")
    return account if slash and kind in OF_ACCOUNTS else None


def accounts_of(tables: Iterable[str]) -> list[str]:
    """The accounts that have any of these tables."""
    return sorted({account for name in tables if (account := account_of(name)) is not None})


def is_known(table: str) -> bool:
    return table in OF_THE_STORE or account_of(table) is not None


def problem_of(table: str, id: str, document: bytes) -> str | None:
    """Why a document cannot be used, as the end of a sentence; None where it can."""
    return read_record(table, id, document)[1]


def read_record(table: str, id: str, document: bytes) -> tuple[Any, str | None]:
    """What a document says, and why it cannot be used, if so."""
    decoder = _DECODERS[table if table in OF_THE_STORE else table.rpartition("/")[2]]
    try:
        value = decoder.decode(document)
        if patterns := _PATTERNS.get(table.rpartition("/")[2]):
            patterns.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return None, f"it cannot be read: {error}"
    if own_id(value) != id:
        return value, "it stands under another id than its own"
    return value, None


def own_id(value: Any) -> str:
    """The id a document that says this stands under."""
    match value:
        case Annotation() | Device() | Lost():
            return document_id(value.id)
        case Trashed():
            return document_id(value.annotation.id)
        case Taken():
            return counter_id(value.device)
        case Run():
            return document_id(value.nonce)
        case Account():
            return account_id(value.name)
        case Grant():
            return document_id(value.secret_hash)
        case _:
            return THE_ONLY


class _Patterned(Struct):
    """What patterns hold a note to."""

    id: Id
    created: Timestamp
    updated: Timestamp
    conflict_of: Id | UnsetType = UNSET


class _PatternedBody(Struct):
    annotation: _Patterned


_PATTERNS: dict[str, msgspec.json.Decoder[Any]] = {
    "annotations": msgspec.json.Decoder(_Patterned),
    "trash": msgspec.json.Decoder(_PatternedBody),
}
_DECODERS = {
    name: msgspec.json.Decoder(kind) for name, kind in (OF_ACCOUNTS | OF_THE_STORE).items()
}
