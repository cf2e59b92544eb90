"""More than one reader: worlds of their own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from asking import note, problem
from flask import Flask
from flask.testing import FlaskClient
from processes import Server, run_here

from server.current import services
from server.w3c.iris import name_of


@pytest.fixture
def ada(app: Flask, operator: FlaskClient) -> FlaskClient:
    """A device of another account."""
    assert operator.post("/api/accounts", json={"name": "ada"}).status_code == 201
    code = services(app).access.pairing_code("ada")
    made = app.test_client()
    token = made.post("/api/pair", json={"code": code, "name": "hers"}).json["token"]
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return made


def test_no_route_lets_one_reader_see_or_touch_what_is_anothers(
    app: Flask, reader: FlaskClient, ada: FlaskClient
) -> None:
    """Every route of the API, with the token of an account whose notes they are not."""
    kept = reader.post("/api/annotations", json=note(note="not hers", tags=["secret-tag"])).json
    gone = reader.post("/api/annotations", json=note(note="not hers, deleted")).json
    reader.delete(f"/api/annotations/{gone['id']}")
    [device] = reader.get("/api/devices").json["devices"]
    before = reader.get("/api/changes").json
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/api/", "/w3c/")):
            continue
        for id in (kept["id"], gone["id"], device["id"]):
            path = re.sub(r"<(?:uuid:)?id>", id, rule.rule).replace("<page>", name_of(kept["url"]))
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                body = {"note": "hers now"} if method in ("POST", "PUT", "PATCH") else None
                query = {"url": kept["url"], "q": "hers", "format": "w3c"}
                answer = ada.open(path, method=method, json=body, query_string=query)
                said = answer.text
                assert "not hers" not in said, f"{method} {path}"
                assert "secret-tag" not in said, f"{method} {path}"
                assert device["id"] not in said.replace(id, ""), f"{method} {path}"
    assert reader.get("/api/changes").json == before
    assert reader.get("/api/trash").json["total"] == 1
    assert len(reader.get("/api/devices").json["devices"]) == 1


def test_the_operators_header_is_the_operators_alone(
    reader: FlaskClient, ada: FlaskClient, operator: FlaskClient
) -> None:
    ada.post("/api/annotations", json=note(note="hers"))
    named = {"Postil-Account": "ada"}
    assert reader.get("/api/search", headers=named).json["total"] == 0
    assert operator.get("/api/search").json["total"] == 0
    assert operator.get("/api/search", headers=named).json["total"] == 1
    nobody = {"Postil-Account": "nobody"}
    problem(operator.get("/api/search", headers=nobody), 404, "no-account")


def test_accounts_are_the_operators_business(
    reader: FlaskClient, ada: FlaskClient, operator: FlaskClient
) -> None:
    for method in ("GET", "POST", "DELETE"):
        refused = reader.open("/api/accounts", method=method, json={"name": "eve"})
        problem(refused, 403, "operator-only")
    problem(operator.post("/api/accounts", json={"name": "ada"}), 409, "account-exists")
    problem(operator.post("/api/accounts", json={"name": "default"}), 409, "account-exists")
    for name in ("", "A", "a b", "../x", "a/b", "x" * 65):
        problem(operator.post("/api/accounts", json={"name": name}), 422, "invalid", "name")
    ada.post("/api/annotations", json=note())
    listed: Any = operator.get("/api/accounts").json["accounts"]
    assert listed == [
        {"name": "ada", "annotations": 1, "devices": 1},
        {"name": "default", "annotations": 0, "devices": 1},
    ]
    assert operator.delete("/api/accounts", json={"name": "ada"}).status_code == 204
    problem(operator.delete("/api/accounts", json={"name": "ada"}), 404, "no-account")
    problem(operator.delete("/api/accounts", json={"name": "default"}), 422, "invalid", "name")
    problem(ada.get("/api/search"), 401, "unauthorized")


@pytest.mark.parametrize("served", [True, False])
def test_accounts_by_command(tmp_path: Path, served: bool) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    server = Server(data, "--json") if served else None
    try:
        if server is not None:
            server.first_line()
        where = ("--data", data)
        assert "postil pair --account ada" in run_here("account", "add", "ada", *where).stdout
        again = run_here("account", "add", "ada", *where)
        assert (again.exit_code, "already" in again.stderr) == (1, True)
        assert "ada  0 notes, 0 devices" in run_here("account", "list", *where).stdout
        assert run_here("export", "--account", "ada", *where).exit_code == 0
        lost = run_here("export", "--account", "eve", *where)
        assert (lost.exit_code, "no account `eve`" in lost.stderr) == (1, True)
        assert run_here("account", "remove", "ada", *where).exit_code == 2
        assert "is gone" in run_here("account", "remove", "ada", "--yes", *where).stdout
        assert "ada" not in run_here("account", "list", *where).stdout
    finally:
        if server is not None:
            server.stop()
