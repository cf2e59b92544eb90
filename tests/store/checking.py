"""A store to be damaged, and what a check must then find and mend."""

import msgspec
import pytest

from store.answers import Severity
from store.tiny import TinyStore
from tests.store.making import highlight

TABLE = "default/annotations"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "notes.json"


@pytest.fixture
def opened(path):
    stores = []

    def open_again():
        for store in stores:
            store.close()
        stores[:] = [TinyStore(path)]
        return stores[0]

    yield open_again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    """A store with a snapshot, the one before, and a journal after each."""
    store = opened()
    for number in range(4):
        store.apply("default", "A", [highlight(note=f"note {number}", tags_add=["t"])])
        if number in (0, 2):
            store.db.storage.compact()
    return store


def wrong(report):
    return [f.sentence for f in report.findings if f.severity is Severity.ERROR and not f.repaired]


def assert_found_and_mended(store, *said):
    """A check says these things; one that repairs mends them, and then nothing is wrong."""
    before = contents(store)
    report = store.check()
    assert not report.sound
    for text in said:
        assert any(text in sentence for sentence in wrong(report)), wrong(report)
    repaired = store.check(repair=True)
    assert repaired.sound
    assert any(finding.repaired for finding in repaired.findings)
    again = store.check()
    assert again.sound, again
    assert contents(store) == before
    return again


def contents(store):
    """What the notes say, whatever the indexes make of them."""
    kept = map(msgspec.json.decode, store.db.storage.tables[TABLE].values())
    return sorted((note["id"], note["note"]) for note in kept if note.get("deleted") is False)
