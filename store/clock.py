"""The time, as records say it: RFC 3339, UTC, microseconds. For display; it decides nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> str:
    """This moment, like `2026-11-24T08:15:30.123456Z`."""
    global _second  # noqa: PLW0603  # each write asks, and most in a second that was asked for
    second, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    known, text = _second
    if second != known:
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        _second = second, text
    return f"{text}.{nanoseconds // 1000:06d}Z"


def timestamp(moment: datetime) -> str:
    """A moment in UTC as records say it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def microseconds(text: str) -> int:
    """A record's time as microseconds since 1970; 0 for what another program wrote and is none."""
    try:
        since = datetime.fromisoformat(text) - _BEGINNING
    except (ValueError, TypeError):
        return 0
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


_second = (-1, "")  # the last that was asked for, and how it is written
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
