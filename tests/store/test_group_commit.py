"""Writers share flushes, all of them are served, and nobody waits for one who went away."""

import os
import signal
import threading

import pytest

from store.group_commit import Write, WriteQueue


class Batches:
    """Does the writes of a `WriteQueue`, and stops in its first batch until `go` is set."""

    def __init__(self):
        self.sizes = []
        self.begun = threading.Event()
        self.go = threading.Event()
        self.queue = WriteQueue(self)

    def __call__(self, batch):
        self.sizes.append(len(batch))
        self.begun.set()
        assert self.go.wait(30)
        for write in batch:
            write.run(None)

    def start(self, count):
        """Writers on threads of their own, all of them in the queue or being served."""
        writes = [Write(lambda _: "written") for _ in range(count)]
        threads = [threading.Thread(target=self.queue.submit, args=(write,)) for write in writes]
        for thread in threads:
            thread.start()
        return writes, threads

    def until_waiting(self, count):
        while len(self.queue._waiting) < count:
            threading.Event().wait(0.001)


@pytest.fixture
def batches():
    return Batches()


def finish(*started):
    for _, threads in started:
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive(), "a writer was forgotten"
    return [write.result for writes, _ in started for write in writes]


def test_who_comes_during_a_flush_shares_the_next(batches):
    first = batches.start(1)
    assert batches.begun.wait(30)
    others = batches.start(20)
    batches.until_waiting(20)
    batches.go.set()
    assert finish(first, others) == ["written"] * 21
    assert batches.sizes == [1, 20]


def test_a_crowd_is_served_in_groups(batches):
    first = batches.start(1)
    assert batches.begun.wait(30)
    others = batches.start(300)
    batches.until_waiting(300)
    batches.go.set()
    assert finish(first, others) == ["written"] * 301
    assert batches.sizes == [1, 256, 44]


def test_who_stops_the_queue_gets_his_turn_though_writers_never_cease(batches):
    batches.go.set()
    ended = threading.Event()

    def write_for_ever():
        while not ended.is_set():
            batches.queue.submit(Write(lambda _: None))

    threads = [threading.Thread(target=write_for_ever) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        with batches.queue.stopped():
            served = len(batches.sizes)
            assert not ended.wait(0.002)
            assert len(batches.sizes) == served
    ended.set()
    finish(([], threads))


def test_writers_go_on_when_the_queue_is_no_longer_stopped(batches):
    batches.go.set()
    with batches.queue.stopped():
        started = batches.start(3)
        batches.until_waiting(3)
        assert batches.sizes == []
    assert finish(started) == ["written"] * 3


@pytest.fixture
def interruptible():
    """Ctrl+C as a program has it: a worker among several of pytest's ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_a_writer_interrupted_while_it_waits_holds_up_nobody(batches):
    first = batches.start(1)
    assert batches.begun.wait(30)
    interrupted = Write(lambda _: "written")
    behind = []

    def interrupt():
        batches.until_waiting(1)
        behind.append(batches.start(2))
        batches.until_waiting(3)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        batches.queue.submit(interrupted)
    thread.join(30)
    batches.go.set()
    assert finish(first, *behind) == ["written"] * 3
    assert not interrupted.done


def test_a_batch_that_breaks_off_is_an_error_for_each_in_it_and_for_nobody_else(batches):
    broken = []

    def break_once(batch):
        if not broken:
            broken.append(len(batch))
            raise MemoryError("too much")
        batches(batch)

    batches.queue = WriteQueue(break_once)
    batches.go.set()
    with pytest.raises(MemoryError):
        batches.queue.submit(write := Write(lambda _: "written"))
    assert "interrupted" in str(write.error)
    assert finish(batches.start(2)) == ["written"] * 2
