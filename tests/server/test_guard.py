"""Letting no one in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from asking import note, problem
from flask import Flask
from flask.testing import FlaskClient

from server import create_app
from server.config import load
from server.current import services

EXTENSION = "moz-extension://6f1c2a52-7b1d-4a42-9f0c-1d2e3f4a5b6c"
STRANGER = "chrome-extension://ppppppppppppppppppppppppppppppppp"[:51]


@pytest.fixture
def extension(app: Flask) -> FlaskClient:
    """The paired extension, which sends its origin."""
    made = app.test_client()
    code = services(app).access.pairing_code()
    paired = made.post(
        "/api/pair", json={"code": code, "name": "Firefox"}, headers={"Origin": EXTENSION}
    )
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {paired.json['token']}"
    made.environ_base["HTTP_ORIGIN"] = EXTENSION
    return made


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:4477", "LocalHost", "127.0.0.1:4477", "127.0.0.2", "[::1]:4477",
     "notes.example", "notes.example:8443"],
)  # fmt: skip
def test_known_hosts_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/api/status", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:4477", "127.0.0.1.evil.example",
     "192.168.1.5", "user@localhost", "localhost/evil", "localhost#evil", "local host", "[::1",
     "", "notes.example.", "[::ffff:1.2.3.4]"],
)  # fmt: skip
def test_unknown_hosts_are_not(client: FlaskClient, host: str) -> None:
    problem(client.get("/api/status", headers={"Host": host}), 421, "unknown-host")


def test_an_unknown_host_gets_words_from_the_library(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    assert answer.mimetype == "text/html"


def test_a_server_for_the_network_answers_to_its_addresses_but_not_to_names(
    tmp_path: Path,
) -> None:
    app = create_app(load(host="0.0.0.0", data=tmp_path, environ={}))
    client = app.test_client()
    try:
        assert client.get("/api/status", headers={"Host": "192.168.1.5:4477"}).status_code == 200
        problem(client.get("/api/status", headers={"Host": "evil.example"}), 421, "unknown-host")
    finally:
        services(app).store.close()


def test_whatever_changes_something_is_refused_to_foreign_origins(reader: FlaskClient) -> None:
    made = reader.post("/api/annotations", json=note()).json["id"]
    for origin in ("https://evil.example", "null", "http://localhost:3000", STRANGER, "file://"):
        headers = {"Origin": origin}
        requests: list[tuple[str, str, Any]] = [
            ("POST", "/api/annotations", note()),
            ("PATCH", f"/api/annotations/{made}", {"note": "x"}),
            ("PUT", f"/api/annotations/{made}", note()),
            ("DELETE", f"/api/annotations/{made}", None),
            ("POST", "/api/changes", {"operations": []}),
        ]
        for method, path, body in requests:
            refused = reader.open(path, method=method, json=body, headers=headers)
            problem(refused, 403, "foreign-origin")
    assert reader.get(f"/api/annotations/{made}").json["note"] == "So it *is*."


def test_our_own_origin_may_write(reader: FlaskClient) -> None:
    headers = {"Origin": "http://localhost"}
    assert reader.post("/api/annotations", json=note(), headers=headers).status_code == 201


def test_the_paired_extension_may_write_and_read_the_answer(extension: FlaskClient) -> None:
    answer = extension.post("/api/annotations", json=note())
    assert answer.status_code == 201
    assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert "Access-Control-Allow-Credentials" not in answer.headers
    exposed = answer.headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Location", "Link"} <= set(exposed.split(", "))
    assert "Origin" in answer.vary


def test_its_errors_can_be_read_too(extension: FlaskClient) -> None:
    answer = extension.get("/api/annotations")
    problem(answer, 422, "invalid", "url")
    assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION


def preflight(client: FlaskClient, origin: str, **headers: str) -> Any:
    return client.options(
        "/api/changes",
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
            **headers,
        },
    )


def test_a_preflight_needs_no_token(extension: FlaskClient, client: FlaskClient) -> None:
    answer = preflight(client, EXTENSION)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization, content-type"


def test_a_preflight_for_a_private_network_is_answered(
    extension: FlaskClient, client: FlaskClient
) -> None:
    asked = {"Access-Control-Request-Private-Network": "true"}
    assert preflight(client, EXTENSION, **asked).headers[
        "Access-Control-Allow-Private-Network"
    ] == ("true")
    refused = preflight(client, "https://evil.example", **asked)
    assert "Access-Control-Allow-Private-Network" not in refused.headers


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", STRANGER, "http://localhost:3000", "*", EXTENSION + "0"],
)
def test_nobody_else_is_admitted(extension: FlaskClient, client: FlaskClient, origin: str) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(client, origin).headers
    read = extension.get("/api/pages", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in read.headers


def test_an_extension_whose_device_was_revoked_is_not_admitted(
    app: Flask, extension: FlaskClient, client: FlaskClient
) -> None:
    (device,) = services(app).store.devices("default")
    services(app).access.revoke("default", device.id)
    assert "Access-Control-Allow-Origin" not in preflight(client, EXTENSION).headers


def test_configured_origins_are_admitted(tmp_path: Path) -> None:
    environ = {"POSTIL_ORIGINS": "https://reader.example, https://other.example/"}
    app = create_app(load(data=tmp_path, environ=environ))
    try:
        for origin in ("https://reader.example", "https://other.example"):
            answer = preflight(app.test_client(), origin)
            assert answer.headers["Access-Control-Allow-Origin"] == origin
    finally:
        services(app).store.close()


def test_every_answer_tells_browsers_to_be_careful(
    client: FlaskClient, browser: FlaskClient
) -> None:
    for answer in (
        client.get("/api/status"),
        client.get("/api/nowhere"),
        client.get("/static/library.css"),
        client.get("/sign-in"),
        browser.get("/"),
        browser.get("/nowhere"),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"


STRAY_SCRIPT = r'<script(?! src="/static/\w+\.js"( defer| type="module")></script>)'


def test_library_pages_need_no_inline_script_or_style(browser: FlaskClient) -> None:
    for path in ("/", "/sign-in", "/pair", "/nowhere"):
        page = browser.get(path).text
        assert not re.search(STRAY_SCRIPT, page)
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
