"""The storage and the table under TinyDB's own interface, and what opening mends."""

import threading

import pytest
import tinydb
from tinydb import where
from tinydb.operations import delete, increment
from tinydb.table import Document

from store.errors import StoreDamaged
from store.journal import JournalStorage
from store.table import IndexedTable


class DB(tinydb.TinyDB):
    table_class = IndexedTable


@pytest.fixture
def path(tmp_path):
    return tmp_path / "db.json"


@pytest.fixture
def db(path):
    with DB(path, storage=JournalStorage) as opened:
        yield opened


@pytest.fixture
def again(path):
    """Open the database once more, and close it again when the test is over."""
    opened = []

    def open_again():
        opened.append(DB(path, storage=JournalStorage))
        return opened[-1]

    yield open_again
    for one in opened:
        one.close()


# TinyDB's interface ---------------------------------------------------------------------------


def test_documents_get_rising_ids(db):
    assert [db.insert({"n": 1}), *db.insert_multiple([{"n": 2}, {"n": 3}])] == [1, 2, 3]
    assert [(d.doc_id, d["n"]) for d in db.all()] == [(1, 1), (2, 2), (3, 3)]


def test_a_document_with_an_id_of_its_own_keeps_it(db):
    db.insert(Document({"n": 1}, doc_id=12))
    assert db.get(doc_id=12) == {"n": 1}
    assert db.insert({"n": 2}) == 13
    with pytest.raises(ValueError, match="already exists"):
        db.insert(Document({"n": 3}, doc_id=12))


def test_queries_find_what_they_ask_for(db):
    db.insert_multiple([{"n": n, "tags": ["even"] if n % 2 == 0 else []} for n in range(6)])
    assert db.search((where("n") > 2) & where("tags").any(["even"])) == [{"n": 4, "tags": ["even"]}]
    assert db.get(where("n") == 3).doc_id == 4
    assert db.get(where("n") == 9) is None
    assert (db.contains(where("n") == 3), db.contains(doc_id=99)) == (True, False)
    assert (db.count(where("n") < 3), len(db)) == (3, 6)
    assert [d.doc_id for d in db.get(doc_ids=[2, 5])] == [2, 5]


def test_updates_change_what_they_name(db):
    db.insert_multiple([{"n": 1, "k": "a"}, {"n": 2, "k": "b"}])
    assert db.update({"k": "c"}, where("n") == 1) == [1]
    assert db.update(increment("n"), doc_ids=[2]) == [2]
    db.update(delete("k"))
    assert db.all() == [{"n": 1}, {"n": 3}]
    db.update_multiple([({"k": "x"}, where("n") == 1), ({"k": "y"}, where("n") == 3)])
    assert [d["k"] for d in db.all()] == ["x", "y"]


def test_upsert_updates_or_inserts(db):
    assert db.upsert({"n": 1, "k": "a"}, where("n") == 1) == [1]
    assert db.upsert({"n": 1, "k": "b"}, where("n") == 1) == [1]
    assert db.upsert(Document({"k": "c"}, doc_id=7)) == [7]
    assert db.all() == [{"n": 1, "k": "b"}, {"k": "c"}]


def test_remove_truncate_and_drop_take_away(db):
    db.insert_multiple([{"n": n} for n in range(4)])
    assert db.remove(where("n") == 1) == [2]
    assert db.remove(doc_ids=[1]) == [1]
    assert db.all() == [{"n": 2}, {"n": 3}]
    db.truncate()
    assert (db.all(), db.insert({"n": 9})) == ([], 1)
    other = db.table("other")
    other.insert({"m": 1})
    assert db.tables() == {"_default", "other"}
    db.drop_table("other")
    assert db.tables() == {"_default"}
    db.drop_tables()
    assert (db.all(), db.tables()) == ([], set())


def test_a_failing_update_changes_nothing(db):
    db.insert_multiple([{"n": 1}, {"n": "two"}])
    with pytest.raises(TypeError):
        db.update(increment("n"))
    assert db.all() == [{"n": 1}, {"n": "two"}]


def test_a_search_after_a_change_sees_the_change(db):
    query = where("n") == 1
    assert db.search(query) == []
    db.insert({"n": 1})
    assert db.search(query) == [{"n": 1}]


def test_what_is_handed_out_is_no_alias(db):
    db.insert({"list": [1], "map": {"k": 1}})
    for handed in (db.get(doc_id=1), db.all()[0], db.storage.read()["_default"]["1"]):
        handed["list"].append(2)
        handed["map"]["k"] = 2
    assert db.get(doc_id=1) == {"list": [1], "map": {"k": 1}}


def test_threads_inserting_lose_nothing(db):
    def insert():
        for _ in range(30):
            db.insert({})

    threads = [threading.Thread(target=insert) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({d.doc_id for d in db.all()}) == len(db) == 180


NASTY = {'quote " and \\': "line\nend \u2028 é 文", 'a":{': [None, True, 1.5, {"x": {}}], "": ""}


def test_any_json_survives_the_journal_and_the_snapshot(path, again):
    db = DB(path, storage=JournalStorage)
    db.insert(NASTY)
    db.table('a table ":{ \\ é').insert(NASTY)
    db.storage._lock.release()  # killed: the journal is replayed
    replayed = again()
    assert replayed.all() == replayed.table('a table ":{ \\ é').all() == [NASTY]
    replayed.close()
    with tinydb.TinyDB(path) as plain:
        assert plain.all() == plain.table('a table ":{ \\ é').all() == [NASTY]
    assert again().all() == [NASTY]


def test_a_file_of_plain_tinydb_is_taken_over(path, again):
    with tinydb.TinyDB(path, indent=2) as plain:
        plain.insert(NASTY)
    db = again()
    db.insert({"n": 2})
    db.close()
    assert again().all() == [NASTY, {"n": 2}]


# What opening mends ---------------------------------------------------------------------------


def killed(path, *documents, compact=False):
    """A database whose process was killed after these inserts."""
    db = DB(path, storage=JournalStorage)
    for document in documents:
        db.insert(document)
        if compact:
            db.storage.compact()
    db.storage._lock.release()


def test_a_torn_tail_is_cut_off_put_aside_and_told(path, again):
    killed(path, {"n": 1}, {"n": 2})
    journal = path.with_name("db.json.journal-1")
    journal.write_bytes(journal.read_bytes().rstrip(b"\0")[:-5])
    db = again()
    assert db.all() == [{"n": 1}]
    [warning] = db.storage.warnings
    assert "db.json.journal-1 ended in the middle of a write" in warning
    [aside] = path.parent.glob("*.damaged-*")
    assert aside.name in warning
    assert b'{"2":{"n":' in aside.read_bytes()
    db.insert({"n": 3})
    db.storage._lock.release()
    reopened = again()
    assert (reopened.all(), reopened.storage.warnings) == ([{"n": 1}, {"n": 3}], [])


def test_a_line_gone_bad_in_the_middle_costs_itself_alone(path, again):
    killed(path, {"n": 1}, {"n": 2}, {"n": 3})
    journal = path.with_name("db.json.journal-1")
    journal.write_bytes(journal.read_bytes().replace(b'"n":2', b'"n":7'))
    db = again()
    assert db.all() == [{"n": 1}, {"n": 3}]
    assert "was damaged" in db.storage.warnings[0]


@pytest.mark.parametrize("spoil", [lambda b: b[: len(b) // 2], lambda b: b.replace(b"1", b"7", 1)])
def test_the_snapshot_before_stands_in_for_a_damaged_one(path, again, spoil):
    killed(path, {"n": 1}, {"n": 2}, {"n": 3}, compact=True)
    killed(path, {"n": 4})
    path.write_bytes(spoil(path.read_bytes()))
    db = again()
    assert [d["n"] for d in db.all()] == [1, 2, 3, 4]
    assert "the snapshot before it and its journal stand in for it" in db.storage.warnings[0]
    db.close()
    reopened = again()
    assert ([d["n"] for d in reopened.all()], reopened.storage.warnings) == ([1, 2, 3, 4], [])


def test_a_store_damaged_beyond_help_says_so_and_touches_nothing(path):
    path.write_text('{"_default": {"1": {"n"')
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="is not a TinyDB file"):
        DB(path, storage=JournalStorage)
    assert path.read_bytes() == before


def test_a_missing_snapshot_is_not_taken_for_an_empty_store(path):
    killed(path, {"n": 1}, compact=True)
    path.unlink()
    for previous in path.parent.glob("*.previous*"):
        previous.unlink()
    with pytest.raises(StoreDamaged, match="is missing, but"):
        DB(path, storage=JournalStorage)


def test_a_newer_postils_file_is_left_alone(path):
    killed(path, {"n": 1}, compact=True)
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":2'))
    for previous in path.parent.glob("*.previous*"):
        previous.unlink()
    with pytest.raises(StoreDamaged, match="update this one"):
        DB(path, storage=JournalStorage)


def test_the_journal_is_folded_in_the_background_while_writes_go_on(path, again):
    db = DB(path, storage=JournalStorage, compact_at=2000)
    for n in range(500):
        db.insert({"n": n})
    db.storage._join_compaction()
    assert path.exists()
    assert len(list(path.parent.glob("db.json.journal-*"))) <= 2
    db.storage._lock.release()
    assert [d["n"] for d in again().all()] == list(range(500))
