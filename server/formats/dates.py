"""Dates of all kinds, as other programs write them -> the one way records say them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from store.clock import timestamp


def moment(value: Any) -> str:
    """A moment as a record says it; '' for what is none.

    Text in ISO 8601 (without a zone: UTC), as in mail (RFC 5322) or as people write it in English;
    a number of seconds, milliseconds or microseconds since 1970, as a number or as text.
    """
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return _since_1970(value)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or len(text) > 100:
        return ""
    if _NUMBER.fullmatch(text):
        return _since_1970(float(text))
    return _iso(text) or _written(text) or _mail(text)


_NUMBER = re.compile(r"\d{9,17}(?:\.\d{1,9})?")
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?)?"
    r" ?(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?",
    re.IGNORECASE,
)
_WRITTEN = (
    "%B %d, %Y %I:%M:%S %p", "%B %d, %Y %I:%M %p", "%B %d, %Y %H:%M", "%B %d, %Y",
    "%b %d, %Y", "%d %B %Y %H:%M:%S", "%d %B %Y", "%d %b %Y",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y",
)  # fmt: skip


def _iso(text: str) -> str:
    match = _ISO.fullmatch(text)
    if match is None:
        return ""
    day, time, fraction, zone = match.groups()
    fraction = (fraction or "0")[:6].ljust(6, "0")
    time = time if time and len(time) == 8 else f"{time or '00:00'}:00"
    text = f"{day}T{time}.{fraction}"
    try:
        if not zone or zone[0] not in "+-" or zone == "+00:00":
            datetime.fromisoformat(text)  # there is such a day
            return f"{text}Z"
        return timestamp(datetime.fromisoformat(text + zone).astimezone(UTC))
    except (ValueError, OverflowError):
        return ""


def _mail(text: str) -> str:
    try:
        made = parsedate_to_datetime(text)
        return timestamp((made if made.tzinfo else made.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError, TypeError, IndexError):
        return ""


def _written(text: str) -> str:
    for form in _WRITTEN:
        try:
            return timestamp(datetime.strptime(text, form).replace(tzinfo=UTC))
        except ValueError:
            continue
    return ""


def _since_1970(number: float) -> str:
    seconds = number
    for _ in range(2):
        if abs(seconds) >= 1e11:  # no second that far off is meant: these are thousandths
            seconds /= 1000
    try:
        return timestamp(datetime.fromtimestamp(seconds, UTC)) if seconds > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""
