"""The request log: what is in it, and what never gets into it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Clock, Whole, note
from flask import Flask
from flask.testing import FlaskClient
from processes import Server, ask, mode, paired

from server import create_app
from server.config import load
from server.current import services

SECRET = "Zwiebelfisch"
URL = f"https://example.org/{SECRET}/page?q={SECRET}"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "requests.log"


@pytest.fixture
def app(tmp_path: Path, log: Path) -> Iterator[Flask]:
    settings = load(data=tmp_path / "data", environ={"POSTIL_LOG": str(log)})
    settings.data.mkdir(mode=0o700)
    made = create_app(settings, now=Clock())
    made.test_client_class = Whole
    yield made
    services(made).store.close()


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_each_request_is_a_line(reader: FlaskClient, log: Path) -> None:
    kept = reader.post("/api/annotations", json=note()).json
    read = reader.get(f"/api/annotations/{kept['id']}")
    reader.get("/api/nowhere")
    _, made, seen, lost = lines(log)
    assert list(made) == ["time", "method", "route", "status", "seconds", "bytes", "account",
                          "device"]  # fmt: skip
    assert (made["method"], made["route"], made["status"]) == ("POST", "/api/annotations", 201)
    assert (seen["route"], seen["bytes"]) == ("/api/annotations/<id>", len(read.data))
    assert (seen["account"], seen["device"]) == ("default", kept["device"])
    assert (lost["route"], lost["status"]) == ("unknown", 404)
    assert 0 < seen["seconds"] < 60


def test_nothing_of_what_is_kept_or_asked_gets_into_it(
    app: Flask, reader: FlaskClient, browser: FlaskClient, log: Path
) -> None:
    secrets = [SECRET, reader.environ_base["HTTP_AUTHORIZATION"].split()[1]]
    code = services(app).access.pairing_code()
    sign_in = services(app).access.sign_in_secret()
    secrets += [code, sign_in]
    full = note(url=URL, title=SECRET, note=SECRET, tags=[SECRET], quote={"exact": SECRET})
    kept = reader.post("/api/annotations", json=full).json
    requests: list[tuple[str, str, Any]] = [
        ("GET", f"/api/annotations?url={URL}", None),
        ("GET", f"/api/annotations/{SECRET}", None),
        ("GET", f"/{SECRET}?q={SECRET}", None),
        (SECRET, "/api/pages", None),
        ("GET", f"/api/search?q={SECRET}&tag={SECRET}&sort={SECRET}", None),
        ("POST", "/api/annotations", {"note": SECRET, SECRET: SECRET}),
        ("PATCH", f"/api/annotations/{kept['id']}", {"note": SECRET * 9, "color": SECRET}),
        ("POST", "/api/changes", {"operations": [{"op": 1, "id": SECRET}]}),
        ("POST", "/api/pair", {"code": code, "name": SECRET}),
        ("POST", "/api/pair", {"code": SECRET, "name": SECRET}),
        ("GET", "/api/export", None),
        ("DELETE", f"/api/annotations/{kept['id']}", None),
    ]
    for method, path, body in requests:
        reader.open(path, method=method, json=body, headers={"Referer": URL, "X-Note": SECRET})
    for path in ("/", f"/search?q={SECRET}", f"/sign-in/{sign_in}", f"/notes/{kept['id']}"):
        browser.get(path, headers={"User-Agent": SECRET})
    text = log.read_text()
    assert len(lines(log)) >= len(requests) + 4
    told = reader.get("/metrics").text
    for secret in secrets:
        assert secret not in text
        assert secret not in told
    assert "example.org" not in text + told


def test_a_file_that_was_moved_away_is_begun_anew(reader: FlaskClient, log: Path) -> None:
    reader.get("/api/pages")
    log.rename(log.with_suffix(".1"))
    reader.get("/api/tags")
    assert [line["route"] for line in lines(log)] == ["/api/tags"]


def test_there_is_none_unless_one_is_asked_for(tmp_path: Path) -> None:
    assert load(environ={}).log == load(environ={"POSTIL_LOG": "off"}).log == ""


def test_a_server_writes_it_where_only_its_owner_reads_it(
    serve: Callable[..., Server], log: Path
) -> None:
    started = serve("--json", POSTIL_LOG=str(log))
    said = started.first_line()
    assert ask(said["url"], "GET", "/api/pages", paired(said))[0] == 200
    started.stop()
    assert [line["route"] for line in lines(log)] == ["/api/pair", "/api/pages"]
    assert mode(log) == 0o600
