"""What the store's tests share."""

import pytest

from tests.store.postgresql import Cluster


@pytest.fixture(scope="session")
def cluster():
    """One for all tests of this process."""
    made = Cluster()
    yield made
    made.remove()
