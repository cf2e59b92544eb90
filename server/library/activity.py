"""Your reading: on which days notes were made, and on which sites the most."""

from __future__ import annotations

import math
from datetime import date, timedelta

from flask import Blueprint, Response, make_response, render_template
from msgspec import Struct

from server.current import services
from server.library.counted import counted
from server.wire import conditional

WEEKS = 53  # a year, from whichever weekday it begins on
SITES = 12
LEVELS = 4  # shades of a day with notes

blueprint = Blueprint("activity", __name__)


class Day(Struct, frozen=True):
    """A cell of the calendar; `level` is how dark it is, 0 for a day without notes."""

    date: date
    notes: int
    level: int


class Calendar(Struct, frozen=True):
    """The last year in weeks from Monday on; the last one ends today."""

    weeks: list[list[Day]]
    notes: int
    days: int
    busiest: Day | None

    @property
    def months(self) -> list[tuple[int, str]]:
        """Where to write which month: the week its first day is in, if there is room before the
        next."""
        found: list[tuple[int, str]] = []
        for at, week in enumerate(self.weeks):
            first = next((day.date for day in week if day.date.day == 1), None)
            if first is not None and at < len(self.weeks) - 1:
                found.append((at, f"{first:%b}"))
        return found


class Bar(Struct, frozen=True):
    """A site, and how long its bar is beside the longest, in percent."""

    site: str
    notes: int
    length: float


@blueprint.get("/reading")
def reading() -> Response:
    """The last year as a calendar, and the sites with the most notes as bars."""
    counts = counted()
    html = render_template(
        "reading.html",
        calendar=calendar(counts.days, services().access.moment().date()),
        bars=bars(counts.sites),
        pages=len(counts.pages),
        sites=len(counts.sites),
        tags=len(counts.tags),
    )
    return conditional(make_response(html))


def calendar(days: dict[str, int], today: date) -> Calendar:
    """The year up to today, from how many notes were made on which day."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    dates = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    most = max((days.get(each.isoformat(), 0) for each in dates), default=0)
    cells = [_day(each, days.get(each.isoformat(), 0), most) for each in dates]
    return Calendar(
        [cells[at : at + 7] for at in range(0, len(cells), 7)],
        sum(cell.notes for cell in cells),
        sum(cell.notes > 0 for cell in cells),
        max(cells, key=lambda cell: cell.notes) if most else None,
    )


def bars(sites: dict[str, int]) -> list[Bar]:
    """The sites with the most notes, the first of which sets the scale."""
    most = max(sites.values(), default=1)
    return [
        Bar(site, notes, round(100 * notes / most, 2))
        for site, notes in list(sites.items())[:SITES]
    ]


def _day(when: date, notes: int, most: int) -> Day:
    # By the square root: one afternoon with a hundred notes must not make all other days pale.
    return Day(when, notes, math.ceil(LEVELS * math.sqrt(notes / most)) if notes else 0)
