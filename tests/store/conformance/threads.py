"""Many threads at once."""

import threading

from store.model import UNSET
from tests.store.making import highlight, operation


class Threads:
    def test_many_threads_writing_lose_nothing_and_share_no_number(self, opened):
        store = opened()

        def write(name):
            for n in range(25):
                store.apply("default", name, [highlight(op=n + 1, note=f"{name} {n}")])

        threads = [threading.Thread(target=write, args=(f"device-{n}",)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for reopen in (False, True):
            store = opened() if reopen else store
            revs = [a.rev for a in store.changes("default", None, 1000).changes]
            assert revs == list(range(1, 201))
            assert len({a.note for a in store.live("default")}) == 200

    def test_edits_of_one_note_by_many_threads_keep_every_tag(self, store):
        op = highlight()
        store.apply("default", "A", [op])

        def tag(name):
            for n in range(5):
                store.apply("default", name, [operation(op.id, base=1, tags_add=[f"{name}{n}"])])

        threads = [threading.Thread(target=tag, args=(name,)) for name in "abcdefgh"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.get("default", op.id).tags) == 40
        assert store.get("default", op.id).conflict_of is UNSET
