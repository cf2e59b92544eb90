"""Pairing codes and tokens."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest
from asking import Clock, problem
from flask import Flask
from flask.testing import FlaskClient

from server.current import services

EXTENSION = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"


@pytest.fixture
def code(app: Flask) -> str:
    return services(app).access.pairing_code()


def pairing(client: FlaskClient, code: str, **headers: str) -> object:
    return client.post("/api/pair", json={"code": code, "name": "laptop"}, headers=headers)


def test_a_code_is_eight_letters_that_cannot_be_mistaken(code: str) -> None:
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)


def test_a_code_buys_a_token_that_opens_the_api(client: FlaskClient, code: str) -> None:
    answer = pairing(client, code)
    assert answer.status_code == 201
    assert answer.json.keys() == {"token", "device", "account"}
    assert answer.headers["Cache-Control"] == "no-store"
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    status = client.get("/api/status", headers=headers)
    assert status.json["device"] == answer.json["device"]


def test_a_token_is_256_bits_and_only_its_hash_is_kept(
    app: Flask, client: FlaskClient, code: str
) -> None:
    token = pairing(client, code).json["token"]
    assert len(token) == 43  # 32 bytes in base64url
    (device,) = services(app).store.devices("default")
    assert device.token_hash == hashlib.sha256(token.encode()).hexdigest()
    kept = b"".join(f.read_bytes() for f in services(app).config.data.rglob("*") if f.is_file())
    assert device.id.encode() in kept
    assert token.encode() not in kept


def test_a_code_works_once(client: FlaskClient, code: str) -> None:
    assert pairing(client, code).status_code == 201
    assert "used up" in problem(pairing(client, code), 403, "wrong-code", "code")


def test_a_code_lives_ten_minutes(client: FlaskClient, clock: Clock, code: str) -> None:
    clock.forward(601)
    problem(pairing(client, code), 403, "wrong-code", "code")


def test_a_code_is_good_until_the_ten_minutes_are_over(
    client: FlaskClient, clock: Clock, code: str
) -> None:
    clock.forward(599)
    assert pairing(client, code).status_code == 201


def test_five_wrong_guesses_end_every_live_code(app: Flask, client: FlaskClient, code: str) -> None:
    other = services(app).access.pairing_code()
    for guess in range(5):
        problem(pairing(client, f"WRNG-000{guess}"), 403, "wrong-code", "code")
    for spent in (code, other):
        problem(pairing(client, spent), 403, "wrong-code", "code")


def test_four_wrong_guesses_do_not(client: FlaskClient, code: str) -> None:
    for guess in range(4):
        pairing(client, f"WRNG-000{guess}")
    assert pairing(client, code).status_code == 201


@pytest.mark.parametrize(
    "typed",
    [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code} "],
    ids=["lower case", "no hyphen", "spaces"],
)
def test_a_code_may_be_typed_carelessly(
    client: FlaskClient, code: str, typed: Callable[[str], str]
) -> None:
    assert pairing(client, typed(code)).status_code == 201


def test_guessing_is_slowed_down(client: FlaskClient) -> None:
    for guess in range(20):
        assert pairing(client, f"WRNG-{guess:04}").status_code == 403
    refused = pairing(client, "WRNG-9999")
    problem(refused, 429, "too-many-tries")
    assert int(refused.headers["Retry-After"]) > 0


def test_the_extension_that_paired_is_admitted_from_its_origin(
    app: Flask, client: FlaskClient, code: str
) -> None:
    assert pairing(client, code, Origin=EXTENSION).status_code == 201
    (device,) = services(app).store.devices("default")
    assert (device.kind, device.origin) == ("extension", EXTENSION)


def test_a_web_page_cannot_even_try_a_code(client: FlaskClient, code: str) -> None:
    problem(pairing(client, code, Origin="https://evil.example"), 403, "foreign-origin")
    assert pairing(client, code).status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"code": "K7QM-4XZP"}, "name"),
        ({"name": "laptop"}, "code"),
        ({"code": "K7QM-4XZP", "name": ""}, "name"),
        ({"code": "K7QM-4XZP", "name": "x" * 129}, "name"),
        ({"code": 1, "name": "laptop"}, "code"),
        ({"code": "K7QM-4XZP", "name": "a\0b"}, "name"),
        ({"code": "K7QM-4XZP", "name": "\ud800"}, "name"),
        ({"code": "K7QM-4XZP", "name": "laptop", "admin": True}, "admin"),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, body: dict[str, object], field: str) -> None:
    problem(client.post("/api/pair", json=body), 422, "invalid", field)


def test_a_code_with_strange_letters_is_just_wrong(client: FlaskClient, code: str) -> None:
    problem(pairing(client, "日本語 🙂 — ÄÖÜ"), 403, "wrong-code", "code")
