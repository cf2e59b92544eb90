"""The embedded store keeps every promise, and a few of its own."""

import shutil
import uuid

import pytest
import tinydb

from store.base import open_store
from store.errors import ResyncRequired, StoreError, StoreLocked
from store.tiny import TinyStore
from tests.store.conformance import Conformance
from tests.store.making import highlight


@pytest.fixture
def opened(tmp_path):
    stores = []

    def open_again():
        if stores:
            stores.pop().close()
        stores.append(TinyStore(tmp_path / "notes.json"))
        return stores[0]

    yield open_again
    if stores:
        stores[0].close()


class TestTinyStore(Conformance):
    pass


def test_a_closed_store_is_a_plain_tinydb_file(opened, tmp_path):
    op = highlight(note="plain")
    store = opened()
    store.apply("default", "A", [op])
    store.close()
    with tinydb.TinyDB(tmp_path / "notes.json") as plain:
        [note] = plain.table("default/annotations").all()
    assert (note["id"], note["note"]) == (op.id, "plain")


def test_a_file_plain_tinydb_has_written_to_is_taken_over(opened, tmp_path):
    op = highlight(note="before")
    opened().apply("default", "A", [op])
    opened().close()
    with tinydb.TinyDB(tmp_path / "notes.json") as plain:
        plain.table("default/annotations").update({"note": "after"}, doc_ids=[uuid.UUID(op.id).int])
    assert opened().get("default", op.id).note == "after"


def test_a_second_process_is_kept_out_by_name(opened, tmp_path):
    opened()
    with pytest.raises(StoreLocked, match="already open in this very process"):
        TinyStore(tmp_path / "notes.json")


def test_a_closed_store_refuses_writes_in_words(opened):
    store = opened()
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.apply("default", "A", [highlight()])


def test_a_copy_put_back_is_noticed_even_when_it_has_caught_up(opened, tmp_path):
    store = opened()
    store.apply("default", "A", [highlight()])
    store.close()
    shutil.copy(tmp_path / "notes.json", tmp_path / "copy")
    store = opened()
    store.apply("default", "A", [highlight(), highlight()])
    cursor = store.changes("default", None, 10).cursor
    store.close()
    shutil.copy(tmp_path / "copy", tmp_path / "notes.json")
    store = opened()
    with pytest.raises(ResyncRequired, match="put back"):
        store.changes("default", cursor, 10)
    store.apply("default", "A", [highlight(), highlight(), highlight()])
    with pytest.raises(ResyncRequired, match="another way"):
        store.changes("default", cursor, 10)


def test_a_store_is_opened_by_its_address(tmp_path):
    store = open_store(f"tinydb://{tmp_path}/a/b/notes.json")
    store.close()
    assert (tmp_path / "a/b/notes.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreError, match=r"`mysql://localhost/x`.* try tinydb:"):
        open_store("mysql://ada:secret@localhost/x")
