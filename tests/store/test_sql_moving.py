"""Moving house: everything arrives, whichever way, and nobody who syncs notices."""

import pytest

from store.base import open_store
from store.errors import StoreDamaged, StoreError, StoreLocked
from store.model import Grant, Status
from store.moving import move, open_house
from store.sql import moving as sql_moving
from store.sql.store import SqlStore
from store.tiny import TinyStore
from tests.store.conformance.accounts import DEVICE, device
from tests.store.conformance.care import everything
from tests.store.making import highlight, operation

ACCOUNTS = ("default", "ada/lovelace", "empty")


def furnish(store):
    """One of everything there is; answers the cursor of a device that has not heard all of it."""
    kept, gone = highlight(op=1, note="kept", tags_add=["t"]), highlight(op=2, note="gone")
    store.apply("default", "A", [kept, gone])
    cursor = store.changes("default", None, 10).cursor
    refused = operation(op=4, base=9, set={"note": "of no note"})
    store.apply("default", "A", [operation(gone.id, op=3, base=2, delete=True), refused])
    store.apply("default", "B", [operation(kept.id, op=1, base=1, set={"note": "edited"})])
    store.apply("ada/lovelace", "A", [highlight(op=n, note=f"漢字 {n}") for n in range(1, 700)])
    store.observe("default", "B", [kept.id], [])
    store.add_account("empty")
    store.put_device(device())
    store.put_grant(Grant("aa", "pair", "default", expires=4e9))
    return cursor


def said(store):
    return (
        store.epoch(),
        store.accounts(),
        [everything(store, account) for account in ACCOUNTS],
        [store.cursor(account) for account in ACCOUNTS],
        [store.counter("default", name) for name in "AB"],
        store.devices("default"),
    )


def go(source, target, *, replace=False):
    houses = []
    try:
        houses = [open_house(source), open_house(target)]
        return move(*houses, replace=replace, told=lambda _name, _count: None)
    finally:
        for house in houses:
            house.close()


@pytest.fixture
def file(tmp_path):
    return f"tinydb://{tmp_path}/notes.json"


@pytest.fixture
def database(cluster):
    return cluster.database()


@pytest.mark.parametrize("way", ["into a database", "into a file", "to another database"])
def test_everything_arrives_and_a_cursor_of_the_old_store_goes_on_in_the_new(
    way, file, database, cluster
):
    source, target = {
        "into a database": (file, database),
        "into a file": (database, file),
        "to another database": (database, cluster.database()),
    }[way]
    store = open_store(source)
    cursor = furnish(store)
    before, later = said(store), store.changes("default", cursor, 10)
    store.close()
    moved = go(source, target)
    assert (moved.accounts, moved.records, moved.devices) == (3, 701, 1)
    store = open_store(target)
    assert said(store) == before
    assert store.changes("default", cursor, 10) == later
    assert store.check().findings == []
    # A replay is one, what was refused is not, and numbers go on.
    again = store.apply("default", "A", [highlight(op=2), highlight(op=4), highlight(op=5)])
    assert [one.status for one in again] == [Status.UNCHANGED, Status.CREATED, Status.CREATED]
    assert again[2].annotation.rev == later.cursor.seq + 2
    assert [n.rev for n in store.changes("default", later.cursor, 10).changes] == [5, 6]
    assert store.device_by_token("a1").id == DEVICE
    assert store.redeem_grant("pair", "aa", 50.0, 5) is not None
    store.close()


def test_there_and_back_again_is_no_change(file, database, tmp_path):
    store = open_store(file)
    furnish(store)
    before = said(store)
    store.close()
    there = go(file, database)
    back = go(database, f"tinydb://{tmp_path}/back.json")
    assert there == back
    store = TinyStore(tmp_path / "back.json")
    assert said(store) == before
    store.close()


@pytest.mark.parametrize("way", ["into a database", "into a file"])
def test_what_stands_there_already_is_replaced_only_if_that_is_said(way, file, database):
    source, target = (file, database) if way == "into a database" else (database, file)
    store = open_store(source)
    furnish(store)
    before = said(store)
    store.close()
    store = open_store(target)
    store.apply("other", "A", [highlight()])
    store.apply("default", "A", [highlight()])
    store.close()
    with pytest.raises(StoreError, match="something already"):
        go(source, target)
    go(source, target, replace=True)
    store = open_store(target)
    assert said(store) == before
    store.close()


def test_a_move_that_was_cut_off_goes_on_and_is_not_served_before(file, database, monkeypatch):
    store = open_store(file)
    furnish(store)
    before = said(store)
    store.close()
    filled, fill = [], sql_moving.fill_account

    def fill_until_the_power_goes(connection, name, sent):
        if len(filled) == 2:
            raise KeyboardInterrupt
        filled.append(name)
        fill(connection, name, sent)

    monkeypatch.setattr(sql_moving, "fill_account", fill_until_the_power_goes)
    with pytest.raises(KeyboardInterrupt):
        go(file, database)
    with pytest.raises(StoreError, match="not finished"):
        SqlStore(database)
    filled.clear()
    go(file, database)
    assert filled == ["empty"]  # the others had arrived
    store = SqlStore(database)
    assert said(store) == before
    store.close()


def test_nothing_moves_while_a_server_has_it_open(file, database):
    for url in (file, database):
        serving = open_store(url)
        serving.apply("default", "A", [highlight()])
        for source, target in ((file, database), (database, file)):
            if url in (source, target):
                with pytest.raises(StoreLocked):
                    go(source, target, replace=True)
        serving.close()


def test_a_store_with_something_damaged_is_not_moved(file, database, cluster):
    store = open_store(database)
    store.apply("default", "A", [highlight(note="whole")])
    store.close()
    cluster.run(database, "UPDATE note SET record = replace(record, 'yellow', 'mauve')")
    with pytest.raises(StoreDamaged, match="no good"):
        go(database, file)
    assert open_house(file).holds() is None
