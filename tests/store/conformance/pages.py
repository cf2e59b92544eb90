"""What stands on a page, and all pages, tags and notes."""

from store.model import UNSET, Color
from tests.store.making import PAGE, highlight, operation


class Pages:
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

    def test_days_come_with_how_many_notes_were_made_on_them(self, opened):
        store = opened()
        early, late = highlight(created="2024-02-29T23:59:59Z"), highlight()
        moved = highlight(created="2026-01-01T00:00:00.000001Z")
        store.apply("default", "A", [late, moved, early])
        today = store.get("default", late.id).created[:10]
        expected = {"2024-02-29": 1, "2026-01-01": 1, today: 1}
        assert list(store.days("default").items()) == sorted(expected.items())
        store.days("default").clear()
        edits = [
            operation(late.id, delete=True),
            operation(moved.id, set={"note": "an edit is of no day"}),
            operation(early.id, set={"created": "2024-02-28T10:00:00Z"}),
        ]
        store.apply("default", "A", edits)
        for reopen in (False, True):
            store = opened() if reopen else store
            assert store.days("default") == {"2024-02-28": 1, "2026-01-01": 1}
        assert store.days("nobody") == {}

    def test_live_is_every_note_as_of_the_call(self, store):
        ops = [highlight(start=n) for n in range(5)]
        store.apply("default", "A", ops)
        walk = store.live("default")
        first = next(walk)
        store.apply("default", "A", [operation(ops[3].id, delete=True), highlight()])
        assert [first.id, *(a.id for a in walk)] == [op.id for op in ops]

    def test_conflict_copies_are_listed_until_they_are_settled(self, opened):
        store = opened()
        first, second = highlight(op=1, note="one"), highlight(op=2, note="one")
        store.apply("default", "A", [first, second])
        for number, op in enumerate((first, second), start=1):
            store.apply("default", "A", [operation(op.id, op=2 + number, set={"note": "mine"})])
            late = operation(op.id, op=number, base=number, set={"note": "theirs"})
            assert store.apply("default", "B", [late])[0].copy is not UNSET
        store = opened()
        copies = store.conflicts("default")
        assert [copy.conflict_of for copy in copies] == [first.id, second.id]
        store.apply("default", "A", [operation(copies[0].id, delete=True)])
        store.apply("default", "A", [operation(copies[1].id, set={"conflict_of": None})])
        assert store.conflicts("default") == opened().conflicts("default") == []
