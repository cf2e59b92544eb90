"""The second wall: no statement, however wrong, sees or changes another account's rows."""

import pytest
from sqlalchemy import text

from store.errors import StoreUnwritable
from store.sql.store import SqlStore
from store.sql.tables import OF_ACCOUNTS
from tests.store.making import highlight, operation

TABLES = [table.name for table in OF_ACCOUNTS]


@pytest.fixture(scope="module")
def store(cluster):
    made = SqlStore(cluster.database())
    for account in ("mine", "other"):
        kept, gone = highlight(op=1, note="secret"), highlight(op=2)
        made.apply(account, "A", [kept, gone, operation(gone.id, op=3, delete=True)])
        made.observe(account, "A", [kept.id], [])
    yield made
    made.close()


def ask(store, statement, account="mine", **values):
    return store._database.write(
        account, lambda connection: connection.execute(text(statement), values).all()
    )


@pytest.mark.parametrize("table", TABLES)
def test_a_query_that_forgets_the_account_sees_its_own_rows_alone(store, table):
    assert {row[0] for row in ask(store, f"SELECT account FROM {table}")} == {"mine"}


@pytest.mark.parametrize("table", TABLES)
def test_a_query_for_another_account_finds_nothing(store, table):
    assert ask(store, f"SELECT * FROM {table} WHERE account = 'other'") == []
    assert ask(store, f"SELECT * FROM {table} WHERE account <> 'mine'") == []


def test_the_row_of_another_account_is_not_seen_either(store):
    assert [row.name for row in ask(store, "SELECT name FROM account")] == ["mine"]


@pytest.mark.parametrize("table", [*TABLES, "account"])
def test_a_statement_that_changes_everything_changes_its_own_alone(store, table):
    whose = "name" if table == "account" else "account"

    def work(connection):
        gone = connection.execute(text(f"DELETE FROM {table} RETURNING {whose}")).scalars().all()
        connection.rollback()
        return gone

    with store._database.snapshot() as connection:
        store._database.stand_behind_the_wall(connection, "mine")
        assert set(work(connection)) == {"mine"}


def test_no_row_can_be_put_into_another_account(store):
    for statement in (
        "UPDATE note SET account = 'other'",
        "INSERT INTO counter (account, device, op, document) VALUES ('other', 'A', 9, '{}')",
        "UPDATE lost SET account = 'other'",
        "INSERT INTO run (account, nonce, first) VALUES ('other', 'x', 1)",
    ):
        with pytest.raises(StoreUnwritable, match="row-level security"):
            ask(store, statement)
    assert store.counter("other", "A") == 3


def test_words_are_found_in_the_own_account_alone(store):
    [[mine]] = ask(store, "SELECT array_agg(id) FROM searchable")
    # Words of every account: the index of lexemes is one for all.
    every = "SELECT string_agg(quote_literal(l), ' | ') FROM searchable, unnest(lexemes) l(l, a, b)"
    both = "".join(ask(store, every, "other")[0]), "".join(ask(store, every)[0])
    [found] = ask(store, "SELECT array_agg(m) FROM matching((:q)::tsquery) m", q=" | ".join(both))
    assert found[0] == mine


def test_no_setting_opens_the_wall(store):
    assert ask(store, "SELECT * FROM note", account="") == []
    assert ask(store, "SELECT * FROM note", account="*") == []
    assert ask(store, "SELECT * FROM note", account="%") == []
    for statement in ("ALTER TABLE note DISABLE ROW LEVEL SECURITY", "DROP POLICY own ON note"):
        with pytest.raises(StoreUnwritable, match="must be owner"):
            ask(store, statement)


def test_devices_and_codes_are_none_of_an_accounts_business(store):
    for table in ("device", "admission"):
        with pytest.raises(StoreUnwritable, match="permission denied"):
            ask(store, f"SELECT * FROM {table}")
