"""The time, as records say it: RFC 3339, UTC, microseconds. For display; it decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """This moment, like `2026-11-24T08:15:30.123456Z`."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
