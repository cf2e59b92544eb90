"""Every acknowledged write is there; every other is wholly there or wholly absent.

Power cuts and refusals at every single call to the disk in turn, and `kill -9` at random instants.
"""

import errno
import itertools
import os
import random
import signal
import threading
import time

import pytest

from store.disk import Disk
from store.errors import StoreError, StoreFull, StoreUnwritable
from store.tiny import TinyStore
from tests.store.faults import FaultyDisk, HastyDisk, PowerCut
from tests.store.making import PAGE, highlight, new_id, operation

IDS = [new_id() for _ in range(40)]


def story():
    """What a store goes through: batches of two notes, edits, a deletion, folding."""
    for n in range(6):
        yield [
            highlight(IDS[2 * n], note=f"left {n}"),
            highlight(IDS[2 * n + 1], note=f"right {n}"),
        ]
    yield [operation(IDS[0], set={"note": "edited"}), operation(IDS[1], delete=True)]
    yield "compact"
    yield [operation(IDS[0], set={"note": "edited again"}), operation(IDS[1], delete=False)]
    yield [highlight(IDS[20], note="left 10"), highlight(IDS[21], note="right 10")]
    yield "compact"
    yield [highlight(IDS[22], note="left 11"), highlight(IDS[23], note="right 11")]


def contents(store):
    return {a.id: (a.note, a.deleted) for a in store.changes("default", None, 1000).changes}


def tell(store, states):
    """Live the story; `states` collects what the store must hold after each acknowledged step."""
    states.append(contents(store))
    for step in story():
        if step != "compact":
            states.append(None)  # begun, not acknowledged
        take(store, step)
        states[-1] = contents(store)
    store.close()


def allowed(states):
    """The states a reopened store may be in: the last acknowledged, or that and the one begun."""
    done = [state for state in states if state is not None]
    if states[-1] is not None:
        return done[-1:]
    return [done[-1], after(done[-1], list(story())[len(steps_of(states))])]


def steps_of(states):
    """The steps of the story that were acknowledged, foldings included."""
    applied = sum(state is not None for state in states) - 1
    taken = []
    for step in story():
        if step != "compact":
            if applied == 0:
                break
            applied -= 1
        taken.append(step)
    return taken


def after(state, step):
    state = dict(state)
    for op in step:
        note, _ = state.get(op.id, ("", False))
        if op.delete is True:
            state[op.id] = ("", True)
        elif op.delete is False:
            state[op.id] = ("right 0", False)
        else:
            state[op.id] = (op.set.note if isinstance(op.set.note, str) else note, False)
    return state


def live_until_cut(folder, disk):
    """Live the story till the power is cut; answer the states there were."""
    states = [{}]
    storage = None
    try:
        store = TinyStore(folder / "notes.json", disk=disk)
        storage = store.db.storage
        states.clear()
        tell(store, states)
    except PowerCut:
        if storage is not None:
            storage._lock.release()  # as the end of a process does
        return states
    raise AssertionError("the power was never cut")


def calls(folder):
    disk = FaultyDisk(folder)
    tell(TinyStore(folder / "notes.json", disk=disk), [])
    return disk.calls


def test_a_power_cut_at_any_call_keeps_what_was_acknowledged(tmp_path):
    count = calls(tmp_path)
    assert count > 50
    for at in range(1, count + 1):
        for seed in range(5):
            folder = tmp_path / f"{at}-{seed}"
            folder.mkdir()
            disk = FaultyDisk(folder, at)
            states = live_until_cut(folder, disk)
            disk.crash(random.Random(seed))
            reopened = TinyStore(folder / "notes.json", disk=HastyDisk())
            there = contents(reopened)
            assert there in allowed(states), f"cut at call {at} ({disk.failed}), state {seed}"
            # and it is a store like any other
            reopened.apply("default", "A", [highlight(IDS[30], note="later")])
            assert contents(reopened)[IDS[30]] == ("later", False)
            reopened.close()


@pytest.mark.parametrize("how", ["refuse", "tear"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_refusal_at_any_call_is_said_and_changes_nothing(tmp_path, how, error):
    for at in range(1, calls(tmp_path) + 1):
        folder = tmp_path / f"{how}-{at}"
        folder.mkdir()
        disk = FaultyDisk(folder, at, how, error)
        kind = StoreFull if error == errno.ENOSPC else StoreUnwritable
        try:
            store = TinyStore(folder / "notes.json", disk=disk)
        except kind:
            store = TinyStore(folder / "notes.json", disk=disk)
        for step in story():
            before = contents(store)
            try:
                take(store, step)
            except kind:
                assert contents(store) == before
                take(store, step)  # there is room again: the same works
                break
        held = contents(store)
        store.db.storage._lock.release()  # killed, not closed: nothing is folded
        reopened = TinyStore(folder / "notes.json", disk=HastyDisk())
        assert contents(reopened) == held, f"{how} at call {at} ({disk.failed})"
        reopened.close()


def take(store, step):
    if step == "compact":
        store.db.storage.compact()
    else:
        store.apply("default", "A", step)


def test_a_refusal_says_what_to_do(tmp_path):
    disk = FaultyDisk(tmp_path)
    store = TinyStore(tmp_path / "notes.json", disk=disk)
    disk._at, disk._how = disk.calls + 1, "refuse"
    with pytest.raises(StoreFull, match="Nothing was written and nothing is lost; free some space"):
        store.apply("default", "A", [highlight()])
    store.close()


class SmallDisk(Disk):
    """Has room for files of so many bytes, and fills it before it refuses."""

    room = 20_000

    def write_at(self, file, at, data):
        super().write_at(file, at, data[: max(0, self.room - at)])
        if at + len(data) > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_is_used_to_its_last_bytes_and_then_refuses(tmp_path):
    store = TinyStore(tmp_path / "notes.json", disk=SmallDisk())
    with pytest.raises(StoreFull):
        write_pages(store)
    taken = store.count("default")
    [journal] = tmp_path.glob("notes.json.journal-*")
    assert SmallDisk.room - 1000 < journal.stat().st_size <= SmallDisk.room
    assert [note.note for note in store.live("default")] == [str(n) for n in range(taken)]
    store.db.storage._lock.release()  # killed
    reopened = TinyStore(tmp_path / "notes.json")
    assert reopened.count("default") == taken
    reopened.close()


def write_pages(store):
    for n in itertools.count():
        store.apply("default", "A", [highlight(note=str(n))])


def test_writers_that_share_a_refused_flush_all_hear_of_it(tmp_path):
    disk = FaultyDisk(tmp_path)
    store = TinyStore(tmp_path / "notes.json", disk=disk)
    disk._at, disk._how = disk.calls + 2, "refuse"
    refused, taken = [], []

    def write(n):
        try:
            store.apply("default", "A", [highlight(IDS[n], note=str(n))])
            taken.append(IDS[n])
        except StoreError:
            refused.append(IDS[n])

    threads = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused
    assert {a.id for a in store.on_page("default", [PAGE])} == set(taken)
    store.close()
    reopened = TinyStore(tmp_path / "notes.json")
    assert set(contents(reopened)) == set(taken)
    reopened.close()


def test_kill_9_at_random_instants_loses_nothing_acknowledged(tmp_path):
    """200 processes that write from three threads and fold all the while, each killed."""
    chance = random.Random(9)
    acknowledged = {}
    pace = 0.005  # seconds from one acknowledgement to the next, as this machine just was
    for round_ in range(200):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            write_for_ever(tmp_path, round_, write)
        os.close(write)
        assert os.read(read, 1) == b"+", "the store could not be opened again"
        began = time.monotonic()
        heard = b""
        awaited = 2 * chance.randrange(4)
        while heard.count(b"\n") < awaited:
            more = os.read(read, 65536)
            assert more, "a writer ended before it was killed"
            heard += more
        if awaited:
            pace = (time.monotonic() - began) / awaited
        time.sleep(chance.random() * 2 * pace)  # the instant is what is drawn
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        while more := os.read(read, 65536):
            heard += more
        os.close(read)
        for line in heard.decode().split("\n")[:-1]:
            id, note = line.split(" ", 1)
            acknowledged[id] = note
    assert len(acknowledged) > 200
    store = TinyStore(tmp_path / "notes.json")
    kept = {a.id: a.note for a in store.live("default")}
    assert {id: kept.get(id) for id in acknowledged} == acknowledged
    pairs = {}
    for note in kept.values():
        pairs.setdefault(note.rpartition(" ")[0], []).append(note)
    assert [pair for pair in pairs.values() if len(pair) != 2] == []
    store.close()


def write_for_ever(folder, round_, pipe):
    """In the child: write pairs of notes, and say each that is durable."""
    try:
        store = TinyStore(folder / "notes.json")
        store.db.storage._compact_at = 2000
        os.write(pipe, b"+")

        def write(thread):
            n = 0
            while True:
                n += 1
                pair = [
                    highlight(note=f"{round_} {thread} {n} {side}", id=random_id())
                    for side in ("left", "right")
                ]
                store.apply("default", f"thread-{thread}", pair)
                said = "".join(f"{op.id} {op.set.note}\n" for op in pair)
                os.write(pipe, said.encode())

        for thread in range(3):
            threading.Thread(target=write, args=(thread,), daemon=True).start()
        signal.pause()
    finally:
        os._exit(1)


def random_id():
    digits = os.urandom(16).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
