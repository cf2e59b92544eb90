"""Measures the embedded store beside plain TinyDB and SQLite, in one run: `make bench`.

Prints one table and writes it to `tests/bench/store.md`. Every figure is a median; ± is the half
of the measures around it. The times in brackets say how many times TinyStore's figure that is.
"""

from __future__ import annotations

import os
import platform
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from server.one_processor import stay_on_one_processor
from store.model import Annotation, Operation
from store.page_key import page_key
from store.query import parse
from store.reading_order import reading_order
from store.tiny import TinyStore
from tests.bench.aims import aims
from tests.bench.engines import ENGINES, Engine, Postil, Sqlite, decode
from tests.bench.measuring import FLOOR, Cells, Figure, Row, markdown, ratio, repeated, timed
from tests.bench.notes import ON_A_PAGE, RARE, WORDS, notes, url_of
from tests.bench.opening import opened_elsewhere

SIZES = [1_000, 10_000, 100_000]
REPORT = Path(__file__).with_suffix(".md")


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or SIZES
    rows: list[Row] = []
    with _folder() as folder:
        for size in sizes:
            at = folder / str(size)
            at.mkdir()
            for name, cells in Bench(at, size).measures():
                print(f"{name} ({size:,}): " + _line(cells), file=sys.stderr)
                rows.append((name, size, cells))
    report = _report(rows, sizes)
    print(report)
    if sizes == SIZES:
        REPORT.write_text(report)


class Bench:
    """All measures at one size."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._size = size
        self._chance = random.Random(size)
        self._next = size
        self._engines: list[Engine] = []
        for kind in ENGINES:
            at = folder / kind.__name__
            at.mkdir()
            engine = kind(at)
            engine.fill(notes(size))
            self._engines.append(engine)
        [self._own] = [engine for engine in self._engines if isinstance(engine, Postil)]

    def measures(self) -> Iterator[tuple[str, Cells]]:
        yield from self._opening()
        yield from self._writes()
        yield "notes of a page", self._pages()
        yield "changes since, 20", self._each(lambda engine: engine.changed, 200)
        yield from self._searches()
        yield "backup", self._backups()
        for engine in self._engines:
            engine.close()

    def _opening(self) -> Iterator[tuple[str, Cells]]:
        key = page_key(url_of(3))
        times: Cells = {}
        memory: Cells = {}
        for engine in self._engines:
            answers = [opened_elsewhere(engine, key) for _ in range(3)]
            times[engine.name] = Figure(tuple(seconds for seconds, _ in answers))
            memory[engine.name] = Figure(tuple(peak for _, peak in answers), "MB")
        yield "open, first page", times
        yield "peak memory, whole process", memory

    def _writes(self) -> Iterator[tuple[str, Cells]]:
        """Each store is opened just before: what another holds in memory would slow it down."""
        alone: Cells = {}
        many: Cells = {}
        together: Cells = {}
        single: Cells = {}
        for kind, engine in zip(ENGINES, self._engines, strict=True):
            engine.open()
            engine.on_page("")
            self._catch_up(engine)
            if not engine.slow:  # TinyDB's own storages are not for threads
                rates = self._rates(kind, engine)
                alone[engine.name], many[engine.name], together[engine.name] = rates
            single |= self._inserts(engine)
        yield "insert, durable", single
        yield "inserts, 1 thread", alone
        yield "inserts, 32 threads", many
        yield "inserts, 32 threads on one processor", together

    def _inserts(self, engine: Engine) -> Cells:
        """A bare append and flush of as many bytes stands beside each of our own inserts."""
        rounds = self._rounds(engine, 1200)
        file = os.open(self._folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        data = bytes(1100)
        times, bare = [], []
        for number, operation in enumerate(self._new(rounds)):
            if number == max(rounds - 20, 0):
                engine.mark()
            rev = self._next + number
            times.append(timed(partial(engine.insert, operation, rev)))
            bare.append(timed(partial(_append, file, data)))
        os.close(file)
        cells = {engine.name: Figure(tuple(times))}
        return cells | ({FLOOR: Figure(tuple(bare))} if engine is self._own else {})

    def _pages(self) -> Cells:
        """The floor: a dictionary of encoded records, and the same result made from it."""
        pages: dict[str, list[bytes]] = {}
        for annotation in self._own.store.live("default"):
            pages.setdefault(annotation.page, []).append(msgspec.json.encode(annotation))

        def from_dictionary(key: str) -> list[Annotation]:
            return sorted(map(decode, pages[key]), key=reading_order)

        asked = {engine.name: engine.on_page for engine in self._engines}
        slow = {engine.name: self._rounds(engine, 2000) for engine in self._engines}
        asked[FLOOR] = from_dictionary
        times: dict[str, list[float]] = {name: [] for name in asked}
        for round_ in range(2000):
            key = page_key(url_of(self._chance.randrange(self._size // ON_A_PAGE)))
            for name, ask in asked.items():
                if round_ < slow.get(name, 2000):
                    times[name].append(timed(partial(ask, key)))
        return {name: Figure(tuple(values)) for name, values in times.items()}

    def _rates(self, kind: type[Engine], engine: Engine) -> Iterator[Figure]:
        """Of one thread, of thirty-two, and of as many where the server keeps its own."""
        with ThreadPoolExecutor(1, initializer=stay_on_one_processor) as together:
            rates: list[tuple[float, float, float]] = [
                (
                    self._rate(kind, engine, 1),
                    self._rate(kind, engine, 32),
                    together.submit(self._rate, kind, engine, 32).result(),
                )
                for _ in range(5)
            ]
        return (Figure(measured, "/s") for measured in zip(*rates, strict=True))

    def _rate(self, kind: type[Engine], engine: Engine, threads: int) -> float:
        """Inserts a second; SQLite gets a connection a thread, as it wants it."""
        each = 3200 // threads if threads > 1 else 800
        work = [list(self._new(each)) for _ in range(threads)]
        first = self._next - threads * each  # so that what comes later has higher numbers
        self._catch_up(engine)
        begin = threading.Barrier(threads + 1)

        def write(thread: int) -> None:
            own = engine
            if isinstance(engine, Sqlite):
                own = kind(engine.path.parent)
                own.open()
            begin.wait()
            for number, operation in enumerate(work[thread]):
                own.insert(operation, first + thread * each + number)

        running = [threading.Thread(target=write, args=(number,)) for number in range(threads)]
        for thread in running:
            thread.start()
        begin.wait()
        begun = time.perf_counter()
        for thread in running:
            thread.join()
        return threads * each / (time.perf_counter() - begun)

    def _catch_up(self, engine: Engine) -> None:
        """Or what a search finds is made ready while we measure."""
        if engine is self._own:
            self._own.store.search("default", parse("x"))

    def _searches(self) -> Iterator[tuple[str, Cells]]:
        store = self._own.store
        self._catch_up(self._own)
        common, middling = WORDS[0:20], WORDS[200:220]
        phrase = _phrase(store)
        asked = {
            "search, common words": [f"{one}" for one in common],
            "search, two words": [
                f"{one} {other}" for one, other in zip(common, middling, strict=True)
            ],
            "search, a rare word": [RARE],
            "search, a phrase": [f'"{phrase}"'],
            "search, a prefix": [f"{word[:3]}*" for word in middling],
            "search, a tag and a word": [f"tag:physics {word}" for word in middling],
            "search, nothing found": ["nowhere-to-be-found"],
        }
        for name, texts in asked.items():
            queries = [parse(text) for text in texts]
            figures = tuple(
                timed(partial(store.search, "default", query))
                for _ in range(40 // len(queries))
                for query in queries
            )
            yield name, {self._own.name: Figure(figures)}

    def _backups(self) -> Cells:
        cells: Cells = {}
        for engine in self._engines:
            times = []
            for round_ in range(3):
                target = self._folder / f"backup-{engine.name}-{round_}"
                times.append(timed(partial(engine.backup, target)))
                target.unlink()
            cells[engine.name] = Figure(tuple(times))
        return cells

    def _each(self, call: Callable[[Engine], Callable[[], object]], rounds: int) -> Cells:
        return {
            engine.name: repeated(call(engine), self._rounds(engine, rounds))
            for engine in self._engines
        }

    def _rounds(self, engine: Engine, rounds: int) -> int:
        """Fewer where a single one takes long."""
        return min(rounds, max(3, 200_000 // self._size)) if engine.slow else rounds

    def _new(self, count: int) -> Iterator[Operation]:
        self._next += count
        return notes(count, self._next - count)


def _append(file: int, data: bytes) -> None:
    os.write(file, data)
    os.fsync(file)


def _phrase(store: TinyStore) -> str:
    """Three words that stand together somewhere."""
    note = next(store.live("default")).note
    return " ".join(note.split()[3:6])


def _line(cells: Cells) -> str:
    return ", ".join(f"{name} {figure}" for name, figure in cells.items())


def _report(rows: list[Row], sizes: list[int]) -> str:
    names = [FLOOR, *(engine.name for engine in ENGINES)]
    head = ["", "notes", *names]
    table = [head]
    for measure in dict.fromkeys(name for name, _, _ in rows):
        for name, size, cells in rows:
            if name == measure:
                table.append([name, f"{size:,}", *(_cell(cells, engine) for engine in names)])
    return (
        f"Measured on {os.cpu_count()} cores ({platform.system()}, Python "
        f"{platform.python_version()}; {_load()}), notes of 0.9 KB. Medians; ± is the middle half "
        "of the measures; in brackets, how many times TinyStore's figure that is.\n\n"
        f"*{FLOOR}* is what nothing can undercut: one append and one flush of as many bytes for an "
        "insert, a dictionary look-up and building the result for a page. SQLite NORMAL and TinyDB "
        "with caching lose their last writes in a power cut; plain TinyDB can lose the whole file."
        f"\n\n{markdown(table)}\n\n{markdown(aims(rows))}\n"
    )


def _load() -> str:
    """How busy the machine was; we are about one of it."""
    if not hasattr(os, "getloadavg"):
        return "load not known"
    return f"load {os.getloadavg()[2]:.1f} over the last quarter of an hour"


def _cell(cells: Cells, name: str) -> str:
    if name not in cells:
        return ""
    own = cells[Postil.name]
    return f"{cells[name]}" if name == Postil.name else f"{cells[name]} ({ratio(cells[name], own)})"


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder on a real disk: the temporary one may be memory."""
    output = Path(__file__).parents[1] / ".output"
    output.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix="bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
