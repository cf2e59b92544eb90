"""What changed since, and by what devices tell that they hold the same."""

import hashlib
import threading

import msgspec
import pytest

from store.answers import Cursor
from store.errors import ResyncRequired
from tests.store.making import highlight, operation


class Changes:
    def test_changes_come_once_each_in_order_with_tombstones(self, store):
        a, b, c = highlight(), highlight(), highlight()
        store.apply("default", "A", [a, b, c])
        store.apply(
            "default", "A", [operation(a.id, set={"note": "n"}), operation(b.id, delete=True)]
        )
        changes = store.changes("default", None, 10)
        assert [x.id for x in changes.changes] == [c.id, a.id, b.id]
        assert [x.rev for x in changes.changes] == [3, 4, 5]
        assert [x.deleted for x in changes.changes] == [False, False, True]
        assert not changes.more

    def test_a_device_is_told_how_far_it_has_counted(self, store):
        note = highlight()
        assert store.counter("default", "A") == 0
        store.apply("default", "A", [msgspec.structs.replace(note, op=7)])
        store.apply("default", "A", [operation(note.id, op=5, set={"note": "a repetition"})])
        assert store.counter("default", "A") == 7
        assert (store.counter("default", "B"), store.counter("other", "A")) == (0, 0)

    def test_nothing_new_is_an_empty_page_with_the_same_cursor(self, store):
        store.apply("default", "A", [highlight()])
        cursor = store.changes("default", None, 10).cursor
        again = store.changes("default", cursor, 10)
        assert (again.changes, again.cursor, again.more) == ([], cursor, False)
        assert store.cursor("default") == cursor

    def test_pages_of_changes_add_up_though_notes_change_meanwhile(self, store):
        ops = [highlight() for _ in range(10)]
        store.apply("default", "A", ops)
        seen, cursor, more = {}, None, True
        while more:
            page = store.changes("default", cursor, 3)
            seen.update({a.id: a for a in page.changes})
            cursor, more = page.cursor, page.more
            if len(seen) < 9:
                store.apply("default", "A", [operation(ops[0].id, set={"note": str(len(seen))})])
        assert {a.id: a for a in store.live("default")} == seen

    def test_the_last_page_says_how_many_live_notes_there_are_and_their_digest(self, store):
        a, b = highlight(), highlight()
        store.apply("default", "A", [a, b])
        first = store.changes("default", None, 1)
        assert (first.count, first.digest) == (None, None)
        both = store.changes("default", first.cursor, 1)
        store.apply("default", "A", [operation(a.id, delete=True)])
        one = store.changes("default", None, 10)
        assert (both.count, one.count) == (2, 1)
        assert both.digest != one.digest

    def test_the_digest_is_of_what_is_there_not_of_how_it_came(self, opened):
        store = opened()
        store.apply("default", "A", [highlight(), highlight()])
        extra = highlight()
        store.apply("default", "A", [extra, operation(extra.id, delete=True)])
        before = store.changes("default", None, 10)
        assert opened().changes("default", None, 10).digest == before.digest

    def test_a_cursor_is_read_back_from_its_text(self, store):
        store.apply("default", "A", [highlight()])
        cursor = store.changes("default", None, 10).cursor
        assert Cursor.parse(str(cursor)) == cursor

    @pytest.mark.parametrize("text", ["", "x", "a.b.c", "..", "a.-1.c", "a.1", "a.1.", "a.٣.c"])
    def test_what_is_no_cursor_asks_for_a_resync(self, text):
        with pytest.raises(ResyncRequired):
            Cursor.parse(text)

    def test_a_cursor_of_another_history_asks_for_a_resync(self, store):
        store.apply("default", "A", [highlight(), highlight()])
        cursor = store.changes("default", None, 10).cursor
        for other in (
            msgspec.structs.replace(cursor, epoch="another"),
            msgspec.structs.replace(cursor, seq=cursor.seq + 1),
            msgspec.structs.replace(cursor, nonce="another"),
        ):
            with pytest.raises(ResyncRequired):
                store.changes("default", other, 10)

    def test_a_cursor_outlives_closing_and_opening(self, opened):
        store = opened()
        store.apply("default", "A", [highlight()])
        cursor = store.changes("default", None, 10).cursor
        store = opened()
        store.apply("default", "A", [highlight()])
        assert [a.rev for a in store.changes("default", cursor, 10).changes] == [2]

    def test_a_manifest_is_id_and_rev_of_every_live_note(self, store):
        a, b, gone = highlight(), highlight(), highlight()
        store.apply("default", "A", [a, b, gone, operation(gone.id, delete=True)])
        last = store.changes("default", None, 10)
        manifest = store.manifest("default")
        assert manifest.versions == sorted([(a.id, 1), (b.id, 2)])
        assert (manifest.cursor, manifest.digest) == (last.cursor, last.digest)

    def test_a_digest_is_the_exclusive_or_of_the_hashes_of_id_and_rev(self, store):
        store.apply("default", "A", [highlight(), highlight()])
        value = 0
        for id, rev in store.manifest("default").versions:
            value ^= int(hashlib.sha256(f"{id}:{rev}".encode()).hexdigest(), 16)
        assert store.changes("default", None, 10).digest == f"{value:064x}"

    # wait, resync -------------------------------------------------------------------------------

    def test_waiting_ends_when_something_changes(self, store):
        store.apply("default", "A", [highlight()])
        cursor = store.changes("default", None, 10).cursor
        news = []
        waiting = threading.Thread(target=lambda: news.append(store.wait("default", cursor, 60)))
        waiting.start()
        store.apply("other", "A", [highlight()])
        store.apply("default", "A", [highlight()])
        waiting.join(30)
        assert news == [True]

    def test_waiting_for_what_is_there_already_takes_no_time(self, store):
        store.apply("default", "A", [highlight(), highlight()])
        first = store.changes("default", None, 1).cursor
        assert store.wait("default", first, 60)
        assert store.wait("default", Cursor("another", 2, "x"), 60)

    def test_waiting_ends_in_vain_after_its_time(self, store):
        cursor = store.changes("default", None, 10).cursor
        assert not store.wait("default", cursor, 0.01)

    def test_closing_ends_every_wait(self, store):
        cursor = store.changes("default", None, 10).cursor
        waiting = threading.Thread(target=lambda: store.wait("default", cursor, 60))
        waiting.start()
        store.close()
        waiting.join(30)
        assert not waiting.is_alive()

    def test_a_cursor_that_was_ahead_has_its_own_past_in_common(self, opened, tmp_path):
        opened().apply("default", "A", [highlight(), highlight()])
        store = opened()
        store.apply("default", "A", [highlight()])
        cursor = store.changes("default", None, 10).cursor
        ahead = msgspec.structs.replace(cursor, seq=9)
        with pytest.raises(ResyncRequired) as raised:
            store.changes("default", ahead, 10)
        assert raised.value.common == 3
        unknown = msgspec.structs.replace(cursor, nonce="unknown")
        with pytest.raises(ResyncRequired) as raised:
            store.changes("default", unknown, 10)
        assert raised.value.common == 0
        restored = msgspec.structs.replace(cursor, epoch="another", seq=2)
        with pytest.raises(ResyncRequired) as raised:
            store.changes("default", restored, 10)
        assert raised.value.common == 2
