"""Any story of devices, closings, kills and files put back leaves the store as a plain dictionary.

Hypothesis invents the stories, `plain_model.py` says what must come of them. It invents more with
`STORIES=5000 pytest tests/store/test_model.py`.
"""

import copy
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.answers import Cursor
from store.errors import ResyncRequired
from store.query import parse
from store.tiny import TinyStore
from tests.store.faults import HastyDisk
from tests.store.making import new_id, operation
from tests.store.plain_model import PlainAccount, plain

# Addresses, and the page each belongs to. The first three pages are one site's.
SITE = "https://example.com"
PAGES = {
    f"{SITE}/a": f"{SITE}/a",
    "http://example.com/a/?utm_source=x#part": f"{SITE}/a",
    f"{SITE}/a?page=2": f"{SITE}/a?page=2",
    f"{SITE}/b": f"{SITE}/b",
    "https://elsewhere.example/a": "https://elsewhere.example/a",
    "urn:isbn:9780141439518": "urn:isbn:9780141439518",
}
TEXTS = ["", "one", "two", 'line\nend \u2028 " \\ é 文 😀', '":{', "x" * 300]
TAGS = st.lists(st.sampled_from(["a", "B", "日本", "é"]), max_size=3, unique=True)
ACCOUNTS = ["default", "b/c"]
DEVICES = ["A", "B", "C"]


def same_site(one, other):
    return "//example.com/" in one and "//example.com/" in other


FIELDS = {
    "url": st.sampled_from([*PAGES, "no address"]),
    "title": st.sampled_from(["", "An article"]),
    "note": st.sampled_from(TEXTS),
    "color": st.sampled_from(["yellow", "green", "pink"]),
    "position": st.none() | st.builds(lambda n: {"start": n, "end": n + 5}, st.integers(0, 9)),
    "quote": st.none() | st.sampled_from([{"exact": "words"}, {"exact": "文", "prefix": "<"}]),
}
NEW = st.fixed_dictionaries(
    {"url": st.sampled_from(list(PAGES))},
    optional={
        **{name: FIELDS[name] for name in FIELDS if name != "url"},
        "canonical": st.sampled_from([f"{SITE}/b", f"{SITE}/a", "https://elsewhere.example/a"]),
    },
)
EDIT = st.fixed_dictionaries({}, optional=FIELDS)


class Stories(RuleBasedStateMachine):
    @initialize(compact_at=st.sampled_from([500, 1 << 22, 1 << 22]))
    def begin(self, compact_at):
        self.root = Path(tempfile.mkdtemp(prefix="postil-model-"))
        self.generation = 0
        self.compact_at = compact_at
        self.model = {account: PlainAccount(PAGES.get, same_site) for account in ACCOUNTS}
        self.counters = dict.fromkeys(((a, d) for a in ACCOUNTS for d in DEVICES), 0)
        self.sent = {}
        self.cursors = []
        self.gone = []  # cursors of a history that was put back
        self.open()

    def open(self, put_back=False):
        self.store = TinyStore(self.folder / "notes.json", disk=HastyDisk())
        warnings = self.store.db.storage.warnings
        assert [
            warning for warning in warnings if not put_back or "does not follow" not in warning
        ] == []
        self.store.db.storage._compact_at = self.compact_at

    @property
    def folder(self):
        return self.root / str(self.generation)

    def teardown(self):
        if hasattr(self, "root"):
            self.store.close()
            shutil.rmtree(self.root)

    # What devices do ----------------------------------------------------------------------------

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS), device=st.sampled_from(DEVICES))
    def make_notes(self, data, account, device):
        self.apply(account, device, self.new_notes(data, account, device, st.integers(1, 4)))

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS), device=st.sampled_from(DEVICES))
    def edit_a_note(self, data, account, device):
        self.apply(account, device, [self.an_edit(data, account, device)])

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS), device=st.sampled_from(DEVICES))
    def delete_a_note(self, data, account, device):
        about = self.about_a_note(
            data, account, device, deleted=data.draw(st.sampled_from([False, None]))
        )
        live = not self.note_of(account, about["id"])["deleted"]
        last_words = self.edit(data) if live and data.draw(st.booleans()) else {}
        self.apply(account, device, [operation(**about, **last_words, delete=True)])

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS), device=st.sampled_from(DEVICES))
    def restore_a_note(self, data, account, device):
        about = self.about_a_note(data, account, device, deleted=True)
        self.apply(account, device, [operation(**about, delete=False)])

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS), device=st.sampled_from(DEVICES))
    def send_a_mixed_batch(self, data, account, device):
        operations = self.new_notes(data, account, device, st.integers(0, 2))
        operations += [self.an_edit(data, account, device) for _ in range(3)]
        about = self.about_a_note(data, account, device)
        operations.append(operation(**about, delete=data.draw(st.booleans())))
        self.apply(account, device, operations)

    def new_notes(self, data, account, device, counts):
        ids = list(self.model[account].notes)
        operations = []
        for _ in range(data.draw(counts)):
            id = new_id()
            if ids and data.draw(st.integers(0, 5)) == 0:
                id = data.draw(st.sampled_from(ids))  # made by two machines
            about = {"id": id, "op": self.counter(data, account, device), "base": 0}
            operations.append(operation(**about, set=data.draw(NEW), tags_add=data.draw(TAGS)))
        return operations

    def an_edit(self, data, account, device):
        return operation(**self.about_a_note(data, account, device), **self.edit(data))

    def edit(self, data):
        tags = {"tags_add": data.draw(TAGS), "tags_remove": data.draw(TAGS)}
        return {"set": data.draw(EDIT), **tags}

    def about_a_note(self, data, account, device, deleted=None):
        """Which note an operation is about, and what its writer had seen of it."""
        notes = self.model[account].notes
        fitting = [id for id, note in notes.items() if note["deleted"] is deleted]
        id = data.draw(st.sampled_from(fitting or [*notes, new_id()]))
        rev = self.note_of(account, id)["rev"]
        base = data.draw(st.sampled_from([None, rev]) | st.integers(0, rev))
        return {"id": id, "op": self.counter(data, account, device), "base": base}

    def note_of(self, account, id):
        return self.model[account].notes.get(id, {"rev": 0, "deleted": True})

    def counter(self, data, account, device):
        rise = data.draw(st.integers(0, 3))
        self.counters[account, device] += rise
        return self.counters[account, device] if rise else 0

    def apply(self, account, device, operations):
        results = self.store.apply(account, device, operations)
        self.model[account].took(device, operations, results)
        self.sent[account, device] = operations
        self.cursors.append((account, self.store.changes(account, None, 1000).cursor))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_a_batch_again(self, data):
        account, device = data.draw(st.sampled_from(sorted(self.sent)))
        operations = [op for op in self.sent[account, device] if op.op]
        before = self.store.changes(account, None, 1000)
        results = self.store.apply(account, device, operations)
        self.model[account].took(device, operations, results)
        if not any(result.annotation and result.status != "unchanged" for result in results):
            assert self.store.changes(account, None, 1000) == before

    @rule(account=st.sampled_from(ACCOUNTS), data=st.data())
    def empty_the_trash(self, account, data):
        trash = self.model[account].trash
        before = data.draw(st.none() | st.integers(0, max(len(trash) - 1, 0)))
        listed = self.store.trash(account, 1000).trashed
        at = listed[before].at if before is not None and listed else None
        gone = {t.annotation.id for t in listed if at is None or t.at < at}
        assert self.store.empty_trash(account, at) == len(gone)
        for id in gone:
            del trash[id]

    # What happens to the process and the files --------------------------------------------------

    @rule()
    def close_and_open(self):
        self.store.close()
        self.open()

    @rule()
    def fold(self):
        self.store.db.storage.compact()

    @rule(account=st.sampled_from(ACCOUNTS), deleted=st.booleans())
    def kill(self, account, deleted):
        """What is on the disk at this moment is all that a new process finds."""
        if deleted:
            id = new_id()
            self.apply(account, "A", [operation(id, set={"url": f"{SITE}/b"})])
            self.apply(account, "A", [operation(id, delete=True)])
            self.apply(account, "A", [operation(id, delete=False)])
        before = self.folder
        self.copy_files_to(self.root / str(self.generation + 1))
        self.store.close()
        shutil.rmtree(before)
        self.generation += 1
        self.open()

    def copy_files_to(self, folder):
        self.store.db.storage._join_compaction()
        shutil.copytree(self.folder, folder)

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS))
    def restore_a_backup(self, data, account):
        self.store.backup(self.root / "backup.json")
        before = copy.deepcopy((self.model, self.sent))
        self.apply(account, "A", self.new_notes(data, account, "A", st.integers(0, 3)))
        self.apply(account, "A", [self.an_edit(data, account, "A")])
        self.store.restore(self.root / "backup.json", self.root / "kept.json")
        for name, model in before[0].items():
            model.seq = max(model.seq, self.model[name].seq)  # numbers are never given again
        self.model, self.sent = before
        self.gone += self.cursors
        self.cursors = []
        for file in ("backup.json", "kept.json"):
            (self.root / file).unlink()

    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS), closed=st.booleans())
    def put_a_copy_back(self, data, account, closed):
        """Of the one file while the store is closed, or of all files as they are."""
        aside = self.root / "copy"
        if closed:
            self.store.close()
            aside.mkdir()
            shutil.copy(self.folder / "notes.json", aside)
            self.open()
        else:
            self.copy_files_to(aside)
        before = copy.deepcopy((self.model, self.sent, self.cursors))
        self.apply(account, "A", self.new_notes(data, account, "A", st.integers(1, 3)))
        gone = self.cursors[-1]
        self.store.close()
        if not closed:
            shutil.rmtree(self.folder)
        shutil.copytree(aside, self.folder, dirs_exist_ok=True)
        shutil.rmtree(aside)
        self.model, self.sent, self.cursors = before
        self.open(put_back=True)
        if gone[1].seq > self.model[account].seq:
            self.gone.append(gone)
            if data.draw(st.booleans()):  # and another history goes as far as that one went
                self.apply(account, "A", self.new_notes(data, account, "A", st.just(4)))

    # What readers see -----------------------------------------------------------------------------

    @rule(account=st.sampled_from(ACCOUNTS), word=st.sampled_from(["one", "two", "é"]))
    def search(self, account, word):
        found = self.store.search(account, parse(f'"{word}"'), limit=1000).annotations
        in_notes = {a.id for a in found if word in a.note.split()}
        assert in_notes == self.model[account].said(word)

    @invariant()
    def every_cursor_leads_to_what_changed_since(self):
        if not hasattr(self, "store"):
            return
        for account, cursor in self.cursors[-6:]:
            self.read_on(account, cursor)
        for account, cursor in self.gone[-6:]:
            with pytest.raises(ResyncRequired):
                self.store.changes(account, cursor, 10)

    def read_on(self, account, cursor):
        expected = self.model[account].changed_since(cursor.seq)
        limit = max(1, len(expected) // 2)
        found, more = [], True
        while more:
            page = self.store.changes(account, Cursor.parse(str(cursor)), limit)
            assert len(page.changes) <= limit
            found += page.changes
            cursor, more = page.cursor, page.more
        assert list(map(plain, found)) == expected
        whole = (len(self.model[account].live()), self.model[account].digest())
        assert (page.count, page.digest) == whole

    @invariant()
    def the_store_holds_what_the_model_holds(self):
        if not hasattr(self, "store"):
            return
        for account, model in self.model.items():
            store = self.store
            assert store.count(account) == len(model.live())
            assert store.tags(account) == model.tags()
            assert sum(store.days(account).values()) == len(model.live())
            for id, note in model.notes.items():
                assert plain(store.get(account, id)) == note
            assert store.get(account, new_id()) is None
            pages = store.pages(account)
            assert {page.page: page.colors for page in pages} == model.pages()
            for key in set(PAGES.values()):
                assert list(map(plain, store.on_page(account, [key]))) == model.on_page(key)
            walked = {a.id: plain(a) for a in store.live(account)}
            assert walked == {note["id"]: note for note in model.live()}
            manifest = store.manifest(account)
            assert (manifest.versions, manifest.digest) == (model.versions(), model.digest())
            assert manifest.cursor.seq == model.highest()
            trash = store.trash(account, 1000)
            assert [(t.annotation.id, t.annotation.note) for t in trash.trashed] == model.trashed()
            changes = store.changes(account, None, 1000)
            assert list(map(plain, changes.changes)) == model.changed_since(0)


TestStories = Stories.TestCase
TestStories.settings = settings(
    max_examples=int(os.environ.get("STORIES", "60")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
