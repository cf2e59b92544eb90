"""What whoever looks after the server may ask, and who may not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import note, problem
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families as parse

from server import create_app
from server.config import BadSetting, load
from server.current import services

PATHS = ["/healthz", "/metrics"]
Made = Callable[..., FlaskClient]


@pytest.fixture
def made(tmp_path: Path) -> Any:
    """Makes a client of a server with these settings."""
    apps: list[Flask] = []

    def make(**settings: Any) -> FlaskClient:
        environ = settings.pop("environ", {})
        apps.append(create_app(load(data=tmp_path, environ=environ, **settings)))
        return apps[-1].test_client()

    yield make
    for app in apps:
        services(app).store.close()


def asked_from(client: FlaskClient, path: str, peer: str, **headers: str) -> Any:
    return client.get(path, environ_overrides={"REMOTE_ADDR": peer}, headers=headers)


def figures(client: FlaskClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in parse(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may_ask(client: FlaskClient, path: str, peer: str) -> None:
    assert asked_from(client, path, peer).status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("peer", ["192.168.1.5", "203.0.113.7", "2001:db8::1", ""])
def test_nobody_else_may(client: FlaskClient, path: str, peer: str) -> None:
    problem(asked_from(client, path, peer), 404, "not-found")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "forwarded",
    [{"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "127.0.0.1"}, {"Via": "1.1 proxy"},
     {"Forwarded": "for=127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}, {"X-Forwarded-Proto": "https"}],
)  # fmt: skip
@pytest.mark.parametrize("proxies", [0, 1])
def test_what_a_proxy_on_this_machine_passes_on_is_not_of_this_machine(
    made: Made, path: str, forwarded: dict[str, str], proxies: int
) -> None:
    client = made(proxies=proxies, url="https://notes.example.org")
    assert asked_from(client, path, "127.0.0.1").status_code == 200
    problem(asked_from(client, path, "127.0.0.1", **forwarded), 404, "not-found")


def test_other_networks_may_where_the_operator_says_so(made: Made) -> None:
    client = made(environ={"POSTIL_METRICS": "192.168.1.0/24, 2001:db8::1"})
    asked = {peer: asked_from(client, "/metrics", peer).status_code
             for peer in ("192.168.1.5", "2001:db8::1", "127.0.0.1", "192.168.2.5")}  # fmt: skip
    assert list(asked.values()) == [200, 200, 200, 404]
    by_a_proxy_nobody_named = {"X-Forwarded-For": "192.168.1.5"}
    problem(asked_from(client, "/metrics", "192.168.1.9", **by_a_proxy_nobody_named), 404,
            "not-found")  # fmt: skip


def test_nobody_may_where_the_operator_says_that(made: Made) -> None:
    client = made(environ={"POSTIL_METRICS": "off"})
    problem(asked_from(client, "/metrics", "127.0.0.1"), 404, "not-found")


def test_what_is_no_network_is_refused_by_name() -> None:
    with pytest.raises(BadSetting, match="POSTIL_METRICS"):
        load(environ={"POSTIL_METRICS": "everybody"})


def test_requests_are_counted_by_route_and_status(reader: FlaskClient) -> None:
    kept = reader.post("/api/annotations", json=note()).json["id"]
    for _ in range(3):
        reader.get(f"/api/annotations/{kept}")
    reader.get("/api/annotations/018f2a3c-0000-7000-8000-000000000000")
    reader.open("/no/such/page", method="BREW")
    counted = figures(reader)

    def requests(route: str, method: str, status: str) -> float:
        labels = (("method", method), ("route", route), ("status", status))
        return counted["postil_requests_total", labels]

    assert requests("/api/annotations/<id>", "GET", "200") == 3
    assert requests("/api/annotations/<id>", "GET", "404") == 1
    assert requests("/api/annotations", "POST", "201") == 1
    assert requests("unknown", "OTHER", "404") == 1
    route = (("route", "/api/annotations/<id>"),)
    assert counted["postil_request_seconds_count", route] == 4
    assert counted["postil_request_seconds_sum", route] > 0


def test_operations_are_counted_by_what_became_of_them(reader: FlaskClient) -> None:
    made = note()
    reader.post("/api/annotations", json=made)
    operations = [
        {"op": 1, "id": "018f2a3c-0000-7000-8000-000000000001", "base": 0,
         "set": {"url": made["url"], "note": "x"}},
        {"op": 2, "id": "no id"},
    ]  # fmt: skip
    reader.post("/api/changes", json={"operations": operations})
    counted = figures(reader)
    assert counted["postil_operations_total", (("status", "created"),)] == 2
    assert counted["postil_operations_total", (("status", "rejected"),)] == 1
    assert counted["postil_notes", ()] == 2
    assert counted["postil_accounts", ()] == 1


def test_the_journal_is_measured_and_its_foldings_counted(app: Flask, reader: FlaskClient) -> None:
    before = figures(reader)
    reader.post("/api/annotations", json=note(note="x" * 90_000))
    after = figures(reader)
    assert after["postil_journal_bytes", ()] > before["postil_journal_bytes", ()] + 90_000
    again = _opened_anew(app)
    assert again["postil_compactions_total", ()] > after["postil_compactions_total", ()]


def _opened_anew(app: Flask) -> Any:
    """What is counted after a new start; closing folds the journal."""
    config = services(app).config
    services(app).store.close()
    opened = create_app(config)
    try:
        return figures(opened.test_client())
    finally:
        services(opened).store.close()


def test_who_waits_is_counted_while_they_wait(reader: FlaskClient, app: Flask) -> None:
    since = reader.get("/api/changes").json["cursor"]
    inside, done = threading.Event(), threading.Event()

    def gone() -> bool:
        inside.set()
        return done.is_set()

    path = f"/api/changes?since={since}&wait=30"
    told = {"waitress.client_disconnected": gone}
    waiting = threading.Thread(target=lambda: reader.get(path, environ_overrides=told))
    waiting.start()
    assert inside.wait(30)
    watcher = app.test_client()
    assert figures(watcher)["postil_long_polls", ()] == 1
    done.set()
    waiting.join(30)
    counted = figures(watcher)
    assert counted["postil_long_polls", ()] == 0
    # Two, and the one that waited is not among those that were timed.
    assert counted["postil_request_seconds_count", (("route", "/api/changes"),)] == 1


def test_a_server_that_cannot_write_is_not_well(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/healthz").json["status"] == "ok"
    folder = services(app).config.data
    monkeypatch.setattr("os.access", lambda path, mode: path != folder)
    problem(client.get("/healthz"), 503, "storage-unwritable")
