"""Who may read and write: devices with their tokens, pairing codes and sign-in links.

A *device* is anything that holds a token: a paired extension, a browser signed in to the library,
a script. A token is 256 random bits; only its SHA-256 is kept, so a stolen store opens nothing.
A *grant* is a short-lived secret that is exchanged for a device, once: a pairing code is short
enough to be typed, so it lives ten minutes and five wrong guesses end every live one; a sign-in
link is as long as a token and lives a day.

No Flask in here: `auth.py` puts this to work on requests.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from server.config import ACCOUNT
from store.base import AnnotationStore
from store.clock import timestamp
from store.errors import StoreError
from store.model import Device, Grant

CODE_LIFE = 10 * 60
LINK_LIFE = 24 * 60 * 60
SESSION_LIFE = 90 * 24 * 60 * 60
TRIES = 5

_SEEN_EVERY = 60  # seconds: "last seen" is written no oftener, for each writing costs an fsync
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("OIL", "011")


class Access:
    """Devices and grants of a store. `now` is the server's clock, in seconds since the epoch."""

    def __init__(self, store: AnnotationStore, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now
        self._operator_hash = ""

    def moment(self) -> datetime:
        """The server's clock, as a moment in UTC."""
        return datetime.fromtimestamp(self._now(), UTC)

    def pairing_code(self, account: str = ACCOUNT) -> str:
        """A fresh pairing code, `K7QM-4XZP`."""
        letters = "".join(secrets.choice(_CROCKFORD) for _ in range(8))
        self._grant("pair", letters, account, CODE_LIFE)
        return f"{letters[:4]}-{letters[4:]}"

    def sign_in_secret(self, account: str = ACCOUNT) -> str:
        """The secret of a fresh sign-in link."""
        secret = secrets.token_urlsafe(32)
        self._grant("sign-in", secret, account, LINK_LIFE)
        return secret

    def pair(self, code: str, name: str, kind: str, origin: str) -> tuple[str, Device] | None:
        """Exchange a pairing code for a device and its token. None for a wrong or spent code."""
        grant = self._store.redeem_grant("pair", _sha256(_letters(code)), self._now(), TRIES)
        return self._admit(grant.account, name, kind, origin) if grant else None

    def sign_in(self, secret: str, name: str) -> tuple[str, Device] | None:
        """Exchange a sign-in secret for a library session and its token."""
        # Nobody guesses 256 bits, so a wrong secret is a stale link, not an attack to count.
        grant = self._store.redeem_grant("sign-in", _sha256(secret), self._now(), 2**31)
        if grant is None:
            return None
        self._forget_stale_sessions(grant.account)
        return self._admit(grant.account, name, "library", "")

    def holder(self, token: str) -> Device | None:
        """Who holds this token; notes that they were seen."""
        digest = _sha256(token)
        if self._operator_hash and hmac.compare_digest(digest, self._operator_hash):
            return self._operator()
        device = self._store.device_by_token(digest)
        if device is None or not hmac.compare_digest(digest, device.token_hash):
            return None
        if device.kind == "library" and self._age(device) > SESSION_LIFE:
            return None
        return self._saw(device)

    def knows(self, token: str) -> bool:
        """Whether a token opens anything at all. Nobody counts as seen by that."""
        digest = _sha256(token)
        if self._operator_hash and hmac.compare_digest(digest, self._operator_hash):
            return True
        try:
            return self._store.device_by_token(digest) is not None
        except StoreError:
            return False

    def operator_token(self, token: str = "") -> str:
        """A token for the command line, good until this process ends; replaces the last one.

        Processes that serve together share one, and are given it.
        """
        token = token or secrets.token_urlsafe(32)
        self._operator_hash = _sha256(token)
        return token

    def revoke(self, account: str, id: str) -> bool:
        """Take a device's token away. False if there is no such device."""
        return self._store.remove_device(account, id)

    def paired_origin(self, origin: str) -> bool:
        """Whether a device was paired from this origin."""
        return self._store.knows_origin(origin)

    def _grant(self, kind: str, secret: str, account: str, life: float) -> None:
        self._store.put_grant(Grant(_sha256(secret), kind, account, self._now() + life))

    def _admit(self, account: str, name: str, kind: str, origin: str) -> tuple[str, Device]:
        token = secrets.token_urlsafe(32)
        now = self._timestamp()
        device = Device(
            id=str(uuid4()),
            account=account,
            name=name,
            kind=kind,
            token_hash=_sha256(token),
            created=now,
            seen=now,
            origin=origin,
        )
        self._store.put_device(device)
        return token, device

    def _operator(self) -> Device:
        now = self._timestamp()
        return Device("operator", ACCOUNT, "operator", "operator", self._operator_hash, now, now)

    def _saw(self, device: Device) -> Device:
        if self._age(device) < _SEEN_EVERY:
            return device
        try:
            return self._store.touch_device(device.token_hash, self._timestamp()) or device
        except StoreError:
            return device  # a full disk must not keep anybody from reading

    def _forget_stale_sessions(self, account: str) -> None:
        for device in self._store.devices(account):
            if device.kind == "library" and self._age(device) > SESSION_LIFE:
                self.revoke(account, device.id)

    def _age(self, device: Device) -> float:
        return self._now() - datetime.fromisoformat(device.seen).timestamp()

    def _timestamp(self) -> str:
        return timestamp(self.moment())


def _letters(code: str) -> str:
    """A code as typed by a person: case, hyphens, spaces and look-alikes do not matter."""
    return "".join(code.upper().split()).replace("-", "").translate(_LOOK_ALIKES)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
