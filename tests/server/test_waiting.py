"""Long polls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from asking import note, problem
from flask import Flask
from flask.testing import FlaskClient

from server.current import services
from server.waiting import Waiting

Pair = Callable[[str], FlaskClient]
LONG = 30  # seconds that must not pass


def cursor(reader: FlaskClient) -> str:
    said: str = reader.get("/api/changes").json["cursor"]
    return said


def wait(reader: FlaskClient, since: str, seconds: float = LONG) -> Any:
    query = {"since": since, "wait": str(seconds)}
    return reader.get("/api/changes", query_string=query)


def test_a_change_elsewhere_is_told_at_once(pair: Pair) -> None:
    laptop, desk = pair("laptop"), pair("desk")
    since = cursor(laptop)
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(wait(laptop, since)))
    waiting.start()
    assert desk.post("/api/annotations", json=note(note="news")).status_code == 201
    waiting.join(LONG)
    assert [one["note"] for one in answers[0].json["changes"]] == ["news"]


def test_what_is_there_already_is_not_waited_for(reader: FlaskClient) -> None:
    since = cursor(reader)
    reader.post("/api/annotations", json=note())
    begun = time.monotonic()
    assert len(wait(reader, since).json["changes"]) == 1
    assert time.monotonic() - begun < LONG / 2


def test_waiting_in_vain_is_an_empty_answer(reader: FlaskClient) -> None:
    since = cursor(reader)
    answer = wait(reader, since, 1)
    assert (answer.json["changes"], answer.json["cursor"]) == ([], since)


def test_a_first_pull_does_not_wait(reader: FlaskClient) -> None:
    assert reader.get(f"/api/changes?wait={LONG}").json["changes"] == []


def test_a_foreign_cursor_does_not_wait(reader: FlaskClient) -> None:
    problem(wait(reader, "epoch.1.nonce"), 410, "resync")


@pytest.mark.parametrize("seconds", ["31", "-1", "x", "1.5"])
def test_too_long_a_wait_is_refused_by_name(reader: FlaskClient, seconds: Any) -> None:
    problem(wait(reader, cursor(reader), seconds), 422, "invalid", "wait")


def test_whoever_hung_up_no_longer_waits(app: Flask) -> None:
    store = services(app).store
    since = store.changes("default", None, 1).cursor
    begun = time.monotonic()
    Waiting(store).for_news("default", since, LONG, gone=lambda: True)
    assert time.monotonic() - begun < LONG / 2


def test_one_too_many_is_answered_at_once(app: Flask) -> None:
    store = services(app).store
    since = store.changes("default", None, 1).cursor
    waiting = Waiting(store, places=1)
    inside, done = threading.Event(), threading.Event()

    def gone() -> bool:
        inside.set()
        return done.is_set()

    first = threading.Thread(target=lambda: waiting.for_news("default", since, LONG, gone))
    first.start()
    inside.wait(LONG)
    begun = time.monotonic()
    waiting.for_news("default", since, LONG, gone=lambda: False)
    assert time.monotonic() - begun < LONG / 2
    done.set()
    first.join(LONG)
    assert not first.is_alive()


def test_a_manifest_names_every_live_note(reader: FlaskClient) -> None:
    kept = [reader.post("/api/annotations", json=note()).json for _ in range(3)]
    reader.delete(f"/api/annotations/{kept[0]['id']}")
    said = reader.get("/api/manifest").json
    assert said["versions"] == sorted([one["id"], one["rev"]] for one in kept[1:])
    changes = reader.get("/api/changes").json
    assert (said["cursor"], said["digest"]) == (changes["cursor"], changes["digest"])


def test_a_resync_says_what_is_common(reader: FlaskClient) -> None:
    reader.post("/api/annotations", json=note())
    epoch, seq, nonce = cursor(reader).split(".")
    answer = reader.get(f"/api/changes?since={epoch}.{int(seq) + 5}.{nonce}")
    problem(answer, 410, "resync")
    assert answer.json["common"] == int(seq)
