"""Answers that cost little to send: one call to the system, where it takes several pieces at once.

waitress sends the head of an answer and each piece of its body apart, and whoever reads is woken
for each: a thousand notes took a quarter longer.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask
from waitress.utilities import build_http_date

from server.remembered import Remembered
from server.response import ENDINGS

_ONE_PACKET = 64 * 1024  # bytes; what is larger is not worth a copy
_AT_ONCE = 1024 * 1024  # bytes that are held back at most, and
_PIECES = 256  # pieces: the system takes 1,024 in one call


class PromptTask(WSGITask):
    """A request and its answer."""

    channel: PromptChannel

    def execute(self) -> None:
        """Answer. What has a length is sent in one go; all else as it is made."""
        with self.channel.together():
            super().execute()

    def write(self, data: bytes) -> None:
        """Send a piece of the body; the head of the answer goes with the first."""
        super().write(data)
        if data and self.content_length is None:
            self.channel.send_held()

    def build_response_header(self) -> bytes:
        """The same; without a body it is what it was the last time, but for its date."""
        if self.has_body:
            return self._head()
        key = (
            self.status,
            self.version,
            getattr(self.request, "headers", {}).get("CONNECTION"),
            tuple(self.response_headers),
        )
        known = _BODILESS.get(key)
        if known is not None:
            before, after = known
            return b"".join([before, build_http_date(self.start_time).encode(), after])
        head = self._head()
        before, date, rest = head.partition(b"\r\nDate: ")
        if date and not self.close_on_finish:
            _BODILESS.keep(key, (before + date, rest[rest.index(b"\r\n") :]))
        return head

    def _head(self) -> bytes:
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

_ROOM = 1024 * 1024  # bytes
_BODILESS = Remembered[tuple[Any, ...], tuple[bytes, bytes]](
    _ROOM,
    lambda _, parts: 4 * sum(map(len, parts)),  # what they were made of takes as much again
)


class PromptChannel(HTTPChannel):
    """A connection."""

    gathers = hasattr(socket.socket, "sendmsg")  # whether the system takes several pieces at once
    _held: list[bytes] | None = None  # what goes out with what follows
    _held_bytes = 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written within is held back until there is much of it, or to the end."""
        self._held = []
        try:
            yield
        finally:
            self.send_held()
            self._held = None

    def write_soon(self, data: Any) -> int:
        if self._held is None or not isinstance(data, bytes):
            self.send_held()
            return int(super().write_soon(data))
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > _AT_ONCE or len(self._held) == _PIECES:
            self.send_held()
        return len(data)

    def send_held(self) -> None:
        """Send what was held back so far."""
        if not self._held:
            return
        held, size = self._held, self._held_bytes
        self._held, self._held_bytes = [], 0
        if size <= _ONE_PACKET:
            held = [b"".join(held)]
        elif self.gathers:
            held = self._send_gathered(held)
        for data in held:
            super().write_soon(data)

    def _send_gathered(self, pieces: list[bytes]) -> list[bytes]:
        """Have the system take what it will, in one call; what is left."""
        with self.outbuf_lock:
            if self.total_outbufs_len or not self.connected:
                return pieces
            assert self.socket is not None
            try:
                sent = self.socket.sendmsg(pieces)
            except OSError:  # there is no room, or nobody: to be found out where both are seen to
                return pieces
            self.last_activity = time.time()
        for number, piece in enumerate(pieces):
            if sent < len(piece):
                return [piece[sent:], *pieces[number + 1 :]]
            sent -= len(piece)
        return []
