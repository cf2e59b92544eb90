"""https without a proxy, with certificates made here and a client that verifies them."""

from __future__ import annotations

import json
import logging
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme
from asking import note
from processes import WAIT, Server, run

from server.certificate import BadCertificate, Certificate

NAME = "notes.example.org"


class Pair:
    """Who issues certificates here, and one of theirs as files."""

    def __init__(self, folder: Path, **dates: datetime) -> None:
        self.authority = trustme.CA()
        self.cert, self.key = folder / "cert.pem", folder / "key.pem"
        self.issue(**dates)

    def issue(self, **dates: datetime) -> None:
        issued = self.authority.issue_cert(NAME, "127.0.0.1", **dates)
        self.key.write_bytes(issued.private_key_pem.bytes())
        self.cert.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))

    def trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    @property
    def flags(self) -> tuple[str, ...]:
        return ("--cert", str(self.cert), "--key", str(self.key))


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Any], Pair]]:
    """What a server says of itself that all may ask, and the certificate it has."""
    folder = tmp_path_factory.mktemp("standing")
    pair = Pair(folder)
    server = Server(folder / "data", "--json", *pair.flags)
    yield server.first_line(), pair
    server.stop(signal.SIGKILL)


@pytest.fixture
def served(standing: tuple[dict[str, Any], Pair]) -> dict[str, Any]:
    return standing[0]


@pytest.fixture
def connection(standing: tuple[dict[str, Any], Pair]) -> Iterator[HTTPSConnection]:
    said, pair = standing
    place = urlsplit(said["url"])
    assert place.hostname is not None
    made = HTTPSConnection(place.hostname, place.port, timeout=WAIT, context=pair.trusting())
    yield made
    made.close()


def ask(
    connection: HTTPConnection, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body)
    connection.request(method, path, data, {"Content-Type": "application/json", **headers})
    response = connection.getresponse()
    text = response.read()
    return response.status, json.loads(text) if text else None


def test_a_device_is_paired_and_syncs_by_https(
    served: dict[str, Any], connection: HTTPSConnection
) -> None:
    assert served["url"].startswith("https://127.0.0.1:")
    assert served["pairing"]["link"].startswith(f"{served['url']}/pair#")
    introduction = {"code": served["pairing"]["code"], "name": "laptop"}
    status, paired = ask(connection, "POST", "/api/pair", introduction)
    assert status == 201
    bearer = {"Authorization": f"Bearer {paired['token']}"}
    # Larger than a record of TLS and than the buffers of sockets, both ways.
    long = note(note="é" * 90_000)
    assert ask(connection, "POST", "/api/annotations", long, **bearer)[0] == 201
    for _ in range(30):
        more = note(note="x" * 90_000)
        assert ask(connection, "POST", "/api/annotations", more, **bearer)[0] == 201
    status, page = ask(connection, "GET", f"/api/annotations?url={long['url']}", **bearer)
    assert status == 200
    assert long["note"] in [one["note"] for one in page["annotations"]]
    assert len(page["annotations"]) == 31


def test_the_cookie_of_the_library_never_travels_unencrypted(
    served: dict[str, Any], connection: HTTPSConnection
) -> None:
    connection.request("GET", urlsplit(served["sign_in"]).path)
    entered = connection.getresponse()
    entered.read()
    assert entered.status == 200
    assert "; Secure" in entered.headers["Set-Cookie"]


def test_the_command_reaches_a_server_that_speaks_https(
    serve: Callable[..., Server], pair: Pair
) -> None:
    started = serve("--json", *pair.flags)
    started.first_line()
    assert "https://127.0.0.1" in run("pair", "--data", started.data).stdout
    assert "A server runs" in run("doctor", "--data", started.data).stdout


def test_links_carry_a_name_the_certificate_is_for(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    pair = Pair(tmp_path)
    issued = pair.authority.issue_cert(NAME)
    pair.key.write_bytes(issued.private_key_pem.bytes())
    pair.cert.write_bytes(issued.cert_chain_pems[0].bytes())
    said = serve("--json", *pair.flags).first_line()
    place = urlsplit(said["url"])
    assert (place.scheme, place.hostname) == ("https", NAME)
    with (
        socket.create_connection(("127.0.0.1", place.port), WAIT) as plain,
        pair.trusting().wrap_socket(plain, server_hostname=NAME) as encrypted,
    ):
        asked = f"GET /api/status HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n"
        encrypted.sendall(asked.encode())
        answer = b"".join(iter(lambda: encrypted.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200")


def test_one_who_speaks_http_is_told_in_plain_words(served: dict[str, Any]) -> None:
    place = urlsplit(served["url"])
    connection = HTTPConnection("127.0.0.1", place.port, timeout=WAIT)
    connection.request("GET", "/api/status")
    response = connection.getresponse()
    assert (response.status, "https" in response.read().decode()) == (400, True)


def test_who_says_nothing_or_nonsense_keeps_nobody_out(
    served: dict[str, Any], connection: HTTPSConnection
) -> None:
    port = urlsplit(served["url"]).port
    with (
        socket.create_connection(("127.0.0.1", port), WAIT),
        socket.create_connection(("127.0.0.1", port), WAIT) as nonsense,
        socket.create_connection(("127.0.0.1", port), WAIT) as half,
    ):
        nonsense.sendall(b"\x16\x03\x01\x00\x05nonsense")
        half.sendall(b"\x16\x03\x01")
        with suppress(ConnectionResetError):
            while nonsense.recv(1024):
                pass
        assert ask(connection, "GET", "/api/status")[0] == 200


def test_many_at_once_each_get_their_own_answer(standing: tuple[dict[str, Any], Pair]) -> None:
    said, pair = standing
    place = urlsplit(said["url"])
    assert place.hostname is not None
    host, port = place.hostname, place.port
    wrong: list[object] = []

    def visit(number: int) -> None:
        connection = HTTPSConnection(host, port, timeout=WAIT, context=pair.trusting())
        for turn in range(20):
            path = f"/api/nowhere-{number}-{turn}"
            status, answer = ask(connection, "GET", path)
            if (status, answer["status"]) != (404, 404):
                wrong.append(answer)
        connection.close()

    visitors = [threading.Thread(target=visit, args=[number]) for number in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(WAIT)
    assert wrong == []
    assert not any(visitor.is_alive() for visitor in visitors)


def test_a_renewed_certificate_is_taken_up_without_a_new_start(
    serve: Callable[..., Server], pair: Pair
) -> None:
    started = serve("--json", *pair.flags)
    port = urlsplit(started.first_line()["url"]).port

    def shown() -> int:
        with (
            socket.create_connection(("127.0.0.1", port), WAIT) as plain,
            pair.trusting().wrap_socket(plain, server_hostname=NAME) as encrypted,
        ):
            return int(str((encrypted.getpeercert() or {})["serialNumber"]), 16)

    before = shown()
    pair.issue()
    renewed = shown()
    assert renewed != before
    pair.cert.write_text("half a cert")
    assert shown() == renewed
    assert started.stop(signal.SIGTERM) == 0


WRONG = ["no file", "no certificate", "another key", "no key", "a locked key", "expired", "early"]


@pytest.mark.parametrize("what", WRONG)
def test_a_pair_that_will_not_do_is_refused_in_words(pair: Pair, what: str) -> None:
    now = datetime.now(UTC)
    key: Path | None = pair.key
    expected = {
        "no file": "No such file",
        "no certificate": "There is no certificate in",
        "another key": "is not that of the certificate",
        "no key": "There is no key in .* name it by --key",
        "a locked key": "locked by a password",
        "expired": "has expired",
        "early": "not valid yet",
    }[what]
    match what:
        case "no file":
            pair.cert.unlink()
        case "no certificate":
            pair.cert.write_text("nothing of the kind")
        case "another key":
            other = pair.authority.issue_cert("other.example.org")
            pair.key.write_bytes(other.private_key_pem.bytes())
        case "no key":
            key = None
        case "a locked key":
            mark = "-----{} ENCRYPTED PRIVATE KEY-----"
            pair.key.write_text(f"{mark.format('BEGIN')}\nAAAA\n{mark.format('END')}\n")
        case "expired":
            pair.issue(not_before=now - timedelta(days=9), not_after=now - timedelta(days=1))
        case "early":
            pair.issue(not_before=now + timedelta(days=1), not_after=now + timedelta(days=9))
    with pytest.raises(BadCertificate, match=expected):
        Certificate(pair.cert, key)


def test_a_server_does_not_start_with_a_pair_that_will_not_do(pair: Pair, tmp_path: Path) -> None:
    pair.cert.unlink()
    refused = run("serve", "--port", "0", "--data", tmp_path / "data", *pair.flags)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: The certificate {pair.cert} cannot be read")


def test_a_pair_in_one_file_will_do(pair: Pair) -> None:
    pair.cert.write_bytes(pair.key.read_bytes() + pair.cert.read_bytes())
    made = Certificate(pair.cert)
    assert made.names == {NAME, "127.0.0.1"}
    assert made.until > datetime.now(UTC)


def test_a_renewal_that_will_not_do_is_logged(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    made = Certificate(pair.cert, pair.key)
    before = made.context()
    pair.key.write_text("nothing")
    with caplog.at_level(logging.WARNING, "postil"):
        assert made.context() is before
        assert made.context() is before
    assert [record.message for record in caplog.records] == [
        f"There is no key in {pair.key}; it has to be PEM. Where it is a file of its own, "
        "name it by --key. The one before stays in use."
    ]


def test_doctor_looks_at_the_certificate(pair: Pair, tmp_path: Path) -> None:
    pair.key.chmod(0o600)
    settings = {"POSTIL_CERT": str(pair.cert), "POSTIL_KEY": str(pair.key)}
    assert (
        "ok     The certificate is good until"
        in run("doctor", "--data", tmp_path, **settings).stdout
    )
    pair.key.chmod(0o644)
    pair.issue(not_after=datetime.now(UTC) + timedelta(days=3))
    found = run("doctor", "--data", tmp_path, **settings).stdout
    assert "wrong  The certificate is good until" in found
    assert f"chmod 600 {pair.key}" in found


def test_a_key_alone_is_refused_by_name(pair: Pair, tmp_path: Path) -> None:
    refused = run("serve", "--data", tmp_path / "data", "--key", pair.key)
    assert (refused.returncode, "POSTIL_CERT" in refused.stderr) == (2, True)
