"""What becomes of a connection, on the real server."""

from __future__ import annotations

import signal
import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from asking import note, problem
from flask import Flask
from flask.testing import FlaskClient
from processes import WAIT, Server
from waitress.server import BaseWSGIServer, create_server

from server.connections import PATIENCE, KeepingChannel, keep_connections
from server.running import ServerFile
from store import model

Running = tuple[Server, HTTPConnection, dict[str, str]]


@contextmanager
def started(data: Path) -> Iterator[Running]:
    """A server, a connection to it, and headers that open it."""
    served = Server(data, "--json")
    try:
        place = urlsplit(served.first_line()["url"])
        known = model.decode((data / "server.json").read_bytes(), ServerFile)
        assert place.hostname is not None
        connection = HTTPConnection(place.hostname, place.port, timeout=60)
        headers = {"Authorization": f"Bearer {known.token}", "Content-Type": "application/json"}
        yield served, connection, headers
        connection.close()
    finally:
        served.stop(signal.SIGKILL)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with started(tmp_path / "data") as made:
        yield made


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that all may ask who leave it as it is."""
    with started(tmp_path_factory.mktemp("standing") / "data") as made:
        yield made


def test_answers_without_a_body_keep_the_connection(running: Any) -> None:
    _, connection, headers = running

    def ask(method: str, path: str, body: bytes | None = None, **more: str) -> Any:
        connection.request(method, path, body, headers | more)
        response = connection.getresponse()
        return response, response.read()

    made, _ = ask("POST", "/api/annotations", model.encode(note()))
    assert made.status == 201
    kept = connection.sock
    first, _ = ask("GET", "/api/pages")
    said = []
    for _ in range(3):
        again, text = ask("GET", "/api/pages", **{"If-None-Match": first.headers["ETag"]})
        assert (again.status, text) == (304, b"")
        assert again.headers["Connection"] is None
        assert parsedate_to_datetime(again.headers["Date"])
        said.append([line for line in again.getheaders() if line[0] != "Date"])
    assert said[0] == said[1] == said[2]
    gone, text = ask("DELETE", made.headers["Location"])
    assert (gone.status, text) == (204, b"")
    after, _ = ask("GET", "/api/pages")
    assert after.status == 200
    assert connection.sock is kept


def test_an_answer_that_is_short_comes_in_one_piece(standing: Any) -> None:
    """Head and body apart are two packets, and wake who reads twice."""
    _, connection, headers = standing
    token = headers["Authorization"]
    line = f"GET /api/status HTTP/1.1\r\nHost: {connection.host}\r\nAuthorization: {token}\r\n\r\n"
    with socket.create_connection((connection.host, connection.port), timeout=60) as speaking:
        for _ in range(100):
            speaking.sendall(line.encode())
            head, _, body = speaking.recv(64 * 1024).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert body.endswith(b"}")


def test_a_large_answer_arrives_whole_however_slowly_it_is_read(running: Any) -> None:
    """It is handed to the system at once, and most of it is not taken at once."""
    _, connection, headers = running
    for _ in range(32):
        body = model.encode(note(note="large " * 16_000))
        connection.request("POST", "/api/annotations", body, headers)
        assert b"created" in connection.getresponse().read()
    connection.request("GET", "/api/changes?limit=1000", headers=headers)
    whole = connection.getresponse().read()
    assert len(whole) > 32 * 96_000

    token = headers["Authorization"]
    place = (connection.host, connection.port)
    ask = f"GET /api/changes?limit=1000 HTTP/1.1\r\nHost: {place[0]}\r\nAuthorization: {token}\r\n"
    with socket.socket() as reading:
        reading.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 128 * 1024)
        reading.settimeout(60)
        reading.connect(place)
        reading.sendall(f"{ask}\r\n".encode() * 3 + f"{ask}Connection: close\r\n\r\n".encode())
        came = bytearray()
        while some := reading.recv(8192):
            came += some
    assert came.count(whole) == 4


def test_requests_that_follow_each_other_unasked_are_all_answered(standing: Any) -> None:
    """The loop is not woken after each answer; it must not be left asleep over what has come."""
    _, connection, headers = standing
    token = headers["Authorization"]
    ask = f"GET /api/status HTTP/1.1\r\nHost: {connection.host}\r\nAuthorization: {token}\r\n\r\n"
    with socket.create_connection((connection.host, connection.port), timeout=60) as speaking:
        answers = speaking.makefile("rb")
        for together in (1, 2, 3, 7, 50) * 4:
            speaking.sendall(ask.encode() * together)
            for _ in range(together):
                assert answers.readline().startswith(b"HTTP/1.1 200")
                length = 0
                while line := answers.readline().strip():
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                assert len(answers.read(length)) == length > 0


def test_who_asks_for_the_end_gets_it(running: Any) -> None:
    _, connection, headers = running
    connection.request("GET", "/api/pages", headers=headers)
    etag = connection.getresponse().headers["ETag"]
    connection.close()
    for _ in range(2):
        ending = headers | {"If-None-Match": etag, "Connection": "close"}
        connection.request("GET", "/api/pages", headers=ending)
        response = connection.getresponse()
        assert (response.status, response.headers["Connection"]) == (304, "close")
        assert response.read() == b""
    going_on = headers | {"If-None-Match": etag}
    connection.request("GET", "/api/pages", headers=going_on)
    response = connection.getresponse()
    assert (response.status, response.headers["Connection"]) == (304, None)


def test_a_server_that_stops_ends_every_wait(running: Any) -> None:
    served, connection, headers = running
    connection.request("GET", "/api/changes", headers=headers)
    since = model.decode(connection.getresponse().read(), dict[str, Any])["cursor"]
    begun = time.monotonic()
    connection.request("GET", f"/api/changes?since={since}&wait=30", headers=headers)
    ended: list[int] = []
    stopping = threading.Thread(target=lambda: ended.append(served.stop()))
    stopping.start()
    stopping.join(60)
    assert ended == [0]
    assert time.monotonic() - begun < 25


def test_who_hangs_up_while_waiting_for_news_waits_no_longer(running: Any) -> None:
    _, connection, headers = running
    connection.request("GET", "/api/changes", headers=headers)
    since = model.decode(connection.getresponse().read(), dict[str, Any])["cursor"]

    def waiting() -> bool:
        connection.request("GET", "/metrics", headers=headers)
        return b"postil_long_polls 1.0" in connection.getresponse().read()

    ask = (
        f"GET /api/changes?since={since}&wait=30 HTTP/1.1\r\nHost: {connection.host}\r\n"
        f"Authorization: {headers['Authorization']}\r\n\r\n"
    )
    with socket.create_connection((connection.host, connection.port), timeout=60) as polling:
        polling.sendall(ask.encode())
        while not waiting():
            pass
    begun = time.monotonic()
    while waiting():
        assert time.monotonic() - begun < 25


def test_who_asks_and_is_gone_at_once_leaves_nothing_behind(running: Any) -> None:
    served, connection, headers = running
    place = (connection.host, connection.port)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    asked = f"GET /api/pages HTTP/1.1\r\nHost: {place[0]}:{place[1]}\r\n{lines}\r\n".encode()

    def come_and_go(times: int) -> None:
        for turn in range(times):
            with socket.create_connection(place) as coming:
                coming.settimeout(10)
                # It is reset as it is closed, with whatever is still on its way.
                coming.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                for _ in range(turn % 3):
                    coming.sendall(asked)
                    assert coming.recv(64 * 1024).startswith(b"HTTP/1.1 200")
                coming.sendall(asked)

    with ThreadPoolExecutor(8) as comers:
        list(comers.map(come_and_go, [150] * 8))
    connection.request("GET", "/api/pages", headers=headers)
    assert connection.getresponse().status == 200
    served.stop()
    assert served.complaints == b""


def test_a_connection_is_not_closed_while_a_thread_has_it() -> None:
    asked, go_on = threading.Event(), threading.Event()
    told: list[bool] = []

    def application(environ: dict[str, Any], start: Any) -> list[bytes]:
        asked.set()
        assert go_on.wait(WAIT)
        told.append(environ["waitress.client_disconnected"]())
        start("200 OK", [("Content-Length", "0")])
        return []

    served = create_server(application, sockets=[socket.create_server(("127.0.0.1", 0))])
    assert isinstance(served, BaseWSGIServer)
    keep_connections(served, lambda _: False)
    ours, theirs = socket.socketpair()
    with theirs, ours:
        channel = served.channel_class(served, ours, ("127.0.0.1", 0), served.adj, map={})
        assert isinstance(channel, KeepingChannel)
        theirs.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        channel.handle_read()
        assert asked.wait(WAIT)
        # As the loop does where it hears of a request and, with it, that who asked is gone. Were it
        # closed now, its number could be another connection's, read in this one's name.
        channel.handle_close()
        assert ours.fileno() > 0
        assert not channel.readable()
        assert not channel.writable()
        go_on.set()
        begun = time.monotonic()
        while channel.taken:
            assert time.monotonic() - begun < WAIT
        assert told == [True]
        assert channel.writable()
        channel.handle_write()
        assert ours.fileno() < 0
    served.close()


def test_a_server_that_stops_waits_for_nobody_who_goes_on_asking(running: Any) -> None:
    """A thread that stays with a connection would have to do for ever."""
    served, connection, headers = running
    begun = threading.Event()

    def ask_on() -> None:
        with suppress(OSError, HTTPException):
            while True:
                connection.request("GET", "/api/pages", headers=headers)
                connection.getresponse().read()
                begun.set()

    asking = threading.Thread(target=ask_on)
    asking.start()
    assert begun.wait(60)
    assert served.stop() == 0
    asking.join(60)
    assert not asking.is_alive()
    assert served.complaints == b""


def test_connections_on_which_nothing_is_asked_keep_nobody_out(standing: Any) -> None:
    _, connection, headers = standing
    connection.close()
    with ExitStack() as open_connections:
        for _ in range(300):
            idle = socket.create_connection((connection.host, connection.port), timeout=60)
            open_connections.enter_context(idle)
        connection.request("GET", "/api/pages", headers=headers)
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b'{"pages":[]}')


def test_a_request_that_waited_too_long_is_told_so(app: Flask, reader: FlaskClient) -> None:
    late = {"postil.waited": PATIENCE + 1}
    answer = reader.post("/api/annotations", json=note(), environ_overrides=late)
    problem(answer, 503, "overloaded")
    assert answer.headers["Retry-After"] == "10"
    assert reader.get("/api/search").json["total"] == 0


def raw(standing: Any, *parts: bytes) -> tuple[bytes, dict[str, Any]]:
    """What is answered to bytes that are no request of any client; its head, and the problem."""
    _, connection, _ = standing
    connection.close()
    connection.connect()
    for part in parts:
        connection.sock.sendall(part)
    answer = b"".join(iter(lambda: connection.sock.recv(64 * 1024), b""))
    connection.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nContent-Type: application/problem+json" in head
    return head, model.decode(body, dict[str, Any])


HEAD = b"POST /api/annotations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
PIECE = b" " * 1024 * 1024


def test_a_body_that_is_far_too_much_is_refused_before_it_is_sent(standing: Any) -> None:
    head, said = raw(standing, HEAD, b"Content-Length: 99999999999\r\n\r\n", PIECE)
    assert head.startswith(b"HTTP/1.1 413 ")
    assert said["type"] == "urn:postil:problem:too-large"
    assert "2 MiB" in said["detail"]


@pytest.mark.parametrize("megabytes", [3, 70])
def test_one_who_sends_it_all_the_same_still_hears_why(standing: Any, megabytes: int) -> None:
    _, connection, headers = standing
    pieces = (PIECE for _ in range(megabytes))
    length = {"Content-Length": str(megabytes * len(PIECE))}
    connection.request("POST", "/api/annotations", pieces, headers | length)
    response = connection.getresponse()
    said = model.decode(response.read(), dict[str, Any])
    connection.close()
    assert (response.status, said["type"]) == (413, "urn:postil:problem:too-large")


def test_a_file_to_be_imported_may_be_large_if_it_comes_from_one_who_is_known(
    standing: Any,
) -> None:
    _, connection, headers = standing
    asked = "/api/import?format=ndjson&dry_run=true"

    def send(headers: dict[str, str]) -> tuple[int, bytes]:
        pieces = (PIECE[1:] + b"\n" for _ in range(9))
        connection.request("POST", asked, pieces, headers, encode_chunked=True)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    status, body = send(headers)
    assert (status, body.count(b"\n")) == (200, 1)
    for unknown in ({}, {"Authorization": "Bearer guessed"}, {"Cookie": "postil-80=guessed"}):
        assert send({"Content-Type": "application/json"} | unknown)[0] == 413


def test_a_body_without_a_length_is_measured_as_it_comes(standing: Any) -> None:
    _, connection, headers = standing
    pieces = (PIECE for _ in range(40))
    connection.request("POST", "/api/annotations", pieces, headers, encode_chunked=True)
    response = connection.getresponse()
    said = model.decode(response.read(), dict[str, Any])
    connection.close()
    assert (response.status, said["type"]) == (413, "urn:postil:problem:too-large")


@pytest.mark.parametrize(
    ("request_", "status", "name"),
    [
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", 431, "header-too-large"),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 501, "not-implemented"),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400, "malformed"),
    ],
    ids=["malformed", "431", "501", "length"],
)
def test_what_is_no_request_is_a_problem_like_any_other(
    standing: Any, request_: bytes, status: int, name: str
) -> None:
    head, said = raw(standing, request_)
    assert head.startswith(f"HTTP/1.1 {status} ".encode()) or head.startswith(b"HTTP/1.0")
    assert (said["status"], said["type"]) == (status, f"urn:postil:problem:{name}")
