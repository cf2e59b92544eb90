"""Accounts, as the embedded store keeps them: a world of tables for each reader."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from store.document import document_id
from store.model import encode
from store.snapshot import Tables
from store.transaction import Transaction

ACCOUNTS = "accounts"
DEVICES = "devices"


class Account(Struct, frozen=True):
    """An account that was added. One that has notes or devices needs no such record."""

    name: str


Kind = TypeVar("Kind", "Account", "_Owned")


def account_names(tables: Tables) -> set[str]:
    """Every account there is."""
    with_notes = {name.rpartition("/")[0] for name, kept in tables.items() if "/" in name and kept}
    added = _named(tables.get(ACCOUNTS, {}), _decode_account)
    return with_notes | added | _named(tables.get(DEVICES, {}), _decode_owned)


def add_account(transaction: Transaction, name: str) -> bool:
    """See `AnnotationStore.add_account`."""
    if _exists(transaction, name):
        return False
    transaction.put(ACCOUNTS, account_id(name), encode(Account(name)))
    return True


def remove_account(transaction: Transaction, name: str) -> bool:
    """See `AnnotationStore.remove_account`."""
    if not _exists(transaction, name):
        return False
    for table in _tables_of(transaction, name):
        for id in transaction.ids(table):
            transaction.put(table, id, None)
    for id in transaction.ids(DEVICES):
        if _owner(transaction.get(DEVICES, id)) == name:
            transaction.put(DEVICES, id, None)
    transaction.put(ACCOUNTS, account_id(name), None)
    return True


def _tables_of(transaction: Transaction, name: str) -> list[str]:
    return [
        table
        for table in transaction.tables()
        if table.startswith(f"{name}/") and "/" not in table[len(name) + 1 :]
    ]


class _Owned(Struct, frozen=True):
    """The part of a device that says whose it is."""

    account: str

    @property
    def name(self) -> str:
        return self.account


def _exists(transaction: Transaction, name: str) -> bool:
    if transaction.get(ACCOUNTS, account_id(name)) is not None:
        return True
    if any(
        table.rpartition("/")[0] == name and transaction.ids(table)
        for table in transaction.tables()
    ):
        return True
    return any(_owner(transaction.get(DEVICES, id)) == name for id in transaction.ids(DEVICES))


def _owner(document: bytes | None) -> str | None:
    owned = None if document is None else _read(document, _decode_owned)
    return None if owned is None else owned.name


def _named(documents: Mapping[str, bytes], decode: Callable[[bytes], Kind]) -> set[str]:
    read = (_read(document, decode) for document in documents.values())
    return {each.name for each in read if each is not None}


def _read(document: bytes, decode: Callable[[bytes], Kind]) -> Kind | None:
    try:
        return decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # `check` names what is damaged


_decode_account = msgspec.json.Decoder(Account).decode
_decode_owned = msgspec.json.Decoder(_Owned).decode


def account_id(name: str) -> str:
    """The id an account's own document stands under."""
    return document_id(hashlib.blake2b(name.encode(), digest_size=16).hexdigest())
