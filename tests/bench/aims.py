"""What the store is held to, beside what was measured in its largest size."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.engines import Postil, Sqlite
from tests.bench.measuring import FLOOR, Cells, Row

OWN = Postil.name


def aims(rows: list[Row]) -> list[list[str]]:
    """A table: the aim, what was measured, and whether that is enough."""
    size = max(size for _, size, _ in rows)
    measured = {name: cells for name, at, cells in rows if at == size}
    head = [f"with {size:,} notes", "at most", "measured", ""]
    return [
        head,
        *([aim, limit, found, _verdict(good)] for aim, limit, found, good in _all(measured)),
    ]


def _all(measured: dict[str, Cells]) -> Iterator[tuple[str, str, str, bool]]:
    opening = measured["open, first page"][OWN]
    yield "open, first page", "1.0 s", str(opening), opening.median <= 1.0
    memory = measured["peak memory, whole process"][OWN]
    yield "peak memory, whole process", "150 MB", str(memory), memory.median <= 150
    insert = measured["insert, durable"]
    times = insert[OWN].median / insert[FLOOR].median
    yield "insert against one append and flush", "1.3×", f"{times:.2f}×", times <= 1.3
    pages = measured["notes of a page"]
    times = pages[OWN].median / pages[FLOOR].median
    yield "notes of a page against a dictionary", "2×", f"{times:.2f}×", times <= 2
    times = pages[OWN].median / pages[Sqlite.name].median
    yield "notes of a page against SQLite", "1×", f"{times:.2f}×", times <= 1
    alone = measured["inserts, 1 thread"][OWN].median
    for threads in ("32 threads", "32 threads on one processor"):
        times = alone / measured[f"inserts, {threads}"][OWN].median
        yield f"1 thread's rate against {threads}", "0.25×", f"{times:.2f}×", times <= 0.25
    for name, cells in measured.items():
        if name.startswith("search"):
            yield name, "50 ms", str(cells[OWN]), cells[OWN].median <= 0.05


def _verdict(good: bool) -> str:
    return "yes" if good else "**no**"
