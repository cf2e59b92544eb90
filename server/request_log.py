"""The request log: a line of JSON for each request, where the operator wants one.

It holds what `Seen` holds, and nothing more. A file is opened anew when another program has moved
it away, so that logs can be rotated.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler

from msgspec import Struct

from server.seen import Seen
from store.clock import timestamp
from store.model import encode

STDERR = "stderr"


class Line(Struct, frozen=True):
    """One request. `route` is a pattern, `device` an id; both accounts and devices may be ''."""

    time: str
    method: str
    route: str
    status: int
    seconds: float
    bytes: int
    account: str
    device: str


class RequestLog:
    """Writes to standard error or to a file. Raises `OSError` where that cannot be opened."""

    def __init__(self, to: str) -> None:
        self._handler: logging.Handler = (
            logging.StreamHandler(sys.stderr)
            if to == STDERR
            else WatchedFileHandler(to, encoding="utf-8")
        )

    def write(self, seen: Seen) -> None:
        """Write a request down."""
        line = Line(
            timestamp(datetime.now(UTC)),
            seen.method,
            seen.route,
            seen.status,
            round(seen.seconds, 6),
            seen.bytes,
            seen.account,
            seen.device,
        )
        record = logging.LogRecord("", 0, "", 0, encode(line).decode(), None, None)
        self._handler.handle(record)

    def close(self) -> None:
        """Let go of the file."""
        self._handler.close()
