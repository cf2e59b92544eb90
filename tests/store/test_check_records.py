"""Each way a document can be wrong, in turn: it is named, and mended or put aside."""

import msgspec
import tinydb

from store.answers import Severity
from store.document import document_id
from store.model import encode
from tests.store.checking import (
    TABLE,
    assert_found_and_mended,
    contents,
    opened,
    path,
    store,
    wrong,
)
from tests.store.conformance.accounts import device
from tests.store.making import PAGE, highlight, new_id, operation

__all__ = ["opened", "path", "store"]  # the fixtures


def edited(store, opened, edit, table=TABLE):
    """The store after plain TinyDB changed what its file holds: `edit(documents)` by id."""
    path = store.db.storage.path
    store.close()
    with tinydb.TinyDB(path) as plain:
        tables = plain.storage.read()
        edit(tables.setdefault(table, {}))
        plain.storage.write(tables)
    return opened()


def first(documents):
    return next(iter(documents.values()))


def test_a_note_that_is_none_is_taken_out_and_kept(store, opened, path):
    store = edited(store, opened, lambda notes: first(notes).update(color="red"))
    report = store.check()
    assert any("Invalid enum value 'red'" in sentence for sentence in wrong(report))
    assert store.check(repair=True).sound
    assert store.check().sound
    assert sorted(note for _, note in contents(store)) == ["note 1", "note 2", "note 3"]
    [aside] = path.parent.glob("notes.json.unreadable-*")
    kept = msgspec.json.decode(aside.read_bytes())
    assert msgspec.json.decode(kept["document"])["note"] == "note 0"
    [finding] = store.check().findings
    assert "1 document that can be read (1 of them not in the store)" in finding.sentence


def test_a_note_that_is_not_even_an_object_spoils_no_other(store, opened):
    store = edited(store, opened, lambda notes: notes.update({"7": {"no": "note"}}))
    assert len(contents(store)) == 4
    [result] = store.apply("default", "A", [highlight()])
    assert result.annotation.rev == 5
    assert_found_and_mended(store, "Document 7 of table `default/annotations` is no good")


def test_a_note_under_another_id_is_put_in_its_place(store, opened):
    op = highlight(note="moved")
    store.apply("default", "A", [op])
    store = edited(store, opened, lambda notes: notes.update({"1": notes.pop(document_id(op.id))}))
    assert store.get("default", op.id) is None
    assert_found_and_mended(store, "it stands under another id than its own")
    assert store.get("default", op.id).note == "moved"


def test_a_note_under_another_page_is_found_on_its_own_again(store, opened):
    store = edited(store, opened, lambda notes: first(notes).update(page="https://example.com/x"))
    assert len(store.on_page("default", [PAGE])) == 3
    assert_found_and_mended(store, f"under `https://example.com/x`, but its page is `{PAGE}`")
    assert len(store.on_page("default", [PAGE])) == 4


def test_two_notes_with_one_number_get_two(store, opened):
    store = edited(store, opened, lambda notes: first(notes).update(rev=2, page="x"))
    assert_found_and_mended(store, "has number 2, which is another's or none")
    revs = [note.rev for note in store.changes("default", None, 10).changes]
    assert revs == [2, 3, 4, 5]
    [result] = opened().apply("default", "A", [highlight()])
    assert result.annotation.rev == 6


def test_no_number_is_given_twice_whatever_the_file_says_was_the_last(store, opened):
    store = edited(store, opened, lambda kept: kept.update({"1": {"seq": 2}}), "default/sequence")
    assert store.check().sound
    [result] = store.apply("default", "A", [highlight()])
    assert result.annotation.rev == 5


def test_a_body_in_the_trash_without_a_tombstone_can_be_restored_again(store, opened):
    op = highlight(note="buried")
    store.apply("default", "A", [op, operation(op.id, delete=True)])
    store = edited(store, opened, lambda notes: notes.pop(document_id(op.id)))
    assert_found_and_mended(store, "is in the trash, but was never deleted")
    store.apply("default", "A", [operation(op.id, delete=False)])
    assert store.get("default", op.id).note == "buried"


def test_what_is_lost_of_no_note_is_taken_off_the_list(store, opened):
    op = highlight()
    store.apply("default", "A", [op])
    store.observe("default", "A", [op.id], [])
    store = edited(store, opened, lambda notes: notes.pop(document_id(op.id)))
    assert_found_and_mended(store, "is listed as not found again, but is not there")
    assert store.lost("default") == []


def test_a_device_that_cannot_be_read_shuts_out_no_other(store, opened):
    store.put_device(device())
    store = edited(store, opened, lambda devices: devices.update({"5": {"x": 1}}), "devices")
    assert store.device_by_token("a1") == device()
    assert_found_and_mended(store, "Document 5 of table `devices` is no good")


def test_a_counter_that_cannot_be_read_is_taken_out(store, opened):
    store.apply("default", "A", [highlight(op=1)])
    store = edited(store, opened, lambda all_: first(all_).update(op="x"), "default/counters")
    assert_found_and_mended(store, "of table `default/counters` is no good")
    [result] = store.apply("default", "A", [highlight(op=2)])
    assert result.annotation.rev == 6


def test_a_table_of_somebody_else_is_left_alone_and_told(store, opened, path):
    store = edited(store, opened, lambda table: table.update({"1": {"todo": "milk"}}), "todo")
    for repair in (False, True):
        report = store.check(repair=repair)
        assert report.sound
        [finding] = report.findings
        assert (finding.severity, finding.repaired) == (Severity.NOTE, False)
        assert "`todo`" in finding.sentence
    store.close()
    with tinydb.TinyDB(path) as plain:
        assert plain.table("todo").all() == [{"todo": "milk"}]


def test_an_edited_note_with_a_tag_twice_can_be_retagged(store, opened):
    store = edited(store, opened, lambda notes: first(notes).update(tags=["t", "t"]))
    note = min(store.live("default"), key=lambda one: one.rev)
    store.apply("default", "A", [operation(note.id, tags_remove=["t"])])
    assert store.tags("default") == {"t": 3}
    assert store.check().sound


def test_several_faults_are_mended_at_once(store, opened):
    def edit(notes):
        one, two, three, four = notes.values()
        one.update(page="elsewhere", rev=0)
        two.update(rev=three["rev"])
        four.update(page="elsewhere")

    store = edited(store, opened, edit)
    assert_found_and_mended(store, "has number 0", "has number 3", "under `elsewhere`")


def test_a_history_that_cannot_be_read_begins_anew(store, opened):
    epoch = store.epoch()
    store = edited(store, opened, lambda meta: first(meta).update(epoch=5), "meta")
    assert store.epoch() != epoch
    assert len(contents(store)) == 4


def test_ids_that_only_look_alike_are_kept_apart(opened):
    """A guard for the tests above: documents go by the number a UUID is."""
    store = opened()
    op = highlight(new_id())
    store.apply("default", "A", [op])
    assert document_id(op.id) in store.db.storage.tables[TABLE]
    assert encode(store.get("default", op.id)) == store.db.storage.tables[TABLE][document_id(op.id)]
