"""What goes wrong is said as problem+json, whatever it is."""

from __future__ import annotations

import re

import pytest
from asking import note, problem
from flask import Flask
from flask.testing import FlaskClient

from server.current import services
from store.errors import StoreFull, StoreUnwritable

PATHS = ["/api/annotations", "/api/changes", "/api/pair"]


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nowhere", "/api/annotations/a/b", "/w3c/x"]
)
def test_an_unknown_path_is_404(client: FlaskClient, path: str) -> None:
    problem(client.get(path), 404, "not-found")


def test_a_wrong_method_is_405_and_says_which_are_right(reader: FlaskClient) -> None:
    answer = reader.put("/api/changes", json={})
    problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nul", b'{"a": 1,}', b"\xff\xfe", b'{"a": "\x01"}', b"{'a': 1}",
        b'{"operations": NaN}', b'{"code": NaN}', b'{"url": NaN}',
    ],
)  # fmt: skip
def test_malformed_json_is_400(reader: FlaskClient, path: str, body: bytes) -> None:
    problem(reader.post(path, data=body, content_type="application/json"), 400, "malformed")


@pytest.mark.parametrize("path", PATHS)
def test_json_nested_without_end_is_400(reader: FlaskClient, path: str) -> None:
    body = b"[" * 100_000 + b"]" * 100_000
    problem(reader.post(path, data=body, content_type="application/json"), 400, "malformed")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_json_of_another_shape_is_422(reader: FlaskClient, path: str, body: bytes) -> None:
    answer = reader.post(path, data=body, content_type="application/json")
    problem(answer, 422, "invalid", "operations" if path == "/api/changes" else None)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_does_not_call_itself_json_is_415(
    reader: FlaskClient, path: str, type: str
) -> None:
    problem(reader.post(path, data=b"{}", content_type=type), 415, "not-json")


@pytest.mark.parametrize("path", PATHS)
def test_a_body_over_two_mebibytes_is_413(reader: FlaskClient, path: str) -> None:
    body = b'{"note": "' + b"x" * 2 * 1024 * 1024 + b'"}'
    detail = problem(
        reader.post(path, data=body, content_type="application/json"), 413, "too-large"
    )
    assert "2 MiB" in detail


OPEN = ("/api/pair", "/api/status", "/api/openapi.json", "/api/docs")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "nonsense"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Bearer \xe4\xf6"},
    ],
)
def test_every_route_but_a_few_needs_a_token(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    tried = 0
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/api/", "/w3c/")) or rule.rule in OPEN:
            continue
        path = re.sub(r"<(?:uuid:)?id>", "0190f3a0-0000-7000-8000-000000000000", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(path, method=method, json={}, headers=headers)
            problem(answer, 401, "unauthorized")
            assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="postil"')
            tried += 1
    assert tried >= 24


def test_a_session_cookie_opens_no_api(browser: FlaskClient) -> None:
    problem(browser.get("/api/pages"), 401, "unauthorized")


def test_a_full_disk_is_507_and_a_sentence(
    app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull("The disk is full.")

    monkeypatch.setattr(services(app).store, "apply", full)
    assert problem(reader.post("/api/annotations", json=note()), 507, "storage-full")


def test_a_disk_that_refuses_is_503_and_to_be_tried_again(
    app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unwritable(*_: object) -> None:
        raise StoreUnwritable("The disk is read-only.")

    monkeypatch.setattr(services(app).store, "apply", unwritable)
    answer = reader.post("/api/annotations", json=note())
    problem(answer, 503, "storage-unwritable")
    assert answer.headers["Retry-After"]


def test_a_surprise_is_500_and_gives_nothing_away(
    app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(services(app).store, "pages", surprise)
    app.testing = False
    answer = reader.get("/api/pages")
    problem(answer, 500, "internal")
    assert "42" not in answer.text


def test_the_library_says_it_in_words(browser: FlaskClient) -> None:
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "Nothing is kept at this address." in answer.text
