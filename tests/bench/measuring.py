"""Times, their middle and their spread, and a table of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """Several measures of one thing: seconds, megabytes, or how many a second."""

    values: tuple[float, ...]
    unit: str = "s"

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        low, high = self._middle_half()
        shown = self._shown(self.median)
        if len(self.values) == 1 or self.unit == "MB":
            return shown
        spread = max(high - self.median, self.median - low) / self.median
        return f"{shown} ±{spread:.0%}"

    def _middle_half(self) -> tuple[float, float]:
        if len(self.values) < 4:
            return min(self.values), max(self.values)
        low, _, high = statistics.quantiles(self.values, n=4)
        return low, high

    def _shown(self, value: float) -> str:
        if self.unit == "MB":
            return f"{value:.0f} MB"
        if self.unit == "/s":
            return f"{value:,.0f}/s"
        for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
            if value >= scale or unit == "µs":
                amount = value / scale
                return f"{amount:.{0 if amount >= 100 else 1 if amount >= 10 else 2}f} {unit}"
        raise AssertionError


FLOOR = "bare"  # what no store can undercut

Cells = dict[str, Figure]  # engine name, or FLOOR -> what was measured
Row = tuple[str, int, Cells]  # what, in a store of how many notes


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def repeated(work: Callable[[], object], rounds: int) -> Figure:
    return Figure(tuple(timed(work) for _ in range(rounds)))


def ratio(one: Figure, other: Figure) -> str:
    """How many times `other` one is."""
    times = one.median / other.median
    return f"{times:,.0f}×" if times >= 10 else f"{times:.1f}×" if times >= 2 else f"{times:.2f}×"


def markdown(rows: Iterable[list[str]]) -> str:
    """A table; the first row is its head, the first column is set flush left."""
    head, *body = rows
    rule = [":--", *["--:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *body))
