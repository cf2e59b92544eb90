"""A thread that has answered stays with its connection a moment, for what is asked next.

waitress reads all connections in one thread, its loop, and answers in others. A request passes from
thread to thread and back, and wherever it does two of them contend for the interpreter: at eight
connections a seventh of the time went there. But who asks once mostly asks again at once. So the
thread that answered reads that too, and the loop, which does not listen meanwhile, sleeps.
"""

from __future__ import annotations

import select
from collections import deque
from typing import Any, cast

from waitress.server import BaseWSGIServer

from server.hung_up import HEARD, has_hung_up
from server.prompt import PromptChannel

MOMENT = 10  # milliseconds
SEATS = 16  # threads that stay at a time; they may be all there are for so long

_SEATS = "postil_seats"


class StayingChannel(PromptChannel):
    """A connection."""

    taken = False
    """Whether a request of it waits for a thread or has one: the loop does not listen to it."""
    asked = False
    """Whether the thread that has it has another request of it to answer."""

    _left = False  # nobody is at its other end any more
    _poll: select.poll | None = None

    def __init__(self, server: BaseWSGIServer, *arguments: Any, **named: Any) -> None:
        super().__init__(server, *arguments, **named)
        self.server = cast(BaseWSGIServer, _Server(server, self))
        self._dispatcher = server.task_dispatcher
        self._seats: deque[int] = vars(server).setdefault(_SEATS, deque(range(SEATS)))

    def readable(self) -> bool:
        return not self.taken and bool(super().readable())

    def writable(self) -> bool:
        return not (self.taken and self._left) and bool(super().writable())

    def service(self) -> None:
        """Answer a request, and those that follow it."""
        try:
            while True:
                self.asked = False
                super().service()
                if not (self.asked or self._asked_soon()):
                    return
        finally:
            self.taken = False
            self.will_close = self.will_close or self._left
            self.server.pull_trigger()

    def is_left(self) -> bool:
        """Whether nobody waits for the answer any more: the loop, not listening, would not hear."""
        return not self.connected or self.socket is None or has_hung_up(self.socket)

    def _asked_soon(self) -> bool:
        """Stay a moment; whether another request came."""
        busy = self._dispatcher.queue or self._dispatcher.stop_count
        if busy or self.writable() or not self.connected or not HEARD:
            return False
        try:
            seat = self._seats.pop()
        except IndexError:
            return False
        try:
            ready = self._listen()
        finally:
            self._seats.append(seat)
        # The end of a connection, and what is wrong with it, is the loop's business.
        if [event for _, event in ready] == [select.POLLIN]:
            self.handle_read()
        return self.asked

    def handle_close(self) -> None:
        """Close it; by the loop, which may be going through all connections, and not while a thread
        has it: a number of a socket that is closed is soon another's."""
        if not self.taken:
            super().handle_close()
            return
        self._left = True
        with self.outbuf_lock:
            self.connected = False
            self.outbuf_lock.notify()

    def _listen(self) -> list[tuple[int, int]]:
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(cast(Any, self.socket), select.POLLIN | HEARD)
        return self._poll.poll(MOMENT)


class _Server:
    """A server as one of its connections sees it: its loop is woken only where that is of use."""

    def __init__(self, server: BaseWSGIServer, channel: StayingChannel) -> None:
        self._server: Any = server
        self._channel = channel
        self.adj = server.adj

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def add_task(self, channel: StayingChannel) -> None:
        if channel.taken:
            channel.asked = True
        else:
            channel.taken = True
            self._server.add_task(channel)

    def pull_trigger(self) -> None:
        if not self._channel.taken or self._channel.writable():
            self._server.pull_trigger()
