"""Each thing a check looks at, damaged in turn: it is named, and mended or explained."""

import shutil

import msgspec
import pytest
import tinydb

from store.answers import Severity
from store.document import document_id
from store.errors import StoreError
from store.model import encode
from store.query import parse
from store.snapshot import read_snapshot, write_snapshot
from store.tiny import TinyStore
from tests.store.conformance.accounts import device
from tests.store.faults import HastyDisk
from tests.store.making import PAGE, highlight, new_id, operation

TABLE = "default/annotations"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "notes.json"


@pytest.fixture
def opened(path):
    stores = []

    def open_again():
        for store in stores:
            store.close()
        stores[:] = [TinyStore(path)]
        return stores[0]

    yield open_again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    """A store with a snapshot, the one before, and a journal after each."""
    store = opened()
    for number in range(4):
        store.apply("default", "A", [highlight(note=f"note {number}", tags_add=["t"])])
        if number in (0, 2):
            store.db.storage.compact()
    return store


def wrong(report):
    return [f.sentence for f in report.findings if f.severity is Severity.ERROR and not f.repaired]


def assert_found_and_mended(store, *said):
    """A check says these things; one that repairs mends them, and then nothing is wrong."""
    before = contents(store)
    report = store.check()
    assert not report.sound
    for text in said:
        assert any(text in sentence for sentence in wrong(report)), wrong(report)
    repaired = store.check(repair=True)
    assert repaired.sound
    assert any(finding.repaired for finding in repaired.findings)
    again = store.check()
    assert again.sound, again
    assert contents(store) == before
    return again


def contents(store):
    """What the notes say, whatever the indexes make of them."""
    kept = map(msgspec.json.decode, store.db.storage.tables[TABLE].values())
    return sorted((note["id"], note["note"]) for note in kept if note.get("deleted") is False)


# Files ----------------------------------------------------------------------------------------


def spoil(file):
    data = file.read_bytes()
    assert b"note" in data
    file.write_bytes(data.replace(b'"note":"note', b'"note":"nope'))


def test_a_damaged_snapshot_is_written_anew_and_a_copy_kept(store, opened, path):
    spoil(path)
    spoiled = path.read_bytes()
    report = assert_found_and_mended(store, "notes.json is damaged: its checksum does not match")
    [aside] = path.parent.glob("notes.json.damaged-*")
    assert aside.read_bytes() == spoiled
    assert any(aside.name in finding.sentence for finding in report.findings)
    before = contents(store)
    store.db.storage._lock.release()  # killed
    assert contents(opened()) == before


def test_a_snapshot_cut_in_the_middle_is_written_anew(store, path):
    path.write_bytes(path.read_bytes()[:100])
    assert_found_and_mended(store, "is damaged")


def test_a_snapshot_that_is_gone_is_written_anew(store, path):
    path.unlink()
    assert_found_and_mended(store, "notes.json is missing")


def test_a_damaged_journal_is_folded_and_a_copy_kept(store, path):
    [journal] = path.parent.glob("notes.json.journal-*")
    spoil(journal)
    assert_found_and_mended(store, "journal-3 is damaged: one line cannot be read")
    assert len(list(path.parent.glob("notes.json.journal-3.damaged-*"))) == 1


def test_a_journal_that_is_gone_is_replaced(store, path):
    [journal] = path.parent.glob("notes.json.journal-*")
    journal.unlink()
    assert_found_and_mended(store, "Journal 3 of notes.json is missing")


def test_a_damaged_snapshot_before_is_replaced(store, path):
    spoil(path.with_name("notes.json.previous"))
    assert_found_and_mended(store, "It could not stand in for the snapshot")
    spoil(path)  # and now the one before does stand in
    store.db.storage._lock.release()
    reopened = TinyStore(path)
    assert len(contents(reopened)) == 4
    reopened.close()


def test_a_damaged_journal_of_the_snapshot_before_is_replaced(store, path):
    spoil(path.with_name("notes.json.previous.journal-2"))
    assert_found_and_mended(store, "previous.journal-2 is damaged")


def test_another_state_on_the_disk_is_found_by_its_documents(store, path):
    """Every checksum is right, yet it is not what is served: the file of another store."""
    tables, trailer = read_snapshot(path)
    [(id, note), *_] = tables[TABLE].items()
    tables[TABLE][id] = note.replace(b'"note":"note', b'"note":"nope')
    tables[TABLE]["7"] = note
    with path.open("wb") as file:
        write_snapshot(tables, trailer.journal, file.write)
    assert_found_and_mended(store, "2 documents are on the disk not as served")


# Documents ------------------------------------------------------------------------------------


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


def test_a_sequence_that_is_behind_catches_up(store, opened):
    store = edited(store, opened, lambda kept: kept.update({"1": {"seq": 2}}), "default/sequence")
    assert_found_and_mended(store, "has given number 4, but knows of 2 only")


def test_a_body_in_the_trash_without_a_tombstone_can_be_restored_again(store, opened):
    op = highlight(note="buried")
    store.apply("default", "A", [op, operation(op.id, delete=True)])
    store = edited(store, opened, lambda notes: notes.pop(document_id(op.id)))
    assert_found_and_mended(store, "is in the trash, but was never deleted")
    store.apply("default", "A", [operation(op.id, delete=False)])
    assert store.get("default", op.id).note == "buried"


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


# Indexes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil_index",
    [
        lambda indexes: indexes.by_page.add("https://example.com/x", "1"),
        lambda indexes: indexes.by_canonical.add("https://example.com/x", "1"),
        lambda indexes: indexes.conflicts.add("x", "1"),
        lambda indexes: indexes.tags.update(["t"]),
        lambda indexes: indexes.sequence.discard(*indexes.sequence.after(0, 1)[0]),
        lambda indexes: indexes.digest.toggle("x", 1),
        lambda indexes: setattr(indexes, "live", 9),
    ],
    ids=["page", "canonical", "conflict", "tag", "sequence", "digest", "count"],
)
def test_an_index_that_differs_is_built_again(store, spoil_index):
    spoil_index(store._indexes["default"])
    assert_found_and_mended(store, "The indexes of account `default` do not agree")
    store.apply("default", "A", [highlight(tags_add=["t"])])
    assert store.tags("default") == {"t": 5}
    assert store.check().sound


def test_a_full_text_index_that_differs_is_built_again(store):
    assert store.search("default", parse("note")).total == 4
    full_text = store._searching._accounts["default"].full_text
    full_text.begin_anew(store.epoch())
    full_text.put([], 4)
    assert_found_and_mended(store, "full-text index of account `default`")
    assert store.search("default", parse("note")).total == 4


# What was put aside ---------------------------------------------------------------------------


def test_a_torn_write_that_was_put_aside_is_explained(store, opened, path):
    store.db.storage._lock.release()  # killed
    [journal] = path.parent.glob("notes.json.journal-*")
    journal.write_bytes(journal.read_bytes().rstrip(b"\0")[:-30])
    report = opened().check()
    [finding] = report.findings
    assert (finding.severity, report.sound) == (Severity.WARNING, True)
    [aside] = path.parent.glob("*.damaged-*")
    assert aside.name in finding.sentence
    assert f"{aside.stat().st_size} bytes that cannot" in finding.sentence
    assert "delete it when you miss nothing" in finding.sentence


def test_a_snapshot_that_was_missing_when_the_store_was_opened_is_told(store, opened, path):
    store.db.storage._lock.release()  # killed
    path.unlink()
    report = opened().check()
    [finding] = report.findings
    assert (finding.severity, report.sound) == (Severity.WARNING, True)
    assert "the snapshot before it and its journal stand in for it" in finding.sentence


def test_a_snapshot_that_was_put_aside_tells_what_only_it_holds(store, opened, path):
    store.close()
    shutil.copy(path, path.with_name("notes.json.damaged-20261124T080000Z"))
    [finding] = opened().check().findings
    assert "all in the store" in finding.sentence
    other = path.parent / "other"
    copy = TinyStore(other / "notes.json")
    copy.apply("default", "A", [highlight(), highlight()])
    copy.close()
    aside = path.with_name("notes.json.stray-20261124T080000Z-2")
    shutil.copy(other / "notes.json", aside)
    [finding] = [f for f in opened().check().findings if aside.name in f.sentence]
    assert "of them not in the store" in finding.sentence


# A disk that refuses --------------------------------------------------------------------------


def test_a_repair_that_the_disk_refuses_loses_nothing(store, opened, path, monkeypatch):
    spoil(path)
    before = contents(store)

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.db.storage.disk, "create", refuse)
    with pytest.raises(StoreError, match="no room"):
        store.check(repair=True)
    monkeypatch.undo()
    assert contents(store) == before
    assert_found_and_mended(store, "is damaged")


class Killed(BaseException):
    """The process ends here."""


class Killing(HastyDisk):
    """Ends the process at one of its calls, once it is told to count."""

    def __init__(self, at):
        self.left = at
        self.counting = False

    def __getattribute__(self, name):
        if name in {"create", "write", "flush", "replace", "link", "unlink", "flush_folder"}:
            if self.counting:
                self.left -= 1
            if self.left < 0:
                raise Killed
        return super().__getattribute__(name)


@pytest.mark.parametrize("file", ["notes.json", "notes.json.previous", "notes.json.journal-3"])
def test_a_kill_in_the_middle_of_a_repair_loses_nothing(store, path, tmp_path, file):
    store.close()
    store = TinyStore(path)
    note = highlight(note="note last")
    store.db.storage.compact()
    store.apply("default", "A", [note])
    store.db.storage._lock.release()
    before = contents(store)
    number = max(number for number, _ in store.db.storage._journal.files())
    at, done = 0, False
    while not done:
        folder = tmp_path / f"killed-{at}"
        folder.mkdir()
        for original in path.parent.glob("notes.json*"):
            if original.is_file():
                shutil.copy(original, folder)
        disk = Killing(at)
        killed = TinyStore(folder / "notes.json", disk=disk)
        spoil(folder / file.replace("journal-3", f"journal-{number}"))
        disk.counting = True
        try:
            assert killed.check(repair=True).sound
            done = True
        except Killed:
            killed.db.storage._lock.release()
        disk.counting, disk.left = False, 0
        killed.close() if done else None
        reopened = TinyStore(folder / "notes.json", disk=HastyDisk())
        lost = [note.id] if "journal" in file and contents(reopened) != before else []
        assert [one for one in before if one[0] not in lost] == contents(reopened), at
        assert not lost or list(folder.glob("*.damaged-*")), at
        assert reopened.check(repair=True).sound
        reopened.close()
        at += 1
    assert at > 5


def test_ids_that_only_look_alike_are_kept_apart(opened):
    """A guard for the tests above: documents go by the number a UUID is."""
    store = opened()
    op = highlight(new_id())
    store.apply("default", "A", [op])
    assert document_id(op.id) in store.db.storage.tables[TABLE]
    assert encode(store.get("default", op.id)) == store.db.storage.tables[TABLE][document_id(op.id)]
