"""Answers that are kept: the same as fresh ones, and never a moment longer than they are true."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from asking import ARTICLE, note, problem
from flask import Flask
from flask.testing import FlaskClient

from server.current import services

Pair = Callable[[str], FlaskClient]
EXTENSION = "moz-extension://6f1c2a52-7b1d-4a42-9f0c-1d2e3f4a5b6c"
LISTING = f"/api/annotations?url={ARTICLE}"
KEPT = [LISTING, "/api/pages", "/api/tags"]


@pytest.mark.parametrize("path", KEPT)
def test_asked_again_the_answer_is_the_same(reader: FlaskClient, path: str) -> None:
    reader.post("/api/annotations", json=note())
    first, again = reader.get(path), reader.get(path)
    assert again.status_code == first.status_code == 200
    assert again.data == first.data
    assert list(again.headers) == list(first.headers)


@pytest.mark.parametrize("path", KEPT)
def test_whatever_changes_a_note_changes_the_answer(
    app: Flask, reader: FlaskClient, path: str
) -> None:
    kept = reader.post("/api/annotations", json=note()).json["id"]
    seen = [reader.get(path).data]
    deeds: list[tuple[str, str, Any]] = [
        ("PATCH", f"/api/annotations/{kept}", {"color": "blue", "tags": ["other"]}),
        ("POST", "/api/annotations", note(tags=["third"])),
        ("DELETE", f"/api/annotations/{kept}", None),
        ("POST", f"/api/trash/{kept}/restore", None),
    ]
    for method, target, body in deeds:
        reader.get(path)
        assert reader.open(target, method=method, json=body).status_code < 300
        seen.append(reader.get(path).data)
    assert all(one != other for one, other in itertools.pairwise(seen))


def test_a_restore_changes_it(app: Flask, reader: FlaskClient, operator: FlaskClient) -> None:
    folder = services(app).config.data
    reader.post("/api/annotations", json=note())
    backup = {"path": str(folder / "before.json")}
    assert operator.post("/api/backup", json=backup).status_code == 201
    before = reader.get(LISTING).data
    reader.post("/api/annotations", json=note(note="lost again"))
    assert b"lost again" in reader.get(LISTING).data
    assert operator.post("/api/restore", json=backup).status_code == 200
    assert reader.get(LISTING).json["annotations"] != []
    assert b"lost again" not in reader.get(LISTING).data
    assert len(reader.get(LISTING).data) == len(before)


def test_one_note_that_was_kept_is_gone_when_it_is_deleted(reader: FlaskClient) -> None:
    path = f"/api/annotations/{reader.post('/api/annotations', json=note()).json['id']}"
    assert [reader.get(path).status_code for _ in range(2)] == [200, 200]
    reader.delete(path)
    problem(reader.get(path), 410, "deleted")


def test_a_token_opens_nothing_once_it_is_revoked(app: Flask, reader: FlaskClient) -> None:
    for _ in range(2):
        assert reader.get(LISTING).status_code == 200
    (device,) = services(app).store.devices("default")
    services(app).access.revoke("default", device.id)
    problem(reader.get(LISTING), 401, "unauthorized")


def test_nobody_gets_what_was_kept_for_another(
    app: Flask, reader: FlaskClient, client: FlaskClient, operator: FlaskClient
) -> None:
    reader.post("/api/annotations", json=note(note="mine"))
    operator.post("/api/accounts", json={"name": "ada"})
    for _ in range(2):
        assert b"mine" in reader.get(LISTING).data
        problem(client.get(LISTING), 401, "unauthorized")
        theirs = operator.get(LISTING, headers={"Postil-Account": "ada"})
        assert theirs.json["annotations"] == []
        assert b"mine" in operator.get(LISTING).data
        problem(reader.get(LISTING, headers={"Host": "evil.example"}), 421, "unknown-host")


def test_who_knows_it_already_is_told_so(reader: FlaskClient) -> None:
    reader.post("/api/annotations", json=note())
    etag = reader.get(LISTING).headers["ETag"]
    for asked in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        known = reader.get(LISTING, headers={"If-None-Match": asked})
        assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", etag)
        assert "Content-Length" not in known.headers
        assert known.headers["Cache-Control"] == "private, no-cache"
    other = reader.get(LISTING, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    head = reader.head(LISTING)
    assert (head.status_code, head.data) == (200, b"")


def test_a_script_may_read_it_only_while_its_origin_is_admitted(
    app: Flask, reader: FlaskClient
) -> None:
    from_there = {"Origin": EXTENSION}

    def admitted() -> bool:
        answer = reader.get(LISTING, headers=from_there)
        assert answer.status_code == 200
        return "Access-Control-Allow-Origin" in answer.headers

    assert [admitted() for _ in range(2)] == [False, False]
    code = services(app).access.pairing_code()
    introduction = {"code": code, "name": "Firefox"}
    paired = app.test_client().post("/api/pair", json=introduction, headers=from_there).json
    assert [admitted() for _ in range(3)] == [True, True, True]
    services(app).access.revoke("default", paired["device"])
    assert [admitted() for _ in range(2)] == [False, False]
