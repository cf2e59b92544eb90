"""Answers that cost little to send: one packet where one will do, and a loop that is left asleep.

waitress sends the head of an answer and its body apart, and wakes its loop when an answer is done,
whether there is anything to do or not. To wake it makes two threads contend for the interpreter,
which at several connections takes longer than to answer: a note was posted half as often.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from server.response import ENDINGS

_ONE_PACKET = 64 * 1024  # bytes; what is larger is not worth a copy


class PromptTask(WSGITask):
    """A request and its answer."""

    channel: PromptChannel

    def write(self, data: bytes) -> None:
        """Send a piece of the body; the head of the answer goes with the first."""
        if self.wrote_header or not data:
            super().write(data)
            return
        with self.channel.together():
            super().write(data)

    def build_response_header(self) -> bytes:
        """The same, but that what all answers end with is not written anew each time."""
        for ending, lines in _ENDINGS:
            if self.response_headers[-len(ending) :] == ending:
                self.response_headers = self.response_headers[: -len(ending)]
                head: bytes = super().build_response_header()
                return head.removesuffix(b"\r\n") + lines
        return bytes(super().build_response_header())


_ENDINGS = [
    (ending, "".join([f"{name}: {value}\r\n" for name, value in ending] + ["\r\n"]).encode())
    for ending in ENDINGS
]


class PromptChannel(HTTPChannel):
    """A connection. Wants `channel_request_lookahead`: it is listened to while it is answered."""

    _listening = False  # whether the loop listens to it, as things stand
    _together: list[bytes] | None = None  # what is held back, to go with what follows

    def __init__(self, server: BaseWSGIServer, *arguments: Any, **named: Any) -> None:
        super().__init__(server, *arguments, **named)
        self.server = cast(BaseWSGIServer, _Server(server, self))

    def readable(self) -> bool:
        # Whoever has answered looks at this last. It is False while it is found out, so that
        # what changed too late to be seen here is not taken for seen.
        self._listening = False
        self._listening = bool(super().readable())
        return self._listening

    @property
    def needs_the_loop(self) -> bool:
        """Whether the loop has to look at this connection, and would not by itself."""
        return bool(self.writable()) or not self._listening

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written within goes out at its end, at once."""
        held = self._together = list[bytes]()
        try:
            yield
        finally:
            self._together = None
            if sum(map(len, held)) <= _ONE_PACKET:
                held = [b"".join(held)]
            for data in held:
                self.write_soon(data)

    def write_soon(self, data: Any) -> int:
        if self._together is None or not isinstance(data, bytes):
            return int(super().write_soon(data))
        self._together.append(data)
        return len(data)


class _Server:
    """A server as one of its connections sees it: its loop is woken only where that is of use."""

    def __init__(self, server: BaseWSGIServer, channel: PromptChannel) -> None:
        self._server = server
        self._channel = channel
        self.adj = server.adj
        self.add_task = server.add_task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def pull_trigger(self) -> None:
        if self._channel.needs_the_loop:
            self._server.pull_trigger()
