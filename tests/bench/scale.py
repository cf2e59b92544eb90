"""Measures the store for many readers at two sizes, in one run: `make bench-scale`.

A million notes of 10,000 accounts beside 10,000 notes of 100: whoever asks has a hundred notes
either way, and should not notice the others. Each thread asks as fast as it is answered, each time
for an account of chance. Prints a table and writes it to `tests/bench/scale.md`.

PostgreSQL is the tests' own, writing to the disk as it would for readers, on the same cores as
those who ask.
"""

from __future__ import annotations

import itertools
import os
import platform
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from store.answers import Cursor
from store.page_key import page_key
from store.query import parse
from store.sql.store import SqlStore
from tests.bench.notes import ON_A_PAGE, WORDS, notes, url_of
from tests.store.postgresql import Cluster

EACH = 100  # notes of an account
SMALL, LARGE = 10_000, 1_000_000
CONNECTIONS = [1, 8, 32]
SECONDS = 1.0
ROUNDS = 11  # short and many, for a busy moment should be nobody's alone
REPORT = Path(__file__).with_suffix(".md")
SETTINGS = ["shared_buffers=2GB", "max_wal_size=8GB", "random_page_cost=1.1"]

Ask = Callable[[SqlStore, random.Random], object]


def main() -> None:
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    cluster = Cluster(durable=True, more=SETTINGS)
    try:
        measured = [Measured(cluster, size) for size in (SMALL, large)]
        for one in measured:
            one.fill()
        rows = list(_rows(*measured))
    finally:
        cluster.remove()
    report = _report(rows, measured)
    print(report)
    if large == LARGE:
        REPORT.write_text(report)


class Row(NamedTuple):
    """A request at so many connections: how many a second in the small and in the large store."""

    what: str
    connections: int
    small: float
    large: float

    @property
    def cost(self) -> float:
        """How many times what it costs in the small store it costs in the large one."""
        return self.small / self.large


class Measured:
    """A store of one size."""

    def __init__(self, cluster: Cluster, size: int) -> None:
        self.size = size
        self.accounts = size // EACH
        self.bytes = 0
        self.seconds = 0.0
        self._cluster = cluster
        self._url = cluster.database()
        SqlStore(self._url).close()

    def fill(self) -> None:
        begun = time.perf_counter()
        chunks = [
            (self._url, first, min(first + 50, self.accounts))
            for first in range(0, self.accounts, 50)
        ]
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            for done, _ in enumerate(pool.map(_fill, chunks), start=1):
                print(f"\r{self.size:,}: {done / len(chunks):.0%} ", end="", file=sys.stderr)
        self.seconds = time.perf_counter() - begun
        self._cluster.run(self._url, "VACUUM ANALYZE", "CHECKPOINT")
        [[size]] = self._cluster.run(self._url, "SELECT pg_database_size(current_database())")
        assert isinstance(size, int)
        self.bytes = size
        print(f"filled in {self.seconds:.0f} s", file=sys.stderr)

    def rate(self, ask: Ask, connections: int) -> float:
        """Requests a second, of so many threads at once."""
        store = SqlStore(self._url)
        ends, counts = threading.Event(), [0] * connections
        errors: list[BaseException] = []

        def go(number: int) -> None:
            chance = random.Random(f"{number} {time.time_ns()}")
            try:
                while not ends.is_set():
                    ask(store, chance)
                    counts[number] += 1
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=go, args=(number,)) for number in range(connections)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        ends.wait(SECONDS)
        ends.set()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begun
        store.close()
        if errors:
            raise errors[0]
        return sum(counts) / seconds

    def requests(self) -> dict[str, Ask]:
        def account(chance: random.Random) -> str:
            return _name(chance.randrange(self.accounts))

        def page(store: SqlStore, chance: random.Random) -> object:
            number = chance.randrange(self.accounts)
            key = page_key(url_of(_first_page(number) + chance.randrange(EACH // ON_A_PAGE)))
            found = store.on_page(_name(number), [key])
            assert found
            return found

        def changes(store: SqlStore, chance: random.Random) -> object:
            name = account(chance)
            at = store.cursor(name)
            found = store.changes(name, Cursor(at.epoch, max(1, at.seq - 20), at.nonce), 500)
            assert len(found.records) >= 20
            return found

        def push(store: SqlStore, chance: random.Random) -> object:
            made = list(notes(1, next(_fresh)))
            return store.apply(account(chance), "bench", made)

        def search(store: SqlStore, chance: random.Random) -> object:
            asked = f"{chance.choice(WORDS[:60])} {chance.choice(WORDS[:60])}"
            return store.search(account(chance), parse(asked))

        return {
            "notes of a page": page,
            "changes since, 20": changes,
            "a push of one note": push,
            "search, two common words": search,
        }


def _rows(small: Measured, large: Measured) -> Iterator[Row]:
    """Both sizes in turn, so that a busy moment is nobody's alone."""
    asked = small.requests(), large.requests()
    for what in asked[0]:
        for connections in CONNECTIONS:
            rates: tuple[list[float], list[float]] = ([], [])
            for _ in range(ROUNDS):
                for kept, store, requests in zip(rates, (small, large), asked, strict=True):
                    kept.append(store.rate(requests[what], connections))
            row = Row(what, connections, *map(statistics.median, rates))
            print(*row, f"{row.cost:.2f}", file=sys.stderr)
            yield row


def _report(rows: list[Row], measured: list[Measured]) -> str:
    small, large = measured
    load = os.getloadavg()[2]
    lines = [
        f"Measured on {os.cpu_count()} cores, which PostgreSQL and those who ask share "
        f"({platform.system()}, Python {platform.python_version()}; load {load:.1f} over the last "
        f"quarter of an hour). {EACH} notes an account, of 0.9 KB each; every write is flushed. "
        f"{large.size:,} notes were written in {large.seconds / 60:.0f} minutes and take "
        f"{large.bytes / large.size / 1000:.1f} KB each with all their indexes.",
        "",
        f"Requests a second, the median of {ROUNDS} measures taken in turn; *cost* is how many "
        "times what a request costs in the small store it costs in the large one (the aim: at most "
        "1.5).",
        "",
        f"|  | connections | {small.size:,} notes | {large.size:,} notes | cost |",
        "| :-- | --: | --: | --: | --: |",
    ]
    for row in rows:
        rates = f"{row.small:,.0f} | {row.large:,.0f} | {row.cost:.2f}×"
        lines.append(f"| {row.what} | {row.connections} | {rates} |")
    worst = max(row.cost for row in rows)
    met = "met" if worst <= 1.5 else "not met"
    lines += ["", f"The worst is {worst:.2f}×: the aim is {met}."]
    return "\n".join(lines) + "\n"


def _fill(chunk: tuple[str, int, int]) -> None:
    url, first, end = chunk
    store = SqlStore(url)
    for number in range(first, end):
        store.apply(_name(number), "bench", list(notes(EACH, _first_page(number) * ON_A_PAGE)))
    store.close()


def _name(number: int) -> str:
    return f"reader-{number}"


def _first_page(number: int) -> int:
    """An account's notes are on pages of their own, in part."""
    return number * EACH // ON_A_PAGE


_fresh = itertools.count(10_000_000)

if __name__ == "__main__":
    main()
