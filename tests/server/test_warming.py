"""What the first page and the first search need is asked for before anybody waits for it."""

from __future__ import annotations

import threading

from asking import note
from flask import Flask
from flask.testing import FlaskClient

from server.current import services
from server.warming import warm


def test_a_warmed_search_finds_without_reading_the_notes_again(
    app: Flask, reader: FlaskClient
) -> None:
    reader.post("/api/annotations", json=note())
    store = services(app).store
    warm(store).join(10)
    full_text = list(services(app).config.data.glob("notes.json.search/*.sqlite"))
    assert len(full_text) == 1
    assert reader.get("/api/search?q=margin").json["total"] == 1


def test_a_store_that_is_closed_meanwhile_is_left_alone(app: Flask) -> None:
    raised: list[object] = []
    before, threading.excepthook = threading.excepthook, raised.append
    try:
        store = services(app).store
        store.close()
        warm(store).join(10)
    finally:
        threading.excepthook = before
    assert raised == []
