"""Who may come in, as the embedded store keeps it: devices, pairing codes, sign-in links."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from store.base import AnnotationStore
from store.document import document_id
from store.journal import Change, JournalStorage
from store.model import Device, Grant, encode
from store.transaction import Transaction


class DeviceIndex:
    """The devices of a store, decoded, by the hash of their token. `changed` is for
    `JournalStorage.watch`."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        self._devices: dict[str, Device] = {}
        self._ids: dict[str, str] = {}
        self.changed([(id, None, document) for id, document in documents.items()])

    def __iter__(self) -> Iterator[Device]:
        return iter(list(self._devices.values()))

    def find(self, token_hash: str) -> tuple[str, Device] | None:
        """A device, and its document's id."""
        id = self._ids.get(token_hash)
        return None if id is None else (id, self._devices[id])

    def changed(self, changes: list[Change]) -> None:
        for id, _, after in changes:
            gone = self._devices.pop(id, None)
            if gone is not None and self._ids.get(gone.token_hash) == id:
                del self._ids[gone.token_hash]
            if after is None or (device := _readable(after)) is None:
                continue
            self._devices[id] = device
            self._ids[device.token_hash] = id


class TinyAdmission(AnnotationStore):
    """The part of `TinyStore` that knows devices and grants. See `AnnotationStore`."""

    _storage: JournalStorage
    _devices: DeviceIndex

    def put_device(self, device: Device) -> None:
        self._put("devices", document_id(device.id), device)

    def device_by_token(self, token_hash: str) -> Device | None:
        with self._storage.reading:
            found = self._devices.find(token_hash)
        return None if found is None else found[1]

    def touch_device(self, token_hash: str, seen: str) -> Device | None:
        with self._storage.reading:
            found = self._devices.find(token_hash)
        if found is None:
            return None
        id = found[0]

        def work(transaction: Transaction) -> Device | None:
            document = transaction.get("devices", id)
            if document is None:
                return None
            device = msgspec.json.decode(document, type=Device)
            if device.token_hash != token_hash:
                return None
            touched = msgspec.structs.replace(device, seen=seen)
            transaction.put("devices", id, encode(touched))
            return touched

        return self._storage.transact(work)

    def devices(self, account: str) -> list[Device]:
        mine = [device for device in self._all_devices() if device.account == account]
        return sorted(mine, key=lambda device: (device.created, device.id))

    def knows_origin(self, origin: str) -> bool:
        return any(device.origin == origin for device in self._all_devices())

    def remove_device(self, account: str, id: str) -> bool:
        def work(transaction: Transaction) -> bool:
            document = transaction.get("devices", document_id(id))
            if document is None or msgspec.json.decode(document, type=Device).account != account:
                return False
            transaction.put("devices", document_id(id), None)
            return True

        return self._storage.transact(work)

    # Grants -----------------------------------------------------------------------------------

    def put_grant(self, grant: Grant) -> None:
        self._put("grants", document_id(grant.secret_hash), grant)

    def redeem_grant(self, kind: str, secret_hash: str, now: float, tries: int) -> Grant | None:
        def work(transaction: Transaction) -> Grant | None:
            redeemed = None
            for id in transaction.ids("grants"):
                document = transaction.get("grants", id)
                assert document is not None
                grant = msgspec.json.decode(document, type=Grant)
                if grant.expires <= now:
                    transaction.put("grants", id, None)
                elif grant.kind == kind and secrets.compare_digest(grant.secret_hash, secret_hash):
                    transaction.put("grants", id, None)
                    redeemed = grant
            if redeemed is None:
                _count_wrong_guess(transaction, kind, tries)
            return redeemed

        return self._storage.transact(work)

    def _put(self, table: str, id: str, value: Struct) -> None:
        document = encode(value)
        self._storage.transact(lambda transaction: transaction.put(table, id, document))

    def _all_devices(self) -> list[Device]:
        with self._storage.reading:
            return list(self._devices)


def _readable(document: bytes) -> Device | None:
    """One damaged device shuts out itself alone; `check` names it."""
    try:
        return msgspec.json.decode(document, type=Device)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _count_wrong_guess(transaction: Transaction, kind: str, tries: int) -> None:
    for id in transaction.ids("grants"):
        document = transaction.get("grants", id)
        assert document is not None
        grant = msgspec.json.decode(document, type=Grant)
        if grant.kind == kind:
            guessed = msgspec.structs.replace(grant, tries=grant.tries + 1)
            transaction.put("grants", id, encode(guessed) if guessed.tries < tries else None)
