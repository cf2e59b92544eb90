"""Applying operations, and getting a note."""

from store.model import Status
from tests.store.making import PAGE, highlight, new_id, operation


class Notes:
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
