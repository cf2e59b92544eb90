"""Who may sync, and taking that away."""

from __future__ import annotations

from collections.abc import Callable

from asking import Clock, problem
from flask import Flask
from flask.testing import FlaskClient

from server.current import services

Pair = Callable[[str], FlaskClient]


def test_the_list_says_which_one_asks_and_tells_nothing_of_tokens(pair: Pair) -> None:
    laptop = pair("laptop")
    pair("phone")
    answer = laptop.get("/api/devices")
    shown = {device["name"]: device for device in answer.json["devices"]}
    assert shown["laptop"]["current"] is True
    assert shown["phone"]["current"] is False
    assert "token" not in answer.text


def test_a_revoked_device_is_out_at_once(pair: Pair) -> None:
    laptop, phone = pair("laptop"), pair("phone")
    ids = {d["name"]: d["id"] for d in laptop.get("/api/devices").json["devices"]}
    assert laptop.delete(f"/api/devices/{ids['phone']}").status_code == 204
    refused = phone.get("/api/devices")
    assert "Pair this device again" in problem(refused, 401, "unauthorized")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_device_may_revoke_itself(reader: FlaskClient) -> None:
    (me,) = reader.get("/api/devices").json["devices"]
    assert reader.delete(f"/api/devices/{me['id']}").status_code == 204
    problem(reader.get("/api/devices"), 401, "unauthorized")


def test_an_unknown_device_cannot_be_revoked(reader: FlaskClient) -> None:
    problem(reader.delete("/api/devices/nobody"), 404, "not-found")


def test_when_a_device_was_last_seen_is_kept(reader: FlaskClient, clock: Clock) -> None:
    (before,) = reader.get("/api/devices").json["devices"]
    clock.forward(3600)
    (after,) = reader.get("/api/devices").json["devices"]
    assert after["created"] == before["created"]
    assert after["seen"] > before["seen"]


def test_being_seen_does_not_bring_a_revoked_device_back(
    app: Flask, reader: FlaskClient, clock: Clock
) -> None:
    (me,) = reader.get("/api/devices").json["devices"]
    clock.forward(3600)
    assert services(app).access.revoke("default", me["id"])
    problem(reader.get("/api/devices"), 401, "unauthorized")
    assert services(app).store.devices("default") == []


def test_only_the_operator_makes_codes(reader: FlaskClient, operator: FlaskClient) -> None:
    problem(reader.post("/api/grants", json={"kind": "pair"}), 403, "operator-only")
    made = operator.post("/api/grants", json={"kind": "pair"})
    assert made.status_code == 201
    assert len(made.json["secret"]) == 9
    problem(operator.post("/api/grants", json={"kind": "all"}), 422, "invalid", "kind")


def test_the_operator_token_ends_with_its_successor(app: Flask, operator: FlaskClient) -> None:
    assert operator.get("/api/devices").status_code == 200
    services(app).access.operator_token()
    problem(operator.get("/api/devices"), 401, "unauthorized")
