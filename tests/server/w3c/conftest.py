"""One server for all that is asked of the protocol; each test has an account of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from asking import ARTICLE, Whole
from flask import Flask
from flask.testing import FlaskClient
from protocol import annotation, post

from server import create_app
from server.config import load
from server.current import services


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An account is a world of its own, so tests can share a server."""
    data = tmp_path_factory.mktemp("w3c") / "data"
    data.mkdir(mode=0o700)
    made = create_app(load(data=data, environ={"POSTIL_HOSTS": "notes.example"}))
    made.test_client_class = Whole
    yield made
    services(made).store.close()


_accounts = itertools.count()


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """A device of an account that nobody has used."""
    return _of_new_account(app)


@pytest.fixture
def other(app: Flask) -> FlaskClient:
    """The same of another account."""
    return _of_new_account(app)


def _of_new_account(app: Flask) -> FlaskClient:
    account = f"reader-{next(_accounts)}"
    access = services(app).access
    paired = access.pair(access.pairing_code(account), "tool", "api", "")
    assert paired is not None
    token, _ = paired
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return made


@pytest.fixture
def made(reader: FlaskClient) -> Any:
    """An annotation that was put into the container."""
    answer = post(reader, annotation())
    assert answer.status_code == 201, answer.text
    return answer


@pytest.fixture
def many(app: Flask, reader: FlaskClient) -> list[str]:
    """So many notes on one page that they take three pages of descriptions; their ids in order."""
    operations = [
        {
            "op": n + 1,
            "id": f"0190f3a0-0000-7000-8000-{n:012x}",
            "base": 0,
            "set": {"url": ARTICLE, "note": f"note {n}", "position": {"start": n, "end": n}},
        }
        for n in range(120)
    ]
    answer = reader.post("/api/changes", json={"operations": operations})
    assert {result["status"] for result in answer.json["results"]} == {"created"}
    return [operation["id"] for operation in operations]
