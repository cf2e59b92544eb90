"""What was deleted, for as long as it can be restored."""

import pytest

from store.model import Invalid
from tests.store.making import highlight, operation


class Trash:
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
