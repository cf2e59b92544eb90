"""Moving house: everything of one store into another, so that no browser notices.

Notes with their numbers, tombstones, the trash, what was taken from each device, what was not found
again, the nonces of numbers, devices, codes and the epoch: a cursor that one store gave goes on in
the other. What has arrived is compared with what was sent, document by document, before the move
counts.

A file appears whole or not at all. Into a database accounts move one by one, each whole: a move
that was cut off goes on with the next, and until it is over no server opens what is half there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from store.account import ACCOUNTS, DEVICES, Account
from store.address import is_database, without_secrets
from store.apply import Run, Sequence
from store.backup import Documents
from store.base import without_extra
from store.errors import StoreDamaged, StoreError
from store.model import encode
from store.records import accounts_of, is_known, problem_of
from store.tiny import TinyStore

Told = Callable[[str, int], None]
"""Told of each account that has moved, and of how many documents."""


class Moved(Struct, frozen=True):
    """What was moved: live notes and tombstones are both `records`."""

    accounts: int
    records: int
    devices: int
    digest: str


class House(Protocol):
    """A store as one end of a move. Nobody else may have it open."""

    def documents(self) -> AbstractContextManager[Documents]:
        """Everything, as of one moment."""

    def holds(self) -> str | None:
        """What it holds, in words; None where it may be moved into."""

    def take(self, sent: Documents, told: Told) -> None:
        """Put these in the place of everything, as documents of a sound store."""

    def close(self) -> None: ...


def move(source: House, target: House, *, replace: bool, told: Told) -> Moved:
    """Move everything. Raises `StoreError` where the target holds something, unless it may be
    replaced; and `StoreDamaged` for a source with a document that is no good."""
    held = target.holds()
    if held and not replace:
        raise StoreError(f"There is something already where you want to move: {held}.")
    with source.documents() as sent:
        _require_sound(sent)
        target.take(sent, told)
        with target.documents() as arrived:
            wrong = _differences(sent, arrived)
            if wrong:
                raise StoreDamaged(f"The move went wrong: {'; '.join(wrong)} differ.")
        names = names_in(sent)
        records = sum(len(sent.get(f"{name}/annotations", {})) for name in names)
        devices = len(sent.get(DEVICES, {}))
        return Moved(len(names), records, devices, _digest(sent, names))


def open_house(url: str) -> House:
    """One end of a move, by a store's address. Raises as `open_store` does."""
    if is_database(url):
        try:
            from store.sql.moving import SqlHouse  # noqa: PLC0415  # with the extra [sql] alone
        except ModuleNotFoundError as error:
            raise without_extra(error) from None
        return SqlHouse(url)
    scheme, _, path = url.partition("://")
    if scheme != "tinydb" or not path:
        raise StoreError(f"`{without_secrets(url)}` is not the address of a store.")
    return TinyHouse(Path(path))


class TinyHouse:
    """The embedded store as one end of a move."""

    def __init__(self, path: Path) -> None:
        self._store = TinyStore(path)

    def documents(self) -> AbstractContextManager[Documents]:
        return nullcontext(self._store.outline())

    def holds(self) -> str | None:
        names = self._store.accounts()
        return f"accounts {', '.join(names[:5])}" if names else None

    def take(self, sent: Documents, told: Told) -> None:
        tables = {name: dict(documents.items()) for name, documents in sent.items()}
        self._store.replace_all(tables)
        for name in names_in(tables):
            told(name, len(tables.get(f"{name}/annotations", {})))

    def close(self) -> None:
        self._store.close()


def names_in(tables: Documents) -> list[str]:
    """The accounts that these tables hold something of."""
    added = (
        msgspec.json.decode(document, type=Account).name
        for document in tables.get(ACCOUNTS, {}).values()
    )
    return sorted({*accounts_of(name for name in tables if len(tables[name])), *added})


def fingerprint(tables: Documents, account: str) -> str:
    """What an account's documents come to, in whatever order they stand and however the few that
    a database keeps in columns are written."""
    total = given = 0
    for kind in ("annotations", "trash", "counters", "lost"):
        for document in tables.get(f"{account}/{kind}", {}).values():
            total ^= _hash(kind, document)
            if kind == "annotations":
                given = max(given, _rev(document).rev)
    for document in tables.get(f"{account}/runs", {}).values():
        total ^= _hash("run", encode(msgspec.json.decode(document, type=Run)))
    for document in tables.get(f"{account}/sequence", {}).values():
        given = max(given, msgspec.json.decode(document, type=Sequence).seq)
    return f"{total ^ _hash('given', str(given).encode()):064x}"


# ----------------------------------------------------------------------------------------------


def _differences(sent: Documents, arrived: Documents) -> list[str]:
    if (names := names_in(sent)) != names_in(arrived):
        return ["the accounts"]
    wrong = [f"account {n}" for n in names if fingerprint(sent, n) != fingerprint(arrived, n)]
    for kind, what in ((DEVICES, "devices"), ("grants", "codes"), ("meta", "epochs")):
        if _values(sent.get(kind, {})) != _values(arrived.get(kind, {})):
            wrong.append(what)
    return wrong


def _values(documents: Mapping[str, bytes]) -> list[dict[str, object]]:
    read = (msgspec.json.decode(document) for document in documents.values())
    return sorted(read, key=str)


def _digest(tables: Documents, names: Iterable[str]) -> str:
    said = hashlib.sha256()
    for name in names:
        said.update(f"{name}\n{fingerprint(tables, name)}\n".encode())
    return said.hexdigest()


def _require_sound(sent: Documents) -> None:
    for name, documents in sent.items():
        for id, document in documents.items() if is_known(name) else ():
            if (why := problem_of(name, id, document)) is not None:
                raise StoreDamaged(
                    f"Document {id} of table `{name}` is no good, for {why}. Run `postil check "
                    "--repair` there first."
                )


def _hash(kind: str, document: bytes) -> int:
    digest = hashlib.sha256(kind.encode() + b"\n" + document).digest()
    return int.from_bytes(digest, "big")


class _Rev(Struct):
    rev: int


_rev = msgspec.json.Decoder(_Rev).decode
