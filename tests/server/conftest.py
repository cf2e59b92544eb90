"""The application over a real store in a temporary folder, and those who talk to it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asking import Clock, Whole
from flask import Flask
from flask.testing import FlaskClient
from processes import Server

from server import create_app
from server.config import Config, load
from server.current import services
from store.tiny import TinyStore
from tests.store.faults import HastyDisk


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(data=tmp_path / "data", environ={"POSTIL_HOSTS": "notes.example"})


@pytest.fixture
def app(config: Config, clock: Clock) -> Iterator[Flask]:
    config.data.mkdir(mode=0o700)
    store = TinyStore(config.data / "notes.json", disk=HastyDisk())
    made = create_app(config, store, now=clock)
    made.test_client_class = Whole
    yield made
    services(made).store.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody nobody knows."""
    return app.test_client()


def _with_token(app: Flask, token: str) -> FlaskClient:
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return made


@pytest.fixture
def pair(app: Flask) -> Callable[[str], FlaskClient]:
    """Pairs one more device."""

    def paired(name: str) -> FlaskClient:
        code = services(app).access.pairing_code()
        answer = app.test_client().post("/api/pair", json={"code": code, "name": name})
        assert answer.status_code == 201
        return _with_token(app, answer.json["token"])

    return paired


@pytest.fixture
def reader(pair: Callable[[str], FlaskClient]) -> FlaskClient:
    """A paired device."""
    return pair("laptop")


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    """The command line of whoever runs the server."""
    return _with_token(app, services(app).access.operator_token())


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser that is signed in to the library."""
    made = app.test_client()
    secret = services(app).access.sign_in_secret()
    assert made.get(f"/sign-in/{secret}").status_code == 200
    return made


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(*flags: str, data: Path | None = None, **env: str) -> Server:
        started.append(Server(data or tmp_path / "data", *flags, **env))
        return started[-1]

    yield start
    for one in started:
        one.stop(signal.SIGKILL)
