"""Your reading: a calendar of the last year, and the sites with the most notes."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from asking import Clock
from flask.testing import FlaskClient
from test_library_forms import kept

from server.library.activity import bars, calendar

TODAY = date(2026, 11, 24)  # a Tuesday


def test_the_calendar_ends_today_and_begins_on_a_monday_a_year_ago() -> None:
    drawn = calendar({}, TODAY)
    assert [len(week) for week in drawn.weeks] == [7] * 52 + [2]
    assert drawn.weeks[-1][-1].date == TODAY
    assert drawn.weeks[0][0].date == date(2025, 11, 24)
    assert (drawn.notes, drawn.days, drawn.busiest) == (0, 0, None)
    dates = [day.date for week in drawn.weeks for day in week]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]


def test_a_calendar_counts_the_year_it_shows_and_no_more() -> None:
    drawn = calendar({"2020-01-01": 50, "2026-11-24": 3, "2026-03-03": 4, "junk": 1}, TODAY)
    assert (drawn.notes, drawn.days) == (7, 2)
    assert drawn.busiest is not None
    assert (drawn.busiest.date, drawn.busiest.notes) == (date(2026, 3, 3), 4)


def test_every_day_with_a_note_can_be_told_from_one_without() -> None:
    drawn = calendar({"2026-11-23": 1, "2026-11-22": 100, "2026-11-20": 10_000}, TODAY)
    levels = {day.notes: day.level for week in drawn.weeks for day in week}
    assert levels == {0: 0, 1: 1, 100: 1, 10_000: 4}


def test_each_month_is_written_once_where_it_begins() -> None:
    for ahead in range(0, 400, 13):
        drawn = calendar({}, TODAY + timedelta(days=ahead))
        places = [at for at, _ in drawn.months]
        assert len(places) in (11, 12)
        assert min(b - a for a, b in pairwise(places)) >= 4


def test_bars_are_measured_by_the_longest() -> None:
    drawn = bars({f"{n}.example": 30 - n for n in range(20)})
    assert [bar.site for bar in drawn] == [f"{n}.example" for n in range(12)]
    assert (drawn[0].length, drawn[10].length) == (100, 66.67)
    assert bars({}) == []


def test_the_page_draws_and_tells_it(
    reader: FlaskClient, browser: FlaskClient, clock: Clock
) -> None:
    clock.now = 1_795_550_000  # 2026-11-24
    assert "nothing in it yet" in browser.get("/reading").text
    for _ in range(2):
        kept(reader, created="2026-10-01T10:00:00Z")
    kept(reader, created="2019-10-01T10:00:00Z", url="file:///home/ada/book.html")
    page = browser.get("/reading").text
    assert "2 notes on 1 day;" in page
    assert "<title>1 October 2026: 2 notes</title>" in page
    assert len(re.findall(r'<rect class="shade-\d"', page)) == 366
    assert re.search(r"28 September 2026</th><td>0</td><td>0</td><td>0</td><td>2</td>", page)
    assert '<a href="/search?q=site:example.org">example.org</a>' in page
    assert "style=" not in page
