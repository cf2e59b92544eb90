"""What any AnnotationStore must do: the docstrings of `store/base.py`, as tests.

A store's own test module subclasses `Conformance` and gives the fixture `opened`: a function that
opens the same store again each time it is called, closing the one before.
"""

import hashlib
import threading

import msgspec
import pytest

from store.base import Cursor, ResyncRequired
from store.model import UNSET, Color, Device, Grant, Invalid, Status
from tests.store.making import PAGE, highlight, new_id, operation

DAY = "2026-11-24T08:00:00.000000Z"


DEVICE = new_id()


def device(id=DEVICE, account="default", token="a1", **fields):
    named = {"name": "Laptop", "kind": "extension", "created": DAY, "seen": DAY, **fields}
    return Device(id=id, account=account, token_hash=token, **named)


class Conformance:
    @pytest.fixture
    def store(self, opened):
        return opened()

    # apply, get -------------------------------------------------------------------------------

    def test_a_new_store_is_empty(self, store):
        assert store.get("default", new_id()) is None
        assert store.get("default", "no id at all") is None
        assert not store.remove_device("default", "no id at all")
        assert store.on_page("default", [PAGE]) == []
        assert list(store.live("default")) == []
        assert (store.pages("default"), store.tags("default"), store.count("default")) == (
            [],
            {},
            0,
        )

    def test_what_was_applied_can_be_got(self, store):
        op = highlight(op=1, note="a note", tags_add=["t"])
        [result] = store.apply("default", "A", [op])
        assert (result.status, result.op, result.id) == (Status.CREATED, 1, op.id)
        assert store.get("default", op.id) == result.annotation
        assert result.annotation.note == "a note"

    def test_what_was_applied_is_there_after_opening_again(self, opened):
        op = highlight(op=1, note="a note")
        [result] = opened().apply("default", "A", [op])
        assert opened().get("default", op.id) == result.annotation

    def test_an_empty_batch_is_no_change(self, store):
        before = store.changes("default", None, 10).cursor
        assert store.apply("default", "A", []) == []
        assert store.changes("default", None, 10).cursor == before

    def test_results_come_one_each_in_order_and_a_bad_one_is_rejected_alone(self, store):
        good, bad, last = (
            highlight(op=1),
            operation(op=2, base=5, set={"note": "n"}),
            highlight(op=3),
        )
        results = store.apply("default", "A", [good, bad, last])
        assert [r.status for r in results] == [Status.CREATED, Status.REJECTED, Status.CREATED]
        assert [r.op for r in results] == [1, 2, 3]
        assert (results[1].code, results[1].field) == ("unknown", "set.url")
        assert store.count("default") == 2

    def test_later_operations_of_a_batch_see_the_earlier_ones(self, store):
        op = highlight(op=1)
        results = store.apply(
            "default", "A", [op, operation(op.id, op=2, base=1, set={"note": "second"})]
        )
        assert [r.status for r in results] == [Status.CREATED, Status.UPDATED]
        assert store.get("default", op.id).note == "second"

    def test_replaying_a_batch_is_a_no_op(self, opened):
        op = highlight(op=1, note="one")
        edit = operation(op.id, op=2, base=1, set={"note": "two"})
        store = opened()
        store.apply("default", "A", [op, edit])
        before = store.changes("default", None, 10)
        for reopen in (False, True):
            store = opened() if reopen else store
            results = store.apply("default", "A", [op, edit])
            assert [r.status for r in results] == [Status.UNCHANGED, Status.UNCHANGED]
            assert results[1].annotation.note == "two"
            assert store.changes("default", None, 10) == before

    def test_a_replay_after_somebody_elses_edit_does_not_undo_it(self, store):
        op = highlight(op=1, note="one")
        store.apply("default", "A", [op])
        store.apply("default", "B", [operation(op.id, op=1, base=1, set={"note": "two"})])
        [result] = store.apply("default", "A", [op])
        assert (result.status, result.annotation.note) == (Status.UNCHANGED, "two")

    def test_a_rejected_operation_is_rejected_again_when_its_batch_is_sent_again(self, store):
        bad, good = operation(op=1, base=5, set={"note": "n"}), highlight(op=2)
        for _ in range(2):
            results = store.apply("default", "A", [bad, good])
            assert results[0].status is Status.REJECTED

    def test_a_rejected_operation_is_taken_once_it_can_be(self, store):
        id = new_id()
        edit = operation(id, op=1, base=0, set={"note": "n"})
        assert store.apply("default", "A", [edit, highlight(op=2)])[0].status is Status.REJECTED
        store.apply("default", "B", [highlight(id, op=1)])
        assert store.apply("default", "A", [edit, highlight(op=2)])[
            0
        ].status is Status.CONFLICT or (store.get("default", id).note == "n")

    def test_counters_are_each_devices_own(self, store):
        first, second = highlight(op=7), highlight(op=1)
        store.apply("default", "A", [first])
        assert store.apply("default", "B", [second])[0].status is Status.CREATED

    def test_operations_without_a_counter_are_never_replays(self, store):
        op = highlight()
        store.apply("default", "A", [op])
        for text in ("x", "y"):
            [result] = store.apply("default", "A", [operation(op.id, set={"note": text})])
            assert (result.status, result.annotation.note) == (Status.UPDATED, text)

    def test_both_texts_of_a_conflict_are_kept(self, store):
        op = highlight(op=1, note="first")
        store.apply("default", "A", [op])
        store.apply("default", "A", [operation(op.id, op=2, base=1, set={"note": "mine"})])
        late = operation(op.id, op=1, base=1, set={"note": "theirs"})
        [result] = store.apply("default", "B", [late])
        assert (result.status, result.annotation.note) == (Status.CONFLICT, "mine")
        assert (result.copy.note, result.copy.conflict_of) == ("theirs", op.id)
        store.apply("default", "B", [late])
        assert sorted(a.note for a in store.on_page("default", [PAGE])) == ["mine", "theirs"]

    def test_a_deleted_note_leaves_a_tombstone_and_comes_back_with_its_text(self, opened):
        op = highlight(op=1, note="kept")
        opened().apply("default", "A", [op, operation(op.id, op=2, base=1, delete=True)])
        store = opened()
        assert (store.get("default", op.id).deleted, store.count("default")) == (True, 0)
        [back] = store.apply("default", "A", [operation(op.id, op=3, base=2, delete=False)])
        assert (back.annotation.note, back.annotation.deleted) == ("kept", False)
        assert store.count("default") == 1

    def test_what_is_handed_out_is_never_an_alias(self, store):
        op = highlight(op=1, tags_add=["t"], extra={"list": [1]})
        store.apply("default", "A", [op])
        for handed in (
            store.get("default", op.id),
            store.on_page("default", [PAGE])[0],
            store.changes("default", None, 9).changes[0],
            next(store.live("default")),
        ):
            handed.tags.append("spoiled")
            handed.extra["list"].append(2)
            handed.clock["note"] = 99
        kept = store.get("default", op.id)
        assert (kept.tags, kept.extra, kept.clock) == (["t"], {"list": [1]}, {"*": 1})

    # on_page, live, pages, tags -----------------------------------------------------------------

    def test_a_pages_notes_come_in_reading_order(self, store):
        late, early = highlight(start=50, op=1), highlight(start=5, op=2)
        whole = operation(op=3, base=0, set={"url": PAGE, "note": "on the whole page"})
        store.apply("default", "A", [late, early, whole])
        assert [a.id for a in store.on_page("default", [PAGE])] == [whole.id, early.id, late.id]

    def test_another_page_is_not_looked_at(self, store):
        store.apply("default", "A", [highlight(), highlight(url="https://example.com/other")])
        assert len(store.on_page("default", [PAGE])) == 1

    def test_a_note_is_found_by_its_canonical_address_too(self, store):
        op = highlight(url=f"{PAGE}?page=1", canonical=PAGE)
        other = highlight(url=f"{PAGE}?print=1", canonical=PAGE)
        store.apply("default", "A", [op, other])
        for asked in ([PAGE], [f"{PAGE}?page=1"], [f"{PAGE}?print=1", PAGE]):
            assert {a.id for a in store.on_page("default", asked)} == {op.id, other.id}
        assert store.get("default", op.id).page == f"{PAGE}?page=1"

    def test_pages_tell_how_many_notes_of_which_colours(self, store):
        store.apply("default", "A", [highlight(color="pink"), highlight(), highlight()])
        store.apply("default", "A", [highlight(url="https://example.com/b", title="Another")])
        newest, older = store.pages("default")
        assert (newest.title, newest.count, newest.colors) == ("Another", 1, {Color.YELLOW: 1})
        assert (older.page, older.count, older.colors) == (
            PAGE,
            3,
            {Color.PINK: 1, Color.YELLOW: 2},
        )

    def test_tags_come_with_how_many_notes_have_them(self, store):
        store.apply("default", "A", [highlight(tags_add=["a", "b"]), highlight(tags_add=["b"])])
        gone = highlight(tags_add=["c"])
        store.apply("default", "A", [gone, operation(gone.id, delete=True)])
        assert store.tags("default") == {"b": 2, "a": 1}

    def test_live_is_every_note_as_of_the_call(self, store):
        ops = [highlight(start=n) for n in range(5)]
        store.apply("default", "A", ops)
        walk = store.live("default")
        first = next(walk)
        store.apply("default", "A", [operation(ops[3].id, delete=True), highlight()])
        assert [first.id, *(a.id for a in walk)] == [op.id for op in ops]

    # changes ------------------------------------------------------------------------------------

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

    def test_nothing_new_is_an_empty_page_with_the_same_cursor(self, store):
        store.apply("default", "A", [highlight()])
        cursor = store.changes("default", None, 10).cursor
        again = store.changes("default", cursor, 10)
        assert (again.changes, again.cursor, again.more) == ([], cursor, False)

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

    # accounts -----------------------------------------------------------------------------------

    def test_accounts_share_nothing(self, store):
        op = highlight(op=1, note="mine", tags_add=["t"])
        store.apply("one", "A", [op])
        assert store.get("two", op.id) is None
        assert store.on_page("two", [PAGE]) == list(store.live("two")) == store.pages("two") == []
        assert (store.tags("two"), store.count("two")) == ({}, 0)
        assert store.changes("two", None, 10).changes == []
        [result] = store.apply("two", "A", [op])
        assert (result.status, result.annotation.rev) == (Status.CREATED, 1)

    # devices and grants -------------------------------------------------------------------------

    def test_a_device_is_known_by_its_token(self, opened):
        opened().put_device(device())
        store = opened()
        assert store.device_by_token("a1") == device()
        assert store.device_by_token("a2") is None
        assert store.devices("default") == [device()]
        assert store.devices("other") == []

    def test_a_revoked_device_is_known_no_more(self, store):
        store.put_device(device())
        assert not store.remove_device("other", DEVICE)
        assert store.remove_device("default", DEVICE)
        assert not store.remove_device("default", DEVICE)
        assert store.device_by_token("a1") is None

    def test_a_grant_is_redeemed_once(self, store):
        store.put_grant(Grant("aa", "pair", "default", expires=100.0))
        assert store.redeem_grant("sign-in", "aa", 50.0, 5) is None
        assert store.redeem_grant("pair", "aa", 50.0, 5).account == "default"
        assert store.redeem_grant("pair", "aa", 50.0, 5) is None

    def test_a_grant_expires(self, store):
        store.put_grant(Grant("aa", "pair", "default", expires=100.0))
        assert store.redeem_grant("pair", "aa", 100.0, 5) is None

    def test_wrong_guesses_use_a_grant_up(self, store):
        store.put_grant(Grant("aa", "pair", "default", expires=100.0))
        for _ in range(4):
            assert store.redeem_grant("pair", "cc", 50.0, 5) is None
        assert store.redeem_grant("sign-in", "cc", 50.0, 5) is None
        store.put_grant(Grant("bb", "pair", "default", expires=100.0))
        assert store.redeem_grant("pair", "cc", 50.0, 5) is None
        assert store.redeem_grant("pair", "aa", 50.0, 5) is None
        assert store.redeem_grant("pair", "bb", 50.0, 5) is not None

    # threads ------------------------------------------------------------------------------------

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

    # manifest, accounts, trash --------------------------------------------------------------------

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

    def test_accounts_are_those_with_notes_or_devices(self, opened):
        store = opened()
        assert store.accounts() == []
        store.apply("b/c", "A", [highlight()])
        store.put_device(device(account="a"))
        assert opened().accounts() == ["a", "b/c"]

    def test_the_trash_lists_what_was_deleted_last_first_and_page_by_page(self, opened):
        ops = [highlight(note=str(n)) for n in range(5)]
        opened().apply("default", "A", ops)
        store = opened()
        for op in ops:
            store.apply("default", "A", [operation(op.id, delete=True)])
        notes, cursor = [], None
        while True:
            page = store.trash("default", 2, cursor)
            assert page.total == 5
            notes += [trashed.annotation.note for trashed in page.trashed]
            if (cursor := page.cursor) is None:
                break
        assert notes == ["4", "3", "2", "1", "0"]
        with pytest.raises(Invalid, match="cursor"):
            store.trash("default", 2, "nonsense")

    def test_what_is_restored_leaves_the_trash(self, store):
        op = highlight(note="back")
        store.apply("default", "A", [op, operation(op.id, delete=True)])
        store.apply("default", "A", [operation(op.id, delete=False)])
        assert (store.trash("default").total, store.get("default", op.id).note) == (0, "back")

    def test_emptying_the_trash_leaves_tombstones_and_what_is_younger(self, opened):
        store = opened()
        old, young, other = highlight(), highlight(), highlight()
        store.apply("default", "A", [old, young, operation(old.id, delete=True)])
        store.apply("other", "A", [other, operation(other.id, delete=True)])
        [first] = store.trash("default").trashed
        store.apply("default", "A", [operation(young.id, delete=True)])
        latest = store.trash("default").trashed[0].at
        assert latest > first.at
        assert store.empty_trash("default", before=latest) == 1
        store = opened()
        assert [t.annotation.id for t in store.trash("default").trashed] == [young.id]
        assert store.get("default", old.id).deleted
        [refused] = store.apply("default", "A", [operation(old.id, delete=False)])
        assert "no longer in the trash" in refused.reason
        assert (store.empty_trash("default"), store.empty_trash("default")) == (1, 0)
        assert store.trash("other").total == 1
