"""The store for many readers keeps every promise, and a few of its own."""

import pytest

from store.sql.store import SqlStore
from tests.store.conformance import Conformance


@pytest.fixture(scope="module")
def address(cluster):
    url = cluster.database()
    SqlStore(url).close()
    return url


@pytest.fixture
def opened(cluster, address):
    stores = []

    def open_again():
        if stores:
            stores.pop().close()
        stores.append(SqlStore(address))
        return stores[0]

    yield open_again
    if stores:
        stores[0].close()
    cluster.run(
        address, "TRUNCATE account, note, searchable, trash, counter, lost, run, device, admission"
    )


class TestSqlStore(Conformance):
    pass
