"""Each thing a check looks at, damaged in turn: it is named, and mended or explained."""

import shutil

import pytest

from store.answers import Severity
from store.errors import StoreError
from store.query import parse
from store.snapshot import read_snapshot, write_snapshot
from store.tiny import TinyStore
from tests.store.checking import (
    TABLE,
    assert_found_and_mended,
    contents,
    opened,
    path,
    store,
)
from tests.store.faults import HastyDisk
from tests.store.making import highlight

__all__ = ["opened", "path", "store"]  # the fixtures


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


# Indexes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil_index",
    [
        lambda indexes: indexes.by_page.add("https://example.com/x", "1"),
        lambda indexes: indexes.by_canonical.add("https://example.com/x", "1"),
        lambda indexes: indexes.conflicts.add("x", "1"),
        lambda indexes: indexes.tags.update(["t"]),
        lambda indexes: indexes.days.update(["2026-11-24"]),
        lambda indexes: indexes.sequence.discard(*indexes.sequence.after(0, 1)[0]),
        lambda indexes: indexes.digest.toggle("x", 1),
        lambda indexes: setattr(indexes, "live", 9),
    ],
    ids=["page", "canonical", "conflict", "tag", "day", "sequence", "digest", "count"],
)
def test_an_index_that_differs_is_built_again(store, spoil_index):
    spoil_index(store._indexes["default"].get())
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
