"""A running server, as the command line finds and asks it.

A server leaves `server.json` in the data folder while it runs: its address and a token that is
the operator's, readable by the folder's owner alone. A file whose server is gone (killed, power
cut) is not an error: nobody answers there, and that is the same as no server.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import BinaryIO, TypeVar
from urllib.parse import SplitResult, quote, urlsplit

import msgspec
from msgspec import Struct

from server.answers import ACCOUNT_HEADER
from store import model

T = TypeVar("T")

_TIMEOUT = 30
_SLOW = 15 * 60  # for what reads or writes everything
_CHUNK = 64 * 1024


class NoServer(Exception):
    """No server runs on this data folder."""


class CannotServe(Exception):
    """The server cannot start; the message is a sentence that says why."""


class Refused(Exception):
    """The server answered with a problem; the message is its sentence."""


class ServerFile(Struct, frozen=True):
    """What `server.json` holds."""

    url: str
    token: str
    pid: int
    public: str = ""


@contextmanager
def announced(path: Path, url: str, token: str, public: str = "") -> Iterator[None]:
    """Keep `server.json` in place for as long as the server runs.

    `public` is the address readers reach it at, where that is another.
    """
    mine = ServerFile(url, token, os.getpid(), public)
    fresh = path.with_name(f"{path.name}.{mine.pid}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(model.encode(mine))
    fresh.replace(path)
    try:
        yield
    finally:
        if _read(path) == mine:
            path.unlink(missing_ok=True)


@contextmanager
def asked(
    path: Path,
    method: str,
    target: str,
    body: object = None,
    timeout: float = _TIMEOUT,
    account: str = "",
    file: BinaryIO | None = None,
) -> Iterator[HTTPResponse]:
    """The answer of the server that left this file. Raises `NoServer` or `Refused`.

    `timeout` is how many seconds its answer may take, `account` whose notes it is about, `file` a
    body of any length, which is sent as it is read.
    """
    known = _read(path)
    address = urlsplit(known.url) if known else None
    if known is None or address is None or address.hostname is None:
        raise NoServer
    connection = _connection(address, timeout)
    headers = {"Authorization": f"Bearer {known.token}", "Content-Type": "application/json"}
    if account:
        headers[ACCOUNT_HEADER] = quote(account, safe="")
    data = file if body is None else model.encode(body)
    if file is not None:
        headers["Content-Type"] = "application/octet-stream"
    try:
        try:
            connection.connect()
        except OSError:
            raise NoServer from None
        try:
            # A server that has heard enough answers, and hangs up on the rest of what is sent.
            with suppress(BrokenPipeError, ConnectionResetError) if file else nullcontext():
                connection.request(method, target, data, headers)
            response = connection.getresponse()
        except TimeoutError:
            raise Refused(
                f"The server did not answer within {timeout:.0f} seconds. It may still be at it."
            ) from None
        except (OSError, HTTPException):
            if file is not None:
                raise Refused("The server broke off while the file was sent.") from None
            raise NoServer from None
        if response.status == 401:
            raise NoServer  # another program, or another server, has taken this port since
        if response.status >= 400:
            raise Refused(_sentence(response))
        yield response
    finally:
        connection.close()


def answered(
    path: Path,
    method: str,
    target: str,
    kind: type[T],
    body: object = None,
    *,
    slow: bool = False,
    account: str = "",
) -> T:
    """The server's answer as `kind`. Raises `NoServer` or `Refused`."""
    timeout = _SLOW if slow else _TIMEOUT
    with asked(path, method, target, body, timeout, account) as response:
        return msgspec.json.decode(response.read(), type=kind)


class Granted(Struct, frozen=True):
    """The answer of POST /api/grants."""

    secret: str


def runs(path: Path) -> bool:
    """Whether the server that left this file is there."""
    try:
        answered(path, "GET", "/api/status", dict[str, object])
    except NoServer:
        return False
    return True


def granted(path: Path, kind: str, account: str) -> tuple[str, str]:
    """The server's address, and a fresh secret of this kind for an account from it."""
    wanted = {"kind": kind}
    made = answered(path, "POST", "/api/grants", Granted, wanted, account=account)
    return address(path), made.secret


def chunks(response: HTTPResponse) -> Iterator[bytes]:
    """The body as it comes. Raises `Refused` where it breaks off before its end."""
    try:
        while chunk := response.read1(_CHUNK):
            yield chunk
    except (OSError, HTTPException):
        raise Refused("The server broke off in the middle of its answer.") from None


def address(path: Path) -> str:
    """The address for readers of the server that left this file. Raises `NoServer`."""
    known = _read(path)
    if known is None:
        raise NoServer
    return known.public or known.url


def _read(path: Path) -> ServerFile | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=ServerFile)
    except (OSError, msgspec.DecodeError):
        return None


def _connection(address: SplitResult, timeout: float) -> HTTPConnection:
    assert address.hostname is not None
    if address.scheme != "https":
        return HTTPConnection(address.hostname, address.port, timeout=timeout)
    # The certificate is for the name readers use, and this is an address of this very machine,
    # which its owner's file told: nothing leaves it, and there is no name to compare.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(address.hostname, address.port, timeout=timeout, context=context)


def _sentence(response: HTTPResponse) -> str:
    try:
        said = msgspec.json.decode(response.read(), type=dict[str, object])
    except msgspec.DecodeError:
        said = {}
    return str(said.get("detail") or f"The server answered {response.status} {response.reason}.")
