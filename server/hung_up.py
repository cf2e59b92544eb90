"""Whether anybody still waits for an answer."""

from __future__ import annotations

import select
import socket

HEARD: int = getattr(select, "POLLRDHUP", 0)
"""What `poll` tells of an end that comes behind unread data; 0 where systems have no such thing."""


def has_hung_up(connection: socket.socket) -> bool:
    """Whether the other side has ended a connection, encrypted or not."""
    try:
        if HEARD:
            poll = select.poll()
            poll.register(connection, HEARD)
            return bool(poll.poll(0))
        # What is read of an encrypted one is of no use here, only whether there is anything.
        return socket.socket.recv(connection, 1, socket.MSG_PEEK | _AT_ONCE) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):  # it is closed, here too
        return True


_AT_ONCE: int = getattr(socket, "MSG_DONTWAIT", 0)
