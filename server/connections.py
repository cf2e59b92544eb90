"""Two things waitress does not do: keep a connection after a short answer, and say it is too busy.

waitress 3 closes the connection after every answer without a Content-Length, 304 and 204 among
them, which have no body by definition (RFC 9110, 15.4.5 and 15.3.5): the cheapest answers then cost
a new connection each. And where more is asked than can be answered, requests only wait, until those
who asked have long given up. A request that has waited too long for a thread is told so instead.
"""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, request
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from server.errors import Problem

PATIENCE = 10  # seconds a request may wait for a thread

_WAITED = "postil.waited"


class KeepingTask(WSGITask):
    """A request and its answer."""

    def set_close_on_finish(self) -> None:
        """Close the connection after this answer, unless the answer ends without that."""
        asked = getattr(self.request, "headers", {}).get("CONNECTION", "").lower()
        complete = self.version == "1.1" and not self.has_body and not self.wrote_header
        if not complete or asked == "close":
            super().set_close_on_finish()

    def get_environment(self) -> dict[str, Any]:
        environment: dict[str, Any] = super().get_environment()
        environment[_WAITED] = time.time() - self.channel.last_activity
        return environment


class KeepingChannel(HTTPChannel):
    """A connection."""

    task_class = KeepingTask


def install(app: Flask) -> None:
    """Refuse what has waited too long, before anything is done for it."""
    app.before_request(_refuse_when_overloaded)


def keep_connections(waitress: BaseWSGIServer) -> None:
    """Have a server make connections of this kind."""
    waitress.channel_class = KeepingChannel


def _refuse_when_overloaded() -> None:
    if request.environ.get(_WAITED, 0) > PATIENCE:
        raise Problem(
            503,
            "overloaded",
            "The server has more to do than it can; nothing was done. Try again in a while.",
            headers={"Retry-After": "10"},
        )
