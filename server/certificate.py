"""A certificate and its key, for a server that does TLS itself.

The pair is not only loaded but tried, by a handshake with itself in memory under a client that
trusts this one certificate: so a key that does not belong to it, a date that has passed and a
certificate that may not serve are found by the same code that would refuse them later, and said in
a sentence before anybody is turned away.

Files that change are taken up with the next connection: who renews a certificate every other month
need not start the server anew. Where the new pair will not do, the one before stays.
"""

from __future__ import annotations

import logging
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOG = logging.getLogger("postil")

_EXPIRED, _NOT_YET = 10, 9  # X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID
_ROUNDS = 10  # a handshake takes two or three


class BadCertificate(Exception):
    """A pair that will not do; the message is a sentence that says why."""


class Certificate:
    """A pair of files in PEM; both may be one file. Raises `BadCertificate`."""

    def __init__(self, certificate: Path, key: Path | None = None) -> None:
        self._certificate = certificate
        self._key = key or certificate
        self._seen = self._stamp()
        self._context, self._shown = self._load()

    def context(self) -> ssl.SSLContext:
        """What the next connection is to be encrypted with."""
        now = self._stamp()
        if now != self._seen:
            self._seen = now
            try:
                self._context, self._shown = self._load()
                LOG.info("The certificate was renewed; it is good until %s.", self.until)
            except BadCertificate as error:
                LOG.warning("%s The one before stays in use.", error)
        return self._context

    @property
    def names(self) -> frozenset[str]:
        """The host names and addresses it was made for, without those with a `*`."""
        kinds = ("DNS", "IP Address")
        said = self._shown.get("subjectAltName", ())
        named = {str(name).lower() for kind, name in said if kind in kinds}
        return frozenset(name for name in named if "*" not in name)

    @property
    def until(self) -> datetime:
        """When it expires."""
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(self._shown["notAfter"]), UTC)

    def _stamp(self) -> list[tuple[int, int, int]]:
        stamps = []
        for path in (self._certificate, self._key):
            with suppress(OSError):
                stat = path.stat()
                stamps.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
        return stamps

    def _load(self) -> tuple[ssl.SSLContext, dict[str, Any]]:
        _read(self._certificate, "certificate", "BEGIN CERTIFICATE")
        key = _read(self._key, "key", "PRIVATE KEY-----")
        if "ENCRYPTED" in key:
            raise BadCertificate(
                f"The key {self._key} is locked by a password, and nobody is there to type it. "
                "Give the server an unlocked one that only it can read."
            )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self._certificate, self._key, password=lambda: "")
            return context, _tried(context, self._certificate)
        except ssl.SSLCertVerificationError as error:
            raise BadCertificate(self._why_refused(error)) from None
        except ssl.SSLError as error:
            raise BadCertificate(self._why_not(error)) from None

    def _why_refused(self, error: ssl.SSLCertVerificationError) -> str:
        if error.verify_code == _EXPIRED:
            return f"The certificate {self._certificate} has expired: renew it."
        if error.verify_code == _NOT_YET:
            return f"The certificate {self._certificate} is not valid yet: is the clock right?"
        return f"No browser would take the certificate {self._certificate}: {error.verify_message}."

    def _why_not(self, error: ssl.SSLError) -> str:
        if error.reason == "KEY_VALUES_MISMATCH":
            return f"The key {self._key} is not that of the certificate {self._certificate}."
        why = (error.reason or "unreadable").lower().replace("_", " ")
        return f"The certificate {self._certificate} and its key {self._key} cannot be used: {why}."


def _read(path: Path, what: str, mark: str) -> str:
    try:
        text = path.read_text("latin-1")
    except OSError as error:
        raise BadCertificate(f"The {what} {path} cannot be read: {error.strerror}.") from None
    if mark not in text:
        hint = "" if what == "certificate" else " Where it is a file of its own, name it by --key."
        raise BadCertificate(f"There is no {what} in {path}; it has to be PEM.{hint}")
    return text


def _tried(context: ssl.SSLContext, certificate: Path) -> dict[str, Any]:
    """What a client is shown that trusts nothing but this certificate. Raises `SSLError`."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    trusting.load_verify_locations(certificate)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server)
    server = context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(_ROUNDS):
        try:
            client.do_handshake()
            break
        except ssl.SSLWantReadError:
            with suppress(ssl.SSLWantReadError):
                server.do_handshake()
    return dict(client.getpeercert() or {})
