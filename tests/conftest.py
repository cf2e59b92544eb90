"""What holds for every test in Python."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.store.postgresql import Cluster

# Speed is measured in tests/bench, never asserted: a busy machine is no bug.
settings.register_profile("postil", deadline=None)
settings.load_profile("postil")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this process's tests."""
    made = Cluster()
    yield made
    made.remove()
