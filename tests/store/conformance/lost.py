"""What browsers could not find again: kept beside the notes, and no change of any of them."""

from store.model import Lost as Entry
from tests.store.making import PAGE, highlight, new_id, operation

SPAN = {"exact": "other words", "prefix": "", "suffix": ""}


class Lost:
    def test_what_was_lost_is_listed_the_last_first_with_who_said_so(self, opened):
        store = opened()
        one, two, three = (highlight(op=n) for n in (1, 2, 3))
        store.apply("default", "A", [one, two, three])
        store.apply("other", "A", [one])
        before = store.cursor("default"), store.get("default", one.id)
        store.observe("default", "A", [one.id], [])
        store.observe("default", "B", [three.id, one.id], [two.id])
        for reopen in (False, True):
            store = opened() if reopen else store
            last, first = store.lost("default")
            assert [last.id, last.page, last.device] == [three.id, PAGE, "B"]
            assert [first.id, first.page, first.device] == [one.id, PAGE, "A"]
            assert first.since < last.since
            assert store.count_lost("default") == 2
            assert store.lost("default", [one.id, two.id, "nonsense"]) == [first]
            assert store.lost("default", []) == []
            assert (store.lost("other"), store.count_lost("other")) == ([], 0)
            assert (store.cursor("default"), store.get("default", one.id)) == before
            assert store.check().findings == []

    def test_what_is_found_leaves_the_list_whoever_finds_it(self, store):
        one, two = highlight(), highlight()
        store.apply("default", "A", [one, two])
        store.observe("default", "A", [one.id, two.id], [])
        store.observe("default", "B", [], [one.id, new_id()])
        store.observe("default", "B", [two.id], [two.id])
        assert store.lost("default") == []

    def test_only_a_live_note_on_a_passage_can_be_lost(self, store):
        gone, whole, unknown = highlight(), highlight(quote=None, position=None), new_id()
        store.apply("default", "A", [gone, whole, operation(gone.id, delete=True)])
        store.observe("default", "A", [gone.id, whole.id, unknown], [])
        store.observe("nobody", "A", [unknown], [unknown])
        assert (store.lost("default"), store.count_lost("default")) == ([], 0)
        assert "nobody" not in store.accounts()

    def test_an_observation_ends_with_the_passage_it_was_of(self, opened):
        store = opened()
        ops = [highlight(note=str(n)) for n in range(5)]
        store.apply("default", "A", ops)
        store.observe("default", "A", [op.id for op in ops], [])
        deleted, requoted, moved, recoloured, _ = (op.id for op in ops)
        store.apply(
            "default",
            "A",
            [
                operation(deleted, delete=True),
                operation(requoted, set={"quote": SPAN}),
                operation(moved, set={"url": "https://example.com/elsewhere"}),
                operation(recoloured, set={"color": "pink", "note": "still lost"}),
            ],
        )
        store.apply("default", "A", [operation(deleted, delete=False)])
        kept = {ops[3].id, ops[4].id}
        for reopen in (False, True):
            store = opened() if reopen else store
            assert {one.id for one in store.lost("default")} == kept

    def test_the_list_comes_back_with_a_backup_and_goes_with_its_account(self, opened, tmp_path):
        store = opened()
        one, two = highlight(), highlight()
        store.apply("default", "A", [one, two])
        store.observe("default", "A", [one.id], [])
        before = store.lost("default")
        store.backup(tmp_path / "backup")
        store.observe("default", "A", [two.id], [one.id])
        store.restore(tmp_path / "backup", tmp_path / "kept")
        assert store.lost("default") == before == [Entry(one.id, PAGE, before[0].since, "A")]
        store = opened()
        assert store.lost("default") == before
        assert store.remove_account("default")
        assert (store.lost("default"), store.accounts()) == ([], [])
