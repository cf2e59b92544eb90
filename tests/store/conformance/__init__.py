"""What any AnnotationStore must do: the docstrings of `store/base.py`, as tests.

A store's own test module subclasses `Conformance` and gives the fixture `opened`: a function that
opens the same store again each time it is called, closing the one before.
"""

import pytest

from tests.store.conformance.accounts import Accounts
from tests.store.conformance.care import Care
from tests.store.conformance.changes import Changes
from tests.store.conformance.lost import Lost
from tests.store.conformance.notes import Notes
from tests.store.conformance.pages import Pages
from tests.store.conformance.search import Search
from tests.store.conformance.threads import Threads
from tests.store.conformance.trash import Trash


class Conformance(Notes, Pages, Changes, Accounts, Search, Trash, Lost, Care, Threads):
    """One topic a module; a store passes all of them."""

    @pytest.fixture
    def store(self, opened):
        return opened()
