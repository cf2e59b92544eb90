"""Merging one operation into one record: the examples of `store/merge.py`, and its laws."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.merge import copy_id, merge
from store.model import UNSET, Status
from tests.store.making import highlight, new_id, operation

NOW = "2026-11-24T08:00:00.000000Z"
ID = new_id()


def merged(record, op, device="A", seq=None, trashed=None):
    seq = seq or (record.rev if record else 0) + 1
    return merge(record, op, device=device, seq=seq, now=NOW, trashed=trashed)


@pytest.fixture
def record():
    """A note at sequence 10, written by A."""
    return merged(None, highlight(ID, note="first", tags_add=["a"]), seq=10).record


def test_a_new_note_is_created_with_all_it_brings():
    op = highlight(ID, note="n", color="pink", tags_add=["b", "a", "b"], at="2026-01-02T03:04:05Z")
    outcome = merged(None, op, device="A", seq=7)
    made = outcome.record
    assert outcome.status is Status.CREATED
    assert (made.note, made.color, made.tags) == ("n", "pink", ["b", "a"])
    assert (made.created, made.updated) == ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")
    assert (made.device, made.rev, made.page) == ("A", 7, "https://example.com/article")


def test_a_clock_that_runs_ahead_does_not_date_a_note_into_the_future():
    outcome = merged(None, highlight(ID, at="2099-01-01T00:00:00Z"))
    assert outcome.record.created == NOW


def test_the_same_new_note_sent_twice_is_one_note(record):
    outcome = merged(record, highlight(ID, note="first", tags_add=["a"]))
    assert outcome.status is Status.UNCHANGED
    assert outcome.changes == 0


def test_an_edit_from_what_stands_is_an_update(record):
    outcome = merged(record, operation(ID, base=10, set={"note": "second"}))
    assert outcome.status is Status.UPDATED
    assert (outcome.record.note, outcome.record.rev) == ("second", 11)


def test_disjoint_fields_both_change(record):
    recoloured = merged(record, operation(ID, base=10, set={"color": "green"}), "A").record
    outcome = merged(recoloured, operation(ID, base=10, set={"note": "second"}), "B")
    assert outcome.status is Status.MERGED
    assert (outcome.record.note, outcome.record.color) == ("second", "green")


def test_of_two_colours_the_later_arrival_wins(record):
    green = merged(record, operation(ID, base=10, set={"color": "green"}), "A").record
    outcome = merged(green, operation(ID, base=10, set={"color": "pink"}), "B")
    assert (outcome.status, outcome.record.color) == (Status.MERGED, "pink")


def test_tags_merge_as_sets_and_keep_their_order(record):
    one = merged(record, operation(ID, base=10, tags_add=["b"]), "A").record
    two = merged(one, operation(ID, base=10, tags_add=["c", "b"], tags_remove=["a"]), "B").record
    assert two.tags == ["b", "c"]


def test_two_texts_are_both_kept(record):
    mine = merged(record, operation(ID, base=10, set={"note": "mine"}), "A").record
    op = operation(ID, op=4, base=10, set={"note": "theirs"})
    outcome = merged(mine, op, "B")
    assert outcome.status is Status.CONFLICT
    assert outcome.record is None  # the server's text stays as it is
    copy = outcome.copy
    assert (copy.note, copy.conflict_of, copy.id) == ("theirs", ID, copy_id(op, "B"))
    assert (copy.quote, copy.position, copy.page) == (mine.quote, mine.position, mine.page)


def test_a_conflict_still_takes_the_fields_that_do_not_conflict(record):
    mine = merged(record, operation(ID, base=10, set={"note": "mine"}), "A").record
    op = operation(ID, op=4, base=10, set={"note": "theirs", "color": "blue"}, tags_add=["b"])
    outcome = merged(mine, op, "B")
    assert (outcome.record.note, outcome.record.color, outcome.record.tags) == (
        "mine",
        "blue",
        ["a", "b"],
    )
    assert (outcome.record.rev, outcome.copy.rev) == (12, 13)


def test_the_same_text_on_both_sides_is_no_conflict(record):
    mine = merged(record, operation(ID, base=10, set={"note": "same"}), "A").record
    outcome = merged(mine, operation(ID, base=10, set={"note": "same"}), "B")
    assert (outcome.status, outcome.copy) == (Status.UNCHANGED, None)


def test_clearing_a_text_loses_to_editing_it_whichever_comes_first(record):
    clear, edit = (operation(ID, base=10, set={"note": text}) for text in ("", "edited"))
    for first, second in ((clear, edit), (edit, clear)):
        outcome = merged(merged(record, first, "A").record, second, "B")
        kept = outcome.record or merged(record, first, "A").record
        assert (kept.note, outcome.copy) == ("edited", None)


def test_a_retry_of_a_conflict_makes_the_same_copy(record):
    op = operation(ID, op=4, base=10, set={"note": "theirs"})
    mine = merged(record, operation(ID, base=10, set={"note": "mine"}), "A").record
    assert merged(mine, op, "B").copy.id == merged(mine, op, "B").copy.id
    assert merged(mine, op, "B").copy.id != merged(mine, op, "C").copy.id


def test_a_delete_leaves_a_tombstone_and_gives_the_body_to_the_trash(record):
    outcome = merged(record, operation(ID, base=10, delete=True))
    gone = outcome.record
    assert outcome.status is Status.UPDATED
    assert (gone.deleted, gone.note, gone.quote, gone.tags) == (True, "", None, [])
    assert (gone.id, gone.page, gone.rev) == (record.id, record.page, 11)
    assert outcome.trash == (record,)


def test_a_delete_with_a_last_edit_trashes_the_edited_text(record):
    outcome = merged(record, operation(ID, base=10, set={"note": "last words"}, delete=True))
    assert outcome.record.deleted
    assert outcome.trash[0].note == "last words"


def test_an_edit_beats_a_delete_that_had_not_seen_it(record):
    edited = merged(record, operation(ID, base=10, set={"note": "second"}), "A").record
    outcome = merged(edited, operation(ID, base=10, delete=True), "B")
    assert outcome.status is Status.MERGED
    assert outcome.record is None


def test_an_edit_that_had_not_seen_the_delete_brings_the_note_back(record):
    deleted = merged(record, operation(ID, base=10, delete=True), "A")
    op = operation(ID, base=10, set={"color": "green"})
    back = merged(deleted.record, op, "B", trashed=deleted.trash[0])
    assert back.status is Status.MERGED
    assert (back.record.note, back.record.color, back.record.deleted) == ("first", "green", False)
    assert back.record.rev == 12


def test_two_texts_survive_a_delete_between_them(record):
    mine = merged(record, operation(ID, base=10, set={"note": "mine"}), "A").record
    deleted = merged(mine, operation(ID, base=11, delete=True), "A")
    op = operation(ID, op=1, base=10, set={"note": "theirs"})
    back = merged(deleted.record, op, "B", trashed=deleted.trash[0])
    assert back.status is Status.CONFLICT
    assert (back.record.note, back.copy.note) == ("mine", "theirs")
    assert back.record.rev != back.copy.rev


def test_a_deleted_note_is_restored_on_request(record):
    deleted = merged(record, operation(ID, base=10, delete=True))
    back = merged(deleted.record, operation(ID, base=11, delete=False), trashed=deleted.trash[0])
    assert back.status is Status.UPDATED
    assert (back.record.note, back.record.tags, back.record.deleted) == ("first", ["a"], False)


def test_deleting_twice_changes_nothing(record):
    deleted = merged(record, operation(ID, base=10, delete=True))
    again = merged(deleted.record, operation(ID, base=10, delete=True), trashed=record)
    assert (again.status, again.changes) == (Status.UNCHANGED, 0)


def test_last_words_go_into_the_trash_though_somebody_deleted_the_note_before(record):
    deleted = merged(record, operation(ID, base=10, delete=True), "A")
    op = operation(ID, op=1, base=10, set={"note": "last words"}, delete=True)
    outcome = merged(deleted.record, op, "B", trashed=record)
    assert outcome.record is None
    assert [body.note for body in outcome.trash] == ["last words"]


def test_two_last_words_are_both_in_the_trash(record):
    first = operation(ID, op=1, base=10, set={"note": "mine"}, delete=True)
    second = operation(ID, op=1, base=10, set={"note": "theirs"}, delete=True)
    deleted = merged(record, first, "A")
    outcome = merged(deleted.record, second, "B", trashed=deleted.trash[0])
    assert sorted(body.note for body in outcome.trash) == ["mine", "theirs"]
    assert outcome.copy.deleted
    assert outcome.copy.id == copy_id(second, "B")


def test_deleting_what_never_was_changes_nothing():
    outcome = merged(None, operation(ID, base=3, delete=True))
    assert (outcome.status, outcome.changes) == (Status.UNCHANGED, 0)


def test_editing_what_never_was_is_refused_as_unknown():
    outcome = merged(None, operation(ID, base=3, set={"note": "n"}))
    assert (outcome.status, outcome.code, outcome.field) == (
        Status.REJECTED,
        "unknown",
        "set.url",
    )


def test_editing_what_has_left_the_trash_is_refused_as_unknown(record):
    gone = merged(record, operation(ID, base=10, delete=True)).record
    outcome = merged(gone, operation(ID, base=10, set={"note": "n"}))
    assert (outcome.status, outcome.code) == (Status.REJECTED, "unknown")


def test_an_address_that_is_none_is_refused_by_name():
    outcome = merged(None, highlight(ID, url="not an address"))
    assert (outcome.status, outcome.code, outcome.field) == (
        Status.REJECTED,
        "invalid",
        "set.url",
    )


def test_more_tags_than_fit_are_refused_by_name(record):
    op = operation(ID, base=10, tags_add=[str(n) for n in range(64)])
    outcome = merged(record, op)
    assert (outcome.status, outcome.field, outcome.changes) == (Status.REJECTED, "tags_add", 0)
    assert "65 tags" in outcome.reason


def test_the_page_follows_the_address_and_only_a_believable_canonical_is_kept(record):
    op = operation(ID, base=10, set={"url": "http://m.example.com/b/?utm_source=x"})
    moved = merged(record, op).record
    assert (moved.page, moved.canonical) == ("https://m.example.com/b", UNSET)
    told = merged(moved, operation(ID, base=11, set={"canonical": "https://example.com/b"})).record
    assert told.canonical == "https://example.com/b"
    lied = merged(told, operation(ID, base=12, set={"canonical": "https://elsewhere.org/"})).record
    assert lied.canonical is UNSET


def test_optional_fields_can_be_cleared(record):
    with_extra = merged(record, operation(ID, base=10, set={"extra": {"k": 1}})).record
    assert with_extra.extra == {"k": 1}
    assert merged(with_extra, operation(ID, base=11, set={"extra": None})).record.extra is UNSET


# Laws, for any edits by any devices that all began at the same record ------------------------

TEXTS = st.sampled_from(["", "one", "two", "three"])
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "set": st.fixed_dictionaries(
            {},
            optional={"note": TEXTS, "color": st.sampled_from(["green", "blue"])},
        ),
        "tags_add": st.lists(st.sampled_from("abc"), max_size=2),
        "tags_remove": st.lists(st.sampled_from("abc"), max_size=2),
        "delete": st.booleans(),
    },
)


def run(record, operations):
    """Apply (device, operation) in order to a small store of one note; answer what it holds."""
    records, trash, seq = {record.id: record}, {}, record.rev
    for device, op in operations:
        there = records.get(op.id)
        outcome = merge(there, op, device=device, seq=seq + 1, now=NOW, trashed=trash.get(op.id))
        trash.update({body.id: body for body in outcome.trash})
        for note in (outcome.record, outcome.copy):
            if note and not (note is outcome.copy and note.id in records):
                records[note.id] = note
                seq = note.rev
                if not note.deleted:
                    trash.pop(note.id, None)
    return records, trash


def edits(pieces):
    return [
        (f"device-{n}", operation(ID, op=1, base=10, **piece)) for n, piece in enumerate(pieces)
    ]


BASE = merged(None, highlight(ID, note="first", tags_add=["a"]), seq=10).record


@given(st.lists(EDITS, max_size=4))
def test_no_text_ever_typed_is_lost(pieces):
    records, trash = run(BASE, edits(pieces))
    kept = {r.note for r in (*records.values(), *trash.values())}
    typed = {piece.get("set", {}).get("note") for piece in pieces} - {None, ""}
    assert typed <= kept


@given(st.lists(EDITS, max_size=4))
def test_applying_everything_twice_is_applying_it_once(pieces):
    operations = edits(pieces)
    once, _ = run(BASE, operations)
    twice, _ = run(BASE, [(d, o) for d, o in operations for _ in range(2)])
    assert {i: (r.note, r.color, set(r.tags), r.deleted) for i, r in once.items()} == {
        i: (r.note, r.color, set(r.tags), r.deleted) for i, r in twice.items()
    }


@given(st.lists(EDITS, min_size=2, max_size=3))
def test_whatever_the_order_the_same_texts_live(pieces):
    """Colours and tags go by arrival; which texts exist, and whether the note lives, do not."""
    seen = set()
    for order in itertools.permutations(edits(pieces)):
        records, trash = run(BASE, order)
        texts = {r.note for r in (*records.values(), *trash.values())}
        seen.add(frozenset(texts - {"", "first"}))
    assert len(seen) == 1


@given(st.lists(EDITS, max_size=4))
def test_every_change_takes_a_number_of_its_own(pieces):
    records, _ = run(BASE, edits(pieces))
    revs = [record.rev for record in records.values()]
    assert len(revs) == len(set(revs))
