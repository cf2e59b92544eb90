"""Who may come in, as the embedded store keeps it: devices, pairing codes, sign-in links."""

from __future__ import annotations

import secrets

import msgspec
from msgspec import Struct

from store.base import AnnotationStore
from store.document import document_id
from store.journal import JournalStorage
from store.model import Device, Grant, encode
from store.transaction import Transaction


class TinyAdmission(AnnotationStore):
    """The part of `TinyStore` that knows devices and grants. See `AnnotationStore`."""

    _storage: JournalStorage

    def put_device(self, device: Device) -> None:
        self._put("devices", document_id(device.id), device)

    def device_by_token(self, token_hash: str) -> Device | None:
        for device in self._all_devices():
            if secrets.compare_digest(device.token_hash, token_hash):
                return device
        return None

    def devices(self, account: str) -> list[Device]:
        mine = [device for device in self._all_devices() if device.account == account]
        return sorted(mine, key=lambda device: (device.created, device.id))

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
            documents = list(self._storage.tables.get("devices", {}).values())
        return [msgspec.json.decode(document, type=Device) for document in documents]


def _count_wrong_guess(transaction: Transaction, kind: str, tries: int) -> None:
    for id in transaction.ids("grants"):
        document = transaction.get("grants", id)
        assert document is not None
        grant = msgspec.json.decode(document, type=Grant)
        if grant.kind == kind:
            guessed = msgspec.structs.replace(grant, tries=grant.tries + 1)
            transaction.put("grants", id, encode(guessed) if guessed.tries < tries else None)
