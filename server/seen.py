"""What is noted of a request while it is answered, for the log and the counters.

The route is the pattern in the code (`/api/annotations/<id>`), the account and the device are names
of who asks. Nothing else of a request or an answer is ever looked at: addresses of pages, queries,
notes and secrets cannot leak from where they never were.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, request
from flask.globals import request_ctx

from store.model import Device

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Note = Callable[["Seen"], None]

UNKNOWN = "unknown"
"""The route of what has none."""

_KEY = "postil.seen"
_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())


class Seen:
    """A request that is answered, or was."""

    __slots__ = (
        "account", "began", "bytes", "device", "method", "route", "seconds", "status", "waited"
    )  # fmt: skip

    def __init__(self, method: str) -> None:
        self.began = time.perf_counter()
        self.method = method if method in _METHODS else "OTHER"
        self.route = UNKNOWN
        self.status = 500
        self.bytes = 0
        self.seconds = 0.0
        self.account = ""
        self.device = ""
        self.waited = False


def install(app: Flask, notes: Iterable[Note]) -> None:
    """Have every request of `app` noted when its answer is at its end."""
    inner: Wsgi = app.wsgi_app
    told = list(notes)

    def noting(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen = environ[_KEY] = Seen(environ.get("REQUEST_METHOD", ""))

        def started(status: str, *rest: Any) -> Any:
            seen.status = int(status[:3])
            return start(status, *rest)

        return _Answer(inner(environ, started), seen, told)

    vars(app)["wsgi_app"] = noting
    app.before_request(_note_route)


def seen_of(environ: dict[str, Any]) -> Seen | None:
    """What is noted of the request in this environment."""
    seen: Seen | None = environ.get(_KEY)
    return seen


def note_device(environ: dict[str, Any], device: Device) -> None:
    """Who makes the request in this environment."""
    if (seen := seen_of(environ)) is not None:
        seen.account, seen.device = device.account, device.id


def note_waiting() -> None:
    """This request waits for news: how long it takes says nothing."""
    if (seen := request.environ.get(_KEY)) is not None:
        seen.waited = True


def _note_route() -> None:
    asked = request_ctx.request
    seen = asked.environ.get(_KEY)
    if seen is not None and asked.url_rule is not None:
        seen.route = asked.url_rule.rule


class _Answer:
    """The body of an answer on its way out."""

    def __init__(self, body: Iterable[bytes], seen: Seen, told: list[Note]) -> None:
        self._body = body
        self._seen = seen
        self._told = told

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._body:
            self._seen.bytes += len(chunk)
            yield chunk
        self._end()

    def close(self) -> None:
        try:
            if (close := getattr(self._body, "close", None)) is not None:
                close()
        finally:
            self._end()

    def _end(self) -> None:
        told, self._told = self._told, []
        if told:
            self._seen.seconds = time.perf_counter() - self._seen.began
        for tell in told:
            tell(self._seen)
