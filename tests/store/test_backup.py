"""What is special about backups of the embedded store, and restores that are cut or refused."""

import errno
import gzip
import os
import random
import shutil
import zlib

import pytest
import tinydb

from store.errors import StoreDamaged, StoreError, StoreFull, StoreUnwritable
from store.model import Invalid
from store.tiny import TinyStore
from tests.store.conformance.care import everything
from tests.store.faults import FaultyDisk, HastyDisk, PowerCut
from tests.store.making import highlight, new_id, operation


@pytest.fixture
def path(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "notes.json"


@pytest.fixture
def store(path):
    opened = TinyStore(path)
    yield opened
    opened.close()


# The file -------------------------------------------------------------------------------------


def test_plain_tinydb_opens_a_backup(store, tmp_path):
    op = highlight(note="plain")
    store.apply("default", "A", [op])
    store.backup(tmp_path / "backup.json")
    with tinydb.TinyDB(tmp_path / "backup.json") as plain:
        [note] = plain.table("default/annotations").all()
    assert (note["id"], note["note"]) == (op.id, "plain")


def test_a_name_that_ends_in_gz_is_compressed(store, tmp_path):
    store.apply("default", "A", [highlight(note="x" * 10_000)])
    store.backup(tmp_path / "backup.json")
    written = store.backup(tmp_path / "backup.json.gz")
    packed = (tmp_path / "backup.json.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "backup.json").read_bytes()
    assert written.bytes == len(packed) < 5000


def test_a_copy_of_a_backup_is_a_store(store, tmp_path):
    store.apply("default", "A", [highlight(note="copied")])
    before = everything(store, "default")
    store.backup(tmp_path / "backup.json")
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "backup.json", tmp_path / "other" / "notes.json")
    copy = TinyStore(tmp_path / "other" / "notes.json")
    assert everything(copy, "default") == before
    copy.apply("default", "A", [highlight()])
    assert copy.check().findings == []
    copy.close()


def test_a_backup_is_its_owners_alone_and_nothing_else_is_left(store, tmp_path):
    store.backup(tmp_path / "backup.json")
    assert (tmp_path / "backup.json").stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["backup.json", "data"]


def test_the_stores_own_files_are_not_overwritten(store, path, tmp_path):
    store.apply("default", "A", [highlight()])
    store.db.storage.compact()
    (tmp_path / "link").symlink_to(path)
    os.link(path, tmp_path / "second")
    names = ("", ".previous", ".lock", ".journal-2", ".new", ".search")
    own = [path.with_name(path.name + name) for name in names]
    for refused in (*own, tmp_path / "link", tmp_path / "second"):
        with pytest.raises(Invalid, match="of the store's own"):
            store.backup(refused)
    assert store.check().findings == []


def test_a_file_that_is_no_backup_is_not_overwritten_but_an_older_backup_is(store, tmp_path):
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("the work of years")
    with pytest.raises(Invalid, match="exists, and is no backup"):
        store.backup(thesis)
    with pytest.raises(Invalid, match="is a folder"):
        store.backup(tmp_path)
    assert thesis.read_text() == "the work of years"
    store.backup(tmp_path / "backup")
    store.apply("default", "A", [highlight()])
    assert store.backup(tmp_path / "backup").annotations == 1
    assert store.restore(tmp_path / "backup", tmp_path / "kept").annotations == 1


def test_where_nothing_can_be_written_it_is_said(store, tmp_path):
    with pytest.raises(StoreUnwritable, match="no such file or directory"):
        store.backup(tmp_path / "missing" / "backup")


# What is restored -----------------------------------------------------------------------------


def test_a_file_of_plain_tinydb_can_be_restored(store, tmp_path):
    op = highlight(note="before")
    store.apply("default", "A", [op])
    store.backup(tmp_path / "backup.json")
    with tinydb.TinyDB(tmp_path / "backup.json", indent=2) as plain:
        plain.table("default/annotations").update({"note": "edited by hand"})
    store.restore(tmp_path / "backup.json", tmp_path / "kept")
    assert store.get("default", op.id).note == "edited by hand"


def test_a_record_that_is_no_note_is_named_and_nothing_is_restored(store, tmp_path):
    op = highlight(note="stays")
    store.apply("default", "A", [op])
    store.backup(tmp_path / "backup.json")
    with tinydb.TinyDB(tmp_path / "backup.json") as plain:
        plain.table("default/annotations").update({"color": "red"})
    with pytest.raises(StoreDamaged, match=r"default/annotations.*Invalid enum value 'red'"):
        store.restore(tmp_path / "backup.json", tmp_path / "kept")
    assert store.get("default", op.id).note == "stays"


def test_another_programs_tinydb_file_is_no_backup(store, tmp_path):
    with tinydb.TinyDB(tmp_path / "other.json") as plain:
        plain.insert({"todo": "milk"})
    with pytest.raises(StoreDamaged, match="holds no notes of Postil"):
        store.restore(tmp_path / "other.json", tmp_path / "kept")


def unpacked(packed):
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def test_a_compressed_backup_cut_anywhere_is_refused(store, tmp_path):
    store.apply("default", "A", [highlight() for _ in range(5)])
    store.backup(tmp_path / "backup.gz")
    whole = (tmp_path / "backup.gz").read_bytes()
    for size in range(0, len(whole), 7):
        (tmp_path / "cut.gz").write_bytes(whole[:size])
        with pytest.raises(StoreDamaged):
            store.restore(tmp_path / "cut.gz", tmp_path / "kept")
    for at in range(10, len(whole), 11):
        flipped = whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]
        if unpacked(flipped) == unpacked(whole):
            continue  # it was one of the bits that fill up the last byte, and mean nothing
        (tmp_path / "flipped.gz").write_bytes(flipped)
        with pytest.raises(StoreDamaged):
            store.restore(tmp_path / "flipped.gz", tmp_path / "kept")
    assert store.count("default") == 5


def test_the_snapshot_from_before_a_restore_never_stands_in_for_the_one_after(path, tmp_path):
    """Its journals lead up to what was restored over, not to what was restored."""
    store = TinyStore(path)
    store.backup(tmp_path / "empty")
    store.apply("default", "A", [highlight(note="before")])
    store.db.storage.compact()
    store.db.storage.compact()
    store.restore(tmp_path / "empty", tmp_path / "kept")
    store.apply("default", "A", [highlight(note="after")])
    store.db.storage._lock.release()  # killed
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(StoreDamaged, match="damaged"):
        TinyStore(path)


def test_search_finds_what_was_restored_and_nothing_else(store, tmp_path):
    from store.query import parse

    store.apply("default", "A", [highlight(note="heron")])
    store.backup(tmp_path / "backup")
    store.apply("default", "A", [highlight(note="kingfisher")])
    assert store.search("default", parse("kingfisher")).total == 1
    store.restore(tmp_path / "backup", tmp_path / "kept")
    assert store.search("default", parse("heron")).total == 1
    assert store.search("default", parse("kingfisher")).total == 0


# A disk that fails ----------------------------------------------------------------------------

IDS = [new_id() for _ in range(10)]


@pytest.fixture
def backup(tmp_path):
    """A backup of a store that held one note."""
    other = TinyStore(tmp_path / "other" / "notes.json")
    other.apply("default", "A", [highlight(IDS[0], note="of the backup")])
    other.backup(tmp_path / "backup.json")
    other.close()
    return tmp_path / "backup.json"


def steps(store, folder, backup):
    yield lambda: store.apply("default", "A", [highlight(IDS[1], note="before")])
    yield store.db.storage.compact
    yield lambda: store.apply("default", "A", [highlight(IDS[2], note="before too")])
    yield lambda: store.backup(folder / "made.json")
    yield lambda: store.restore(backup, folder / "kept.json")
    yield lambda: store.apply("default", "A", [operation(IDS[0], set={"note": "after"})])
    yield lambda: store.apply("default", "A", [highlight(IDS[3], note="after too")])


STATES = [
    set(),
    {"before"},
    {"before"},
    {"before", "before too"},
    {"before", "before too"},
    {"of the backup"},
    {"after"},
    {"after", "after too"},
]
"""What the store holds after so many steps."""


def contents(store):
    return {note.note for note in store.live("default")}


def live(folder, disk, backup):
    """Take all steps; answer how many were acknowledged when the power was cut."""
    done, storage = 0, None
    try:
        store = TinyStore(folder / "notes.json", disk=disk)
        storage = store.db.storage
        for step in steps(store, folder, backup):
            step()
            done += 1
        store.close()
    except PowerCut:
        if storage is not None:
            storage._lock.release()  # as the end of a process does
    return done


def test_a_power_cut_at_any_call_leaves_the_old_or_the_new(tmp_path, backup):
    (tmp_path / "whole").mkdir()
    whole = FaultyDisk(tmp_path / "whole")
    assert live(tmp_path / "whole", whole, backup) == len(STATES) - 1
    for at in range(1, whole.calls + 1):
        for seed in range(4):
            folder = tmp_path / f"{at}-{seed}"
            folder.mkdir()
            disk = FaultyDisk(folder, at)
            done = live(folder, disk, backup)
            disk.crash(random.Random(seed))
            reopened = TinyStore(folder / "notes.json", disk=HastyDisk())
            where = f"cut at call {at} ({disk.failed}), state {seed}"
            assert contents(reopened) in STATES[done : done + 2], where
            for name, since in (("made.json", 4), ("kept.json", 5)):
                there = (folder / name).exists()
                assert there or done < since, where
                if there and seed == 0:
                    reopened.restore(folder / name, folder / "again.json")
                    assert contents(reopened) == {"before", "before too"}, where
            assert seed or reopened.check().sound, where
            reopened.close()


@pytest.mark.parametrize(("how", "error"), [("refuse", errno.EIO), ("tear", errno.ENOSPC)])
def test_a_refusal_at_any_call_changes_nothing(tmp_path, backup, how, error):
    (tmp_path / "whole").mkdir()
    whole = FaultyDisk(tmp_path / "whole")
    live(tmp_path / "whole", whole, backup)
    kind = StoreFull if error == errno.ENOSPC else StoreUnwritable
    for at in range(1, whole.calls + 1):
        folder = tmp_path / f"{how}-{at}"
        folder.mkdir()
        disk = FaultyDisk(folder, at, how, error)
        try:
            store = TinyStore(folder / "notes.json", disk=disk)
        except kind:
            store = TinyStore(folder / "notes.json", disk=disk)
        for step in steps(store, folder, backup):
            before = contents(store), store.epoch()
            try:
                step()
            except kind:
                where = f"{how} at call {at} ({disk.failed})"
                assert (contents(store), store.epoch()) == before, where
                copy = copied(folder, tmp_path / f"{how}-{at}-copy")
                assert (contents(copy), copy.epoch()) == before, where
                copy.close()
                step()  # there is room again: the same works
        assert contents(store) == STATES[-1]
        assert store.check().sound
        store.db.storage._lock.release()  # killed, not closed: nothing is folded
        reopened = TinyStore(folder / "notes.json", disk=HastyDisk())
        assert contents(reopened) == STATES[-1], f"{how} at call {at} ({disk.failed})"
        reopened.close()


def copied(folder, to):
    """The store as a kill would leave it now."""
    shutil.copytree(folder, to)
    return TinyStore(to / "notes.json", disk=HastyDisk())


def test_nothing_is_written_after_a_restore_whose_outcome_the_disk_leaves_open(tmp_path, backup):
    """The rename went through, its flush did not, nor does anything else: memory stays as it was,
    and no write is acknowledged that might be read back on top of the other one."""

    class Dying(FaultyDisk):
        dying = False
        renamed = False

        def replace(self, source, target):
            super().replace(source, target)
            self.renamed |= self.dying and target.name == "notes.json"

        def _call(self, name):
            super()._call(name)
            if self.renamed:
                raise OSError(errno.EIO, "the disk is gone")

    (tmp_path / "data").mkdir()
    disk = Dying(tmp_path / "data")
    store = TinyStore(tmp_path / "data" / "notes.json", disk=disk)
    store.apply("default", "A", [highlight(IDS[1], note="before")])
    disk.dying = True
    with pytest.raises(StoreUnwritable):
        store.restore(backup, tmp_path / "data" / "kept.json")
    assert contents(store) == {"before"}
    with pytest.raises(StoreError):
        store.apply("default", "A", [highlight(IDS[2], note="refused")])
    disk.dying = disk.renamed = False
    store.apply("default", "A", [highlight(IDS[3], note="taken")])
    assert contents(store) == {"before", "taken"}
    store.db.storage._lock.release()  # killed
    reopened = TinyStore(tmp_path / "data" / "notes.json")
    assert contents(reopened) == {"before", "taken"}
    reopened.close()
