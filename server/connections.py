"""What waitress does not do by itself: keep a connection after a short answer, say that it is too
busy, and refuse in a way that is heard.

waitress 3 closes the connection after every answer without a Content-Length, 304 and 204 among
them, which have no body by definition (RFC 9110, 15.4.5 and 15.3.5): the cheapest answers then cost
a new connection each. And where more is asked than can be answered, requests only wait, until those
who asked have long given up. A request that has waited too long for a thread is told so instead.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from functools import partial
from typing import Any, cast

from flask import Flask, request
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask
from werkzeug.http import parse_cookie

from server.errors import Problem, too_large
from server.prompt import PromptTask
from server.staying import StayingChannel
from store.model import encode

PATIENCE = 10  # seconds a request may wait for a thread

MOST_OF_A_FILE = 257 * 1024 * 1024
"""Bytes: somewhat more than the application's own limit, which has the better answer."""

_LINGER = 20  # seconds, and
_MOST_THROWN_AWAY = 256 * 1024 * 1024  # bytes, that are read of a request that was refused

_WAITED = "postil.waited"
_KNOWS = "postil_knows"

Knows = Callable[[str], bool]


class KeepingTask(PromptTask):
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
        assert isinstance(self.channel, KeepingChannel)
        environment["waitress.client_disconnected"] = self.channel.is_left
        return environment


class RefusingTask(ErrorTask):
    """The answer to what waitress takes for no request, or for too much of one."""

    def execute(self) -> None:
        code: int = cast(Any, self.request).error.code
        problem = _REFUSALS.get(code, _REFUSALS[500])
        body = encode(problem.document())
        self.status = f"{problem.status} {problem.title}"
        self.content_length = len(body)
        self.response_headers = [
            ("Content-Type", "application/problem+json"),
            ("Cache-Control", "no-store"),
        ]
        self.set_close_on_finish()
        assert isinstance(self.channel, KeepingChannel)
        self.channel.refused = code in (413, 431)
        self.write(body)


_REFUSALS = {
    400: Problem(400, "malformed", "This is not a request as HTTP/1.1 has it."),
    413: too_large(),
    431: Problem(
        431, "header-too-large", "The header fields of a request may take 256 KiB at most."
    ),
    500: Problem(500, "internal", "The server met an error of its own; its log says more."),
    501: Problem(501, "not-implemented", "Send the body plain or `chunked`; no other encoding."),
}


class Parser(HTTPRequestParser):
    """What arrives of a request. A file to be imported may be far larger than all else, if it comes
    from somebody who is known here: what arrives is on the disk before any view is asked."""

    path: str
    headers: dict[str, str]

    def __init__(self, adj: Any, knows: Knows) -> None:
        super().__init__(adj)
        self._knows = knows

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.path.endswith("/import") and any(map(self._knows, self._tokens())):
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = MOST_OF_A_FILE

    def _tokens(self) -> list[str]:
        """What this request may be let in by, whichever way it is served."""
        _, _, bearer = self.headers.get("AUTHORIZATION", "").partition(" ")
        cookies = parse_cookie(self.headers.get("COOKIE", ""))
        session = [value for name, value in cookies.items() if name.startswith("postil")]
        return [token for token in (bearer.strip(), *session[:4]) if token]


class KeepingChannel(StayingChannel):
    """A connection."""

    task_class = KeepingTask
    error_task_class = RefusingTask

    refused = False  # the request was too large; what is still sent of it is of no use
    _lingers_until = 0.0
    _thrown_away = 0

    def __init__(self, server: BaseWSGIServer, *arguments: Any, **named: Any) -> None:
        parser = partial(Parser, knows=vars(server)[_KNOWS])
        self.parser_class = cast(type[HTTPRequestParser], parser)
        super().__init__(server, *arguments, **named)

    def readable(self) -> bool:
        if not self._lingers_until:
            return super().readable()
        self.will_close = self.will_close or time.monotonic() > self._lingers_until
        return not self.will_close

    def handle_write(self) -> None:
        lingers = self.refused and self.close_when_flushed
        if lingers:
            self.close_when_flushed = False
        super().handle_write()
        if lingers and self.total_outbufs_len:
            self.close_when_flushed = True
        elif lingers:
            self._lingers_until = time.monotonic() + _LINGER
            self.end_answers()

    def end_answers(self) -> None:
        """Say that nothing more comes, and go on listening."""
        assert self.socket is not None
        with suppress(OSError):  # they hung up
            self.socket.shutdown(socket.SHUT_WR)

    def received(self, data: bytes) -> bool:
        if not self._lingers_until:
            return super().received(data)
        self._thrown_away += len(data)
        self.will_close = self._thrown_away > _MOST_THROWN_AWAY
        return False


def install(app: Flask) -> None:
    """Refuse what has waited too long, before anything is done for it."""
    app.before_request(_refuse_when_overloaded)


def keep_connections(
    waitress: BaseWSGIServer, knows: Knows, kind: type[KeepingChannel] | None = None
) -> None:
    """Have a server make connections of this kind. `knows` says whether a token opens anything."""
    vars(waitress)[_KNOWS] = knows
    # It warns of every moment in which more is asked than there are threads.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.channel_class = kind or KeepingChannel


def _refuse_when_overloaded() -> None:
    if request.environ.get(_WAITED, 0) > PATIENCE:
        raise Problem(
            503,
            "overloaded",
            "The server has more to do than it can; nothing was done. Try again in a while.",
            headers={"Retry-After": "10"},
        )
