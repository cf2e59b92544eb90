"""Several processes on one database: what each may rely on."""

import subprocess
import sys
import threading

import pytest
from sqlalchemy import text

from store.errors import ResyncRequired, StoreError
from store.sql.database import Database
from store.sql.store import SqlStore
from store.sql.writing import apply, lock
from tests.store.making import highlight


@pytest.fixture
def address(cluster):
    return cluster.database()


@pytest.fixture
def opened(address):
    stores = []

    def open_another():
        stores.append(SqlStore(address))
        return stores[-1]

    yield open_another
    for store in stores:
        store.close()


def all_at_once(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


# Order ----------------------------------------------------------------------------------------


def test_nobody_is_given_a_number_while_a_lower_one_may_still_be_committed(
    opened, address, cluster
):
    store = opened()
    store.apply("default", "A", [highlight(note="first")])
    cursor = store.changes("default", None, 10).cursor
    slow = Database(address)
    slow.role = "postil_walled"
    written, may_commit = threading.Event(), threading.Event()

    def write_and_linger():
        def work(connection):
            apply(connection, "default", "B", [highlight(note="number 2, committed late")])
            written.set()
            may_commit.wait(60)

        slow.write("default", work)

    def write_quickly():
        written.wait(60)
        store.apply("default", "C", [highlight(note="number 3")])

    def read_meanwhile():
        written.wait(60)
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while not cluster.run(address, waiting):
            pass  # until the third is at it
        assert opened().changes("default", cursor, 10).changes == []
        may_commit.set()

    all_at_once(write_and_linger, write_quickly, read_meanwhile)
    slow.close()
    found = store.changes("default", cursor, 10).changes
    assert [(note.rev, note.note) for note in found] == [
        (2, "number 2, committed late"),
        (3, "number 3"),
    ]


def test_whoever_follows_changes_misses_none_while_many_processes_write(opened):
    writers = [opened() for _ in range(4)]
    reader, seen, ended = opened(), [], threading.Event()

    def write(store):
        for number in range(25):
            store.apply("default", f"{id(store)}", [highlight(note=str(number)), highlight()])

    def follow():
        cursor = reader.cursor("default")
        while True:
            last_round = ended.is_set()
            page = reader.changes("default", cursor, 7)
            seen.extend(note.rev for note in page.changes)
            cursor = page.cursor
            if last_round and not page.more:
                return

    def write_all():
        all_at_once(*(lambda store=store: write(store) for store in writers))
        ended.set()

    all_at_once(write_all, follow)
    assert seen == list(range(1, 201))


def test_writers_of_different_accounts_do_not_wait_for_each_other(opened, address):
    store, other = opened(), Database(address)
    entered, done = threading.Event(), threading.Event()

    def hold():
        def work(connection):
            lock(connection, "one")
            entered.set()
            assert done.wait(60)

        other.write_all(work)

    def write():
        entered.wait(60)
        store.apply("two", "A", [highlight()])
        done.set()

    all_at_once(hold, write)
    other.close()
    assert store.count("two") == 1


# Waiting --------------------------------------------------------------------------------------


def test_a_wait_ends_when_another_process_writes(opened):
    here, there = opened(), opened()
    here.apply("default", "A", [highlight()])
    cursor = here.cursor("default")
    news = []
    waiting = threading.Thread(target=lambda: news.append(here.wait("default", cursor, 60)))
    waiting.start()
    there.apply("other", "A", [highlight()])
    there.apply("default", "A", [highlight()])
    waiting.join(30)
    assert news == [True]


# Opening --------------------------------------------------------------------------------------


def test_many_that_open_a_new_database_at_once_make_its_tables_once(address):
    program = f"from store.sql.store import SqlStore; SqlStore({address!r}).close()"
    starting = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(4)
    ]
    said = [process.communicate(timeout=60)[1].decode() for process in starting]
    assert said == [""] * 4
    store = SqlStore(address)
    store.apply("default", "A", [highlight()])
    assert store.check().sound
    store.close()


def test_a_database_of_the_version_before_is_brought_up_to_date(opened, address, cluster):
    op = highlight(note="older")
    before = opened()
    before.apply("default", "A", [op])
    before.close()
    back = "UPDATE alembic_version SET version_num = '0001'"
    cluster.run(address, "DROP TABLE lost", back)
    store = opened()
    store.observe("default", "A", [op.id], [])
    assert [one.id for one in store.lost("default")] == [op.id]
    assert store.lost("another") == []
    assert store.get("default", op.id).note == "older"


def test_a_database_that_a_newer_version_has_changed_is_left_alone(opened, address, cluster):
    opened()
    cluster.run(address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer"):
        opened()


def test_what_cannot_be_opened_is_told_in_words(cluster):
    for url, said in (
        ("postgresql://", "write it like"),
        (cluster.url("nothing_of_that_name"), "nothing_of_that_name"),
        ("postgresql://postil:secret@127.0.0.1:1/x", "cannot be reached"),
    ):
        with pytest.raises(StoreError, match=said) as raised:
            SqlStore(url)
        assert "secret" not in str(raised.value)


def test_a_database_in_another_encoding_is_refused(cluster):
    make = "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0"
    cluster.run(cluster.url("postgres"), make)
    with pytest.raises(StoreError, match="UTF8"):
        SqlStore(cluster.url("latin"))


def test_a_database_is_opened_by_somebody_who_may_do_little(cluster):
    """Its owner, who is no superuser and may make roles; and one who may not."""
    make = "CREATE ROLE reader LOGIN CREATEROLE", "CREATE DATABASE readers OWNER reader"
    cluster.run(cluster.url("postgres"), *make)
    store = SqlStore(cluster.url("readers", "reader"))
    store.apply("default", "A", [highlight(note="mine")])
    assert store.count("default") == 1
    store.close()
    make = "CREATE ROLE lowly LOGIN", "CREATE DATABASE lowlys OWNER lowly"
    cluster.run(cluster.url("postgres"), *make)
    with pytest.raises(StoreError, match="CREATE ROLE lowly_walled NOLOGIN"):
        SqlStore(cluster.url("lowlys", "lowly"))
    make = "CREATE ROLE lowly_walled NOLOGIN", "GRANT lowly_walled TO lowly"
    cluster.run(cluster.url("postgres"), *make)
    SqlStore(cluster.url("lowlys", "lowly")).close()


def test_a_database_put_back_is_noticed_though_it_has_caught_up(cluster, address):
    store = SqlStore(address)
    store.apply("default", "A", [highlight()])
    store.close()
    name, copy = address.split("/")[3].partition("?")[0], "put_back"
    cluster.run(cluster.url("postgres"), f"CREATE DATABASE {copy} TEMPLATE {name}")
    store = SqlStore(address)
    store.apply("default", "A", [highlight(), highlight()])
    cursor = store.changes("default", None, 10).cursor
    store.close()
    store = SqlStore(cluster.url(copy))
    with pytest.raises(ResyncRequired, match="put back"):
        store.changes("default", cursor, 10)
    store.apply("default", "A", [highlight(), highlight(), highlight()])
    with pytest.raises(ResyncRequired, match="another way") as raised:
        store.changes("default", cursor, 10)
    assert raised.value.common == 1
    store.close()


# Two at once ----------------------------------------------------------------------------------


def test_a_deadlock_is_tried_again(opened, address, cluster):
    store = opened()
    for name in ("one", "two"):
        store.apply(name, "A", [highlight()])
    database = Database(address)
    barrier, tried = threading.Barrier(2), []

    def both(first, second):
        def work(connection):
            lock(connection, first)
            tried.append(first)
            if tried.count(first) == 1:
                barrier.wait(60)
            lock(connection, second)
            connection.execute(text("UPDATE account SET given = given + 1"))

        database.write_all(work)

    all_at_once(lambda: both("one", "two"), lambda: both("two", "one"))
    database.close()
    assert len(tried) == 3
    assert [row[0] for row in cluster.run(address, "SELECT given FROM account")] == [3, 3]
