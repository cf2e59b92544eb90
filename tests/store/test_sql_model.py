"""Any story of devices, of a database put back and of backups leaves it as a plain dictionary."""

import copy
import os
import shutil

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from store.sql.store import SqlStore
from tests.store.test_model import ACCOUNTS, Stories


class SqlStories(Stories):
    """The same stories, but for those of files."""

    cluster = None
    fold = kill = None

    def open(self, put_back=False):
        if not hasattr(self, "url"):
            self.root.mkdir(exist_ok=True)
            self.url = self.cluster.database()
        self.store = SqlStore(self.url)

    def teardown(self):
        if hasattr(self, "url"):
            self.store.close()
            self.drop()
            shutil.rmtree(self.root)

    def drop(self):
        self.on_the_side(f"DROP DATABASE {self.name}")

    def on_the_side(self, *statements):
        self.cluster.run(self.cluster.url("postgres"), *statements)

    @property
    def name(self):
        return self.url.partition("?")[0].rpartition("/")[2]

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS))
    def put_a_copy_back(self, data, account):
        self.store.close()
        self.on_the_side(f"CREATE DATABASE {self.name}_aside TEMPLATE {self.name}")
        self.open()
        before = copy.deepcopy((self.model, self.sent, self.cursors))
        self.apply(account, "A", self.new_notes(data, account, "A", st.integers(1, 3)))
        gone = self.cursors[-1]
        self.store.close()
        self.drop()
        self.on_the_side(f"ALTER DATABASE {self.name}_aside RENAME TO {self.name}")
        self.model, self.sent, self.cursors = before
        self.open()
        if gone[1].seq > self.model[account].seq:
            self.gone.append(gone)
            if data.draw(st.booleans()):  # and another history goes as far as that one went
                self.apply(account, "A", self.new_notes(data, account, "A", st.just(4)))


def test_any_story_leaves_the_store_as_a_plain_dictionary(cluster):
    SqlStories.cluster = cluster
    stories = settings(
        max_examples=int(os.environ.get("STORIES", "3")),
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(SqlStories, settings=stories)
