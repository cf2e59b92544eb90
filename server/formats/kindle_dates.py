"""The date in a line of Kindle's, which stands there as people of that language write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from store.clock import timestamp


def date_in(text: str) -> str:
    """A moment as records say it; '' where the line tells none."""
    found = _EASTERN.search(text)
    if found is not None:
        rest = text[found.end() :]
        time, half = _TIME.search(rest), _HALF.search(rest)
        clock = _clock(time[0] if time else "", half[0] if half else "")
        return _moment(found[1], int(found[2]), found[3], clock)
    year = re.search(r"\b(\d{4})\b", text)
    named = next(
        (match for match in _WORD.finditer(text.lower()) if _month(match[0]) is not None), None
    )
    if year is None or named is None:
        return ""
    month = _month(named[0])
    days = re.findall(r"(?<![\d:])(\d{1,2})(?![\d:])", text[: year.start()])
    if month is None or not days:
        return ""
    rest = text[year.end() :]
    time = _TIME.search(rest)
    half = re.search(r"\b([ap])\.?\s?m\b", rest, re.IGNORECASE)
    return _moment(
        year[1], month, days[-1], _clock(time[0] if time else "", half[1] if half else "")
    )


_EASTERN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_TIME = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?")
_HALF = re.compile(r"上午|下午|午前|午後|오전|오후")
_WORD = re.compile(r"[^\W\d_]+")
_AFTERNOON = ("p", "下午", "午後", "오후")
_MORNING = ("a", "上午", "午前", "오전")

# By their first letters: as many as tell them apart, in English, German, French, Spanish, Italian,
# Portuguese, Dutch and Russian.
_MONTHS = (
    "janu jane janv jänn janu ener genn янва",
    "febr feve févr fevr febb февр",
    "marc märz març mars marz maart март",
    "apri avri abri апре",
    "may mai mei magg мая май",
    "june juni juin junh giug июн",
    "july juli juil julh lugl июл",
    "augu août aout agos авгу",
    "sept sett sete сент",
    "octo okto octu otto outu октя",
    "nove novi ноя",
    "dece deze dici déce дека",
)


def _month(word: str) -> int | None:
    for number, beginnings in enumerate(_MONTHS, 1):
        if any(word.startswith(beginning) for beginning in beginnings.split()):
            return number
    return None


def _clock(time: str, half: str) -> tuple[int, int, int]:
    hour, minute, second = [*map(int, re.split(r"[:.]", time)), 0, 0, 0][:3] if time else (0, 0, 0)
    half = half.lower()
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    return hour, minute, second


def _moment(year: str, month: int, day: str, clock: tuple[int, int, int]) -> str:
    try:
        return timestamp(datetime(int(year), month, int(day), *clock, tzinfo=UTC))
    except ValueError:
        return ""
