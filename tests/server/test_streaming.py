"""An export that breaks off, over a real connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead

import pytest
from asking import note, problem
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from waitress.server import create_server

from server.current import services
from server.ids import uuid7
from server.running import Refused, announced, asked, chunks
from store.model import Annotation


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    serving = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=serving.run)
    thread.start()
    yield f"http://127.0.0.1:{serving.effective_port}"
    serving.trigger.pull_trigger(serving.close)  # its loop ends when nothing is left to watch
    thread.join(30)
    assert not thread.is_alive()
    serving.task_dispatcher.shutdown()


@pytest.fixture
def failing_after(app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many notes the store gives before its disk fails."""
    made = reader.post("/api/annotations", json=note(note="x" * 1000)).json["id"]
    kept = services(app).store.get("default", made)
    assert kept is not None
    after = [0]

    def live(_account: str) -> Iterator[Annotation]:
        for _ in range(after[0]):
            yield replace(kept, id=uuid7())
        raise OSError("the disk is gone")

    monkeypatch.setattr(services(app).store, "live", live)
    app.testing = False
    return after


def test_one_that_fails_at_once_is_a_problem_like_any_other(
    reader: FlaskClient, failing_after: list[int]
) -> None:
    problem(reader.get("/api/export"), 500, "internal")


def test_one_that_fails_on_its_way_is_seen_to_be_incomplete(
    app: Flask, url: str, failing_after: list[int]
) -> None:
    failing_after[0] = 500
    connection = HTTPConnection(url.removeprefix("http://"), timeout=30)
    token = services(app).access.operator_token()
    connection.request("GET", "/api/export", headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(IncompleteRead) as broken:
        response.read()
    connection.close()
    assert broken.value.partial
    with pytest.raises(json.JSONDecodeError):
        json.loads(broken.value.partial)


def test_the_command_line_says_so(app: Flask, url: str, failing_after: list[int]) -> None:
    failing_after[0] = 500
    config = services(app).config
    token = services(app).access.operator_token()
    with (
        announced(config.server_file, url, token),
        asked(config.server_file, "GET", "/api/export") as response,
        pytest.raises(Refused, match="broke off"),
    ):
        list(chunks(response))
