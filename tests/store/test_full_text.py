"""The embedded store's search index is derived: whatever happens to it, searches stay right."""

import json
import shutil
import threading
import uuid

import pytest
import tinydb

import store.searching
from store.answers import Sort
from store.errors import StoreError, StoreFull
from store.query import parse
from store.tiny import TinyStore
from tests.store.making import highlight, operation


@pytest.fixture
def path(tmp_path):
    return tmp_path / "notes.json"


@pytest.fixture
def opened(path):
    stores = []

    def open_again():
        if stores:
            stores.pop().close()
        stores.append(TinyStore(path))
        return stores[0]

    yield open_again
    if stores:
        stores[0].close()


def found(store, query, **how):
    return {note.note for note in store.search("default", parse(query), **how).annotations}


def index_of(path):
    [file] = path.with_name("notes.json.search").glob("*.sqlite")
    return file


def test_a_lost_index_is_made_anew(opened, path):
    store = opened()
    store.apply("default", "A", [highlight(note="margin")])
    assert found(store, "margin") == {"margin"}
    store.close()
    shutil.rmtree(path.with_name("notes.json.search"))
    assert found(opened(), "margin") == {"margin"}


@pytest.mark.parametrize("damage", [b"", b"not a database", b"SQLite format 3\0" + b"x" * 4000])
def test_a_damaged_index_is_made_anew(opened, path, damage):
    store = opened()
    store.apply("default", "A", [highlight(note="margin")])
    assert found(store, "margin") == {"margin"}
    store.close()
    index_of(path).write_bytes(damage)
    assert found(opened(), "margin") == {"margin"}


@pytest.mark.parametrize("part", range(8))
def test_an_index_damaged_anywhere_is_made_anew(opened, path, part):
    store = opened()
    store.apply("default", "A", [highlight(note=f"margin {n} " + "x " * n) for n in range(300)])
    assert store.search("default", parse("margin")).total == 300
    store.close()
    data = index_of(path).read_bytes()
    size = len(data) // 8
    index_of(path).write_bytes(data[: part * size] + bytes(size) + data[(part + 1) * size :])
    store = opened()
    store.apply("default", "A", [highlight(note="margin of another")])
    assert len(found(store, "margin", limit=400)) == 301


def test_an_index_left_behind_by_a_kill_is_caught_up(opened, path):
    store = opened()
    gone, edited = highlight(note="gone"), highlight(note="edited")
    store.apply("default", "A", [gone, edited])
    assert found(store, "") == {"gone", "edited"}
    behind = index_of(path).read_bytes()
    store.apply("default", "A", [operation(gone.id, delete=True), highlight(note="new")])
    store.apply("default", "A", [operation(edited.id, set={"note": "again"})])
    assert found(store, "") == {"again", "new"}
    store.close()
    index_of(path).write_bytes(behind)
    index_of(path).with_name(f"{index_of(path).name}.crc32").unlink()
    store = opened()
    assert (found(store, ""), found(store, "edited")) == ({"again", "new"}, set())


def test_an_index_of_a_file_that_was_put_back_is_not_believed(opened, path):
    store = opened()
    store.apply("default", "A", [highlight(note="old")])
    store.close()
    shutil.copy(path, path.with_name("copy"))
    store = opened()
    store.apply("default", "A", [highlight(note="lost")])
    assert found(store, "") == {"old", "lost"}
    store.close()
    shutil.copy(path.with_name("copy"), path)
    store = opened()
    assert found(store, "lost") == set()
    store.apply("default", "A", [highlight(note="other")])
    assert found(store, "") == {"old", "other"}


def test_a_file_another_program_wrote_is_read_anew(opened, path):
    op = highlight(note="before")
    store = opened()
    store.apply("default", "A", [op])
    assert found(store, "before") == {"before"}
    store.close()
    with tinydb.TinyDB(path) as plain:
        plain.table("default/annotations").update({"note": "after"}, doc_ids=[uuid.UUID(op.id).int])
    store = opened()
    assert (found(store, "before"), found(store, "after")) == (set(), {"after"})


def test_notes_that_share_a_number_are_all_found(opened, path):
    store = opened()
    store.apply("default", "A", [highlight(note=f"margin {n}") for n in range(5)])
    store.close()
    tables = json.loads(path.read_text())
    for note in tables["default/annotations"].values():
        note["rev"] = 3
    del tables["_postil"]
    path.write_text(json.dumps(tables))
    assert len(found(opened(), "margin")) == 5


def test_a_whole_import_of_one_moment_keeps_its_order_and_its_day(opened):
    store = opened()
    at = "2026-10-10T23:59:59.999999Z"
    store.apply("default", "A", [highlight(note=str(n), at=at) for n in range(300)])
    assert len(found(store, "", limit=300)) == 300
    assert store.search("default", parse("after:2026-10-10 before:2026-10-12")).total == 300


def test_more_matches_than_are_ranked_are_still_all_there_once(opened, monkeypatch):
    monkeypatch.setattr("store.full_text.RANKED", 10)
    store = opened()
    store.apply(
        "default",
        "A",
        [
            highlight(note=f"margin {n}", at=f"2026-10-10T08:00:{n:02}Z", exact="x " * (n % 7 + 1))
            for n in range(35)
        ],
    )
    seen, cursor = [], None
    while True:
        page = store.search("default", parse("margin"), limit=4, cursor=cursor)
        seen += [int(note.note.split()[1]) for note in page.annotations]
        if (cursor := page.cursor) is None:
            break
    assert sorted(seen) == list(range(35))
    assert set(seen[:10]) == set(range(25, 35))
    assert seen[10:] == list(range(24, -1, -1))


def test_a_great_many_changes_are_indexed_aside(opened, path, monkeypatch):
    monkeypatch.setattr(store.searching, "BEHIND", 50)
    opened_store = opened()
    opened_store.apply("default", "A", [highlight(note=f"n{n}") for n in range(60)])
    for thread in threading.enumerate():
        if thread.name == "postil-indexing":
            thread.join()
    assert index_of(path).stat().st_size > 0
    assert found(opened_store, "n59") == {"n59"}


def test_searches_while_others_write_find_what_was_written_before_them(opened):
    store = opened()
    failures = []

    def write_and_find(name):
        for n in range(20):
            store.apply("default", name, [highlight(note=f"{name} {n}")])
            if found(store, f'"{name} {n}"', sort=Sort.NEWEST) != {f"{name} {n}"}:
                failures.append((name, n))

    threads = [threading.Thread(target=write_and_find, args=(f"t{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_closed_store_says_so(opened):
    store = opened()
    store.apply("default", "A", [highlight()])
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.search("default", parse("x"))


def test_an_index_that_has_no_room_says_so_and_loses_nothing(opened, path):
    store = opened()
    store.apply("default", "A", [highlight(note="margin")])
    assert found(store, "margin") == {"margin"}
    full_text = store._searching._accounts["default"].full_text
    [[pages]] = full_text._connection.execute("PRAGMA page_count")
    full_text._connection.execute(f"PRAGMA max_page_count = {pages}")
    many = [highlight(note=f"note {n} " + "word " * 500) for n in range(100)]
    store.apply("default", "A", many)
    with pytest.raises(StoreFull, match="no room"):
        found(store, "note")
    full_text._connection.execute("PRAGMA max_page_count = 1000000")
    assert store.search("default", parse("note")).total == 100


def test_the_index_is_its_owners_alone(opened, path):
    store = opened()
    store.apply("default", "A", [highlight()])
    found(store, "x")
    assert index_of(path).stat().st_mode & 0o777 == 0o600
    assert index_of(path).parent.stat().st_mode & 0o777 == 0o700
