"""Backups, putting one back, and checking."""

import threading

import msgspec
import pytest

from store.answers import Severity
from store.errors import ResyncRequired, StoreDamaged
from store.model import Grant, Status
from tests.store.conformance.accounts import DEVICE, device
from tests.store.making import highlight, new_id, operation


class Care:
    # backup -----------------------------------------------------------------------------------

    @pytest.mark.parametrize("name", ["backup.json", "backup.json.gz"])
    def test_a_backup_puts_everything_back(self, opened, tmp_path, name):
        store = opened()
        kept, gone = highlight(op=1, note="kept", tags_add=["t"]), highlight(op=2, note="gone")
        store.apply("default", "A", [kept, gone, operation(gone.id, op=3, base=2, delete=True)])
        store.apply("other", "B", [highlight(note="of another account")])
        before = [everything(store, account) for account in ("default", "other")]
        written = store.backup(tmp_path / name)
        assert written.annotations == 2
        assert (tmp_path / name).stat().st_size == written.bytes
        store.apply("default", "A", [operation(kept.id, set={"note": "later"}), highlight()])
        store.apply("third", "A", [highlight()])
        read = store.restore(tmp_path / name, tmp_path / "kept.json")
        assert read == written
        for reopen in (False, True):
            store = opened() if reopen else store
            assert [everything(store, account) for account in ("default", "other")] == before
            assert store.count("third") == 0
            assert store.check().sound

    def test_a_backup_is_of_one_moment_while_writes_go_on(self, opened, tmp_path):
        store = opened()
        ends = threading.Event()

        def write():
            while not ends.is_set():
                store.apply("default", "A", [highlight(note="left"), highlight(note="right")])

        threads = [threading.Thread(target=write) for _ in range(3)]
        for thread in threads:
            thread.start()
        counts = [store.backup(tmp_path / f"{n}").annotations for n in range(10)]
        while counts[-1] == counts[0]:  # a busy machine has given no writer its turn yet
            counts.append(store.backup(tmp_path / f"{len(counts)}").annotations)
        ends.set()
        for thread in threads:
            thread.join()
        assert counts == sorted(counts)
        assert counts[-1] > counts[0]
        for n, count in enumerate(counts):
            store.restore(tmp_path / f"{n}", tmp_path / "kept")
            notes = [note.note for note in store.live("default")]
            assert len(notes) == count
            assert notes.count("left") == notes.count("right")

    def test_an_empty_store_can_be_backed_up_and_put_back(self, store, tmp_path):
        store.backup(tmp_path / "empty")
        store.apply("default", "A", [highlight()])
        assert store.restore(tmp_path / "empty", tmp_path / "kept").annotations == 0
        assert store.count("default") == 0

    # restore ----------------------------------------------------------------------------------

    def test_what_stood_before_a_restore_is_kept(self, store, tmp_path):
        store.backup(tmp_path / "old")
        op = highlight(note="since")
        store.apply("default", "A", [op])
        store.restore(tmp_path / "old", tmp_path / "kept")
        assert store.get("default", op.id) is None
        store.restore(tmp_path / "kept", tmp_path / "again")
        assert store.get("default", op.id).note == "since"

    def test_no_write_falls_between_what_is_kept_and_what_is_restored(self, store, tmp_path):
        store.backup(tmp_path / "empty")
        acknowledged = {}
        ends = threading.Event()
        written = threading.Semaphore(0)

        def write(name):
            while not ends.is_set():
                op = highlight(new_id(), note=f"of {name}")
                store.apply("default", name, [op])
                acknowledged[op.id] = op.set.note
                written.release()

        threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        kept = [tmp_path / f"kept {n}" for n in range(5)]
        for path in kept:
            written.acquire()
            written.acquire()
            store.restore(tmp_path / "empty", path)
        ends.set()
        for thread in threads:
            thread.join()
        found = {note.id: note.note for note in store.live("default")}
        for path in kept:
            store.restore(path, tmp_path / "now")
            found |= {note.id: note.note for note in store.live("default")}
        assert len(acknowledged) >= 10
        assert found == acknowledged

    def test_after_a_restore_every_cursor_asks_for_a_resync(self, opened, tmp_path):
        store = opened()
        store.apply("default", "A", [highlight(), highlight()])
        epoch, cursor = store.epoch(), store.changes("default", None, 10).cursor
        store.backup(tmp_path / "backup")
        store.restore(tmp_path / "backup", tmp_path / "kept")
        assert store.epoch() != epoch
        for reopen in (False, True):
            store = opened() if reopen else store
            with pytest.raises(ResyncRequired, match="restored"):
                store.changes("default", cursor, 10)

    def test_a_cursor_given_after_a_restore_holds(self, opened, tmp_path):
        store = opened()
        store.apply("default", "A", [highlight(), highlight()])
        store.backup(tmp_path / "backup")
        store.apply("default", "A", [highlight(), highlight()])
        store.restore(tmp_path / "backup", tmp_path / "kept")
        cursor = store.changes("default", None, 10).cursor
        store = opened()
        assert store.changes("default", cursor, 10).changes == []
        [written] = store.apply("default", "A", [highlight()])
        assert store.changes("default", cursor, 10).changes == [written.annotation]

    def test_a_restore_tells_what_both_histories_have_in_common(self, opened, tmp_path):
        store = opened()
        store.apply("default", "A", [highlight(), highlight()])
        early = store.changes("default", None, 1).cursor
        store.backup(tmp_path / "backup")
        store.apply("default", "A", [highlight(), highlight()])
        late = store.changes("default", None, 10).cursor
        store.restore(tmp_path / "backup", tmp_path / "kept")
        for reopen in (False, True):
            store = opened() if reopen else store
            for cursor, common in ((early, 1), (late, 2)):
                with pytest.raises(ResyncRequired) as raised:
                    store.changes("default", cursor, 10)
                assert raised.value.common == common
            store.apply("default", "A", [highlight()])

    def test_numbers_go_on_after_all_that_were_given(self, opened, tmp_path):
        """A device in the middle of a push has seen numbers of the old history: no text written
        after the restore may be taken for one that it has seen."""
        store = opened()
        op = highlight(note="old")
        store.apply("default", "A", [op])
        store.backup(tmp_path / "backup")
        [seen] = store.apply("default", "A", [operation(op.id, base=1, set={"note": "lost"})])
        store.restore(tmp_path / "backup", tmp_path / "kept")
        [new] = store.apply("default", "B", [operation(op.id, base=1, set={"note": "new"})])
        assert new.annotation.rev > seen.annotation.rev
        late = operation(op.id, base=seen.annotation.rev, set={"note": "late"})
        [result] = opened().apply("default", "A", [late])
        assert result.status is Status.CONFLICT
        assert (result.annotation.note, result.copy.note) == ("new", "late")

    def test_what_was_sent_after_the_backup_is_taken_when_it_is_sent_again(self, store, tmp_path):
        store.apply("default", "A", [highlight(op=1)])
        store.backup(tmp_path / "backup")
        op = highlight(op=2, note="again")
        store.apply("default", "A", [op])
        store.restore(tmp_path / "backup", tmp_path / "kept")
        [result] = store.apply("default", "A", [op])
        assert result.status is Status.CREATED

    def test_a_waiter_hears_of_a_restore(self, store, tmp_path):
        store.apply("default", "A", [highlight()])
        store.backup(tmp_path / "backup")
        cursor = store.changes("default", None, 10).cursor
        heard = []
        waiting = threading.Thread(target=lambda: heard.append(store.wait("default", cursor, 60)))
        waiting.start()
        store.restore(tmp_path / "backup", tmp_path / "kept")
        waiting.join(30)
        assert heard == [True]

    def test_a_revoked_device_does_not_come_back(self, opened, tmp_path):
        store = opened()
        store.put_device(device())
        store.backup(tmp_path / "backup")
        store.remove_device("default", DEVICE)
        other = device(new_id(), token="b2")
        store.put_device(other)
        store.restore(tmp_path / "backup", tmp_path / "kept")
        for reopen in (False, True):
            store = opened() if reopen else store
            assert store.devices("default") == [other]
            assert store.device_by_token("a1") is None

    def test_a_store_that_knows_no_device_takes_those_of_the_backup(self, store, tmp_path):
        store.put_device(device())
        store.backup(tmp_path / "backup")
        store.remove_device("default", DEVICE)
        store.restore(tmp_path / "backup", tmp_path / "kept")
        assert store.device_by_token("a1") == device()

    def test_a_code_that_was_used_does_not_come_back(self, store, tmp_path):
        store.put_grant(Grant("aa", "pair", "default", expires=100.0))
        store.backup(tmp_path / "backup")
        assert store.redeem_grant("pair", "aa", 50.0, 5) is not None
        store.put_grant(Grant("bb", "pair", "default", expires=100.0))
        store.restore(tmp_path / "backup", tmp_path / "kept")
        assert store.redeem_grant("pair", "aa", 50.0, 5) is None
        assert store.redeem_grant("pair", "bb", 50.0, 5) is not None

    def test_what_is_no_sound_backup_changes_nothing(self, store, tmp_path):
        store.apply("default", "A", [highlight(note="stays")])
        store.backup(tmp_path / "good")
        good = (tmp_path / "good").read_bytes()
        before = everything(store, "default"), store.epoch()
        bad = tmp_path / "bad"
        for contents in (
            b"",
            b"no backup",
            b"{}",
            good[:-20],
            good[: len(good) // 2],
            good.replace(b"stays", b"stayz"),
            good + b"more",
            b"\x1f\x8b" + good,
            b"[" * 100_000,
        ):
            bad.write_bytes(contents)
            with pytest.raises(StoreDamaged, match="bad"):
                store.restore(bad, tmp_path / "kept")
        with pytest.raises(StoreDamaged, match="no such file"):
            store.restore(tmp_path / "missing", tmp_path / "kept")
        assert (everything(store, "default"), store.epoch()) == before
        assert not (tmp_path / "kept").exists()

    # a history anew -----------------------------------------------------------------------------

    def test_what_was_put_back_by_other_means_begins_a_new_history(self, opened):
        store = opened()
        op = highlight(note="kept")
        store.apply("default", "A", [op])
        epoch, cursor = store.epoch(), store.cursor("default")
        # As a device has seen it that was told of numbers since lost.
        lost = msgspec.structs.replace(cursor, seq=cursor.seq + 40)
        new = store.begin_history()
        assert new == store.epoch() != epoch
        for reopen in (False, True):
            store = opened() if reopen else store
            for old, common in ((cursor, 1), (lost, 1)):
                with pytest.raises(ResyncRequired, match="restored") as raised:
                    store.changes("default", old, 10)
                assert raised.value.common == common
            assert [note.note for note in store.changes("default", None, 10).changes] == ["kept"]
            assert store.check().sound
        [edited] = store.apply("default", "B", [operation(op.id, base=1, set={"note": "new"})])
        assert edited.annotation.rev > lost.seq
        late = operation(op.id, base=lost.seq, set={"note": "late"})
        assert store.apply("default", "A", [late])[0].status is Status.CONFLICT

    # check ------------------------------------------------------------------------------------

    def test_a_sound_store_is_found_sound_and_counted(self, opened):
        store = opened()
        gone = highlight()
        store.apply("one", "A", [highlight(), gone, operation(gone.id, delete=True)])
        store.apply("two", "A", [highlight(tags_add=["t"], canonical="https://example.com/")])
        store.add_account("three")
        for repair in (False, True):
            report = store.check(repair=repair)
            assert (report.findings, report.sound) == ([], True)
            assert (report.accounts, report.annotations) == (3, 2)
            assert (report.tombstones, report.trashed) == (1, 1)
            assert report.bytes > 0

    def test_checking_while_others_write_finds_nothing(self, store):
        ends = threading.Event()

        def write(name):
            while not ends.is_set():
                op = highlight(tags_add=["t"])
                store.apply("default", name, [op, operation(op.id, delete=True), highlight()])

        threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        reports = [store.check(repair=n % 2 == 0) for n in range(10)]
        ends.set()
        for thread in threads:
            thread.join()
        wrong = [f for report in reports for f in report.findings if f.severity is Severity.ERROR]
        assert wrong == []
        assert reports[-1].annotations > reports[0].annotations


def everything(store, account):
    changes = store.changes(account, None, 1000)
    return (
        changes.changes,
        (changes.count, changes.digest),
        store.pages(account),
        store.tags(account),
        store.trash(account),
        store.lost(account),
        list(store.live(account)),
    )
