"""The database goes away, and comes back: no note is lost, and nobody has to do anything."""

import threading

import pytest

from server import create_app
from server.access import Access
from server.config import load
from store.errors import StoreUnavailable
from store.sql.store import SqlStore
from tests.store.making import highlight
from tests.store.postgresql import Cluster


@pytest.fixture(scope="module")
def durable():
    made = Cluster(durable=True)
    yield made
    made.remove()


@pytest.fixture
def store(durable):
    made = SqlStore(durable.database())
    yield made
    made.close()


def test_what_was_acknowledged_is_there_after_a_crash(durable, store):
    acknowledged = []
    crashed = threading.Event()

    def write(device):
        try:
            for number in range(1, 10_000):
                op = highlight(op=number)
                store.apply("default", device, [op])
                acknowledged.append(op.id)
        except StoreUnavailable:
            crashed.set()

    threads = [threading.Thread(target=write, args=(device,)) for device in "abc"]
    for thread in threads:
        thread.start()
    while len(acknowledged) < 30:
        crashed.wait(0.01)
    durable.crash()
    for thread in threads:
        thread.join(60)
    durable.start()
    here = {note.id for note in store.live("default")}
    assert here.issuperset(acknowledged)
    assert store.check().sound
    revs = [note.rev for note in store.changes("default", None, 100_000).changes]
    assert revs == list(range(1, len(revs) + 1))


def test_it_answers_503_while_the_database_is_away_and_recovers_by_itself(durable, store, tmp_path):
    app = create_app(load(data=tmp_path, environ={}), store=store)
    token, _ = Access(store, lambda: 0.0)._admit("default", "laptop", "api", "")
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert client.get("/api/changes", headers=headers).status_code == 200
    durable.stop()
    for answer in (
        client.get("/api/changes", headers=headers),
        client.get("/api/tags", headers=headers),
        client.post("/api/changes", json={"operations": []}, headers=headers),
    ):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.mimetype == "application/problem+json"
        assert "cannot be reached" in answer.json["detail"]
    durable.start()
    assert client.get("/api/changes", headers=headers).status_code == 200


def test_whoever_waits_hears_of_what_is_written_after_an_outage(durable, store):
    store.apply("default", "A", [highlight()])
    assert not store.wait("default", store.cursor("default"), 0.01)  # so that it listens
    durable.stop()
    with pytest.raises(StoreUnavailable):
        store.cursor("default")
    durable.start()
    other = SqlStore(str(store._database.conninfo))
    cursor = store.cursor("default")
    other.apply("default", "A", [highlight()])
    assert store.wait("default", cursor, 60)
    other.close()
