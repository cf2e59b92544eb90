"""TLS on waitress, which has none: connections that are encrypted as they are read and written.

waitress reads and writes sockets that never block, from two threads: its loop reads, and whichever
thread answers a request writes. OpenSSL allows that on one condition, that nobody else is at the
same connection meanwhile; hence a lock about each call. It is taken last of all, and never held
while another is waited for.

Nothing is left in OpenSSL's own memory, where no `select` would see it: a read takes as much as one
record can hold, and OpenSSL takes them from the socket one by one.

The other way was a server that has TLS, cheroot 11: measured with the same 6.9 KB it answers as
many requests at 8 connections, and at 32 half as many, some of them after more than a second.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import Any

from waitress.server import BaseWSGIServer

from server.certificate import Certificate
from server.connections import KeepingChannel, Knows, keep_connections

_RECORD = 16 * 1024  # bytes of text that one record holds at most (RFC 8446, 5.1)

_SPEAK_TLS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: 58\r\n\r\n"
    b"This server speaks https only: write https:// not http://\n"
)


def encrypt_connections(
    waitress: BaseWSGIServer, knows: Knows, with_certificate: Certificate
) -> None:
    """Have a server make encrypted connections."""

    class Channel(EncryptedChannel):
        certificate = with_certificate

    keep_connections(waitress, knows, Channel)


class EncryptedChannel(KeepingChannel):
    """A connection. Until both sides have shaken hands nothing else is read or written."""

    certificate: Certificate
    gathers = False  # OpenSSL takes one piece

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._speaking = threading.Lock()
        self._encrypted: ssl.SSLSocket | None = None  # `socket`, once the handshake has begun
        self._shaken = False
        self._has_to_say = False  # the handshake waits for room to write, not for something to read
        super().__init__(*arguments, **named)

    def readable(self) -> bool:
        return super().readable() if self._shaken else not (self.will_close or self._has_to_say)

    def writable(self) -> bool:
        return super().writable() if self._shaken else self.will_close or self._has_to_say

    def handle_read(self) -> None:
        if self._encrypted is None or not self._shaken:
            self._shake_hands()
            return
        try:
            with self._speaking:
                data = self._encrypted.recv(_RECORD)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError:
            data = b""
        if data:
            self.last_activity = time.time()
            self.received(data)
        else:
            self.handle_close()

    def handle_write(self) -> None:
        if self._shaken or self.will_close:
            super().handle_write()
        else:
            self._shake_hands()

    def send(self, data: bytes, do_close: bool = True) -> int:
        assert self._encrypted is not None  # there is nothing to send before a request
        try:
            with self._speaking:
                return self._encrypted.send(data)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except OSError:
            # Whoever may not close it leaves that to the loop, which meets the same error.
            if do_close:
                self.handle_close()
            return 0

    def end_answers(self) -> None:
        pass  # TLS would hear nothing either; whoever was answered knows how long the answer is

    def handle_close(self) -> None:
        if self._encrypted is not None and self._shaken:
            # Say that this is the end, for one who reads to the end; do not wait for the answer.
            with suppress(OSError, ValueError), self._speaking:
                self._encrypted.unwrap()
        self._shaken = False
        super().handle_close()

    def _shake_hands(self) -> None:
        """Go on with the handshake, as far as that goes without waiting."""
        try:
            self._begun().do_handshake()
            self._shaken, self._has_to_say = True, False
        except ssl.SSLWantReadError:
            self._has_to_say = False
        except ssl.SSLWantWriteError:
            self._has_to_say = True
        except OSError as error:
            if getattr(error, "reason", "") == "HTTP_REQUEST":
                self._answer_in_plain_words(self._begun())
            self.handle_close()

    def _begun(self) -> ssl.SSLSocket:
        # Not when the connection comes: what fails there ends the whole server.
        if self._encrypted is None:
            assert self.socket is not None
            self._encrypted = self.certificate.context().wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
            self.socket = self._encrypted
        return self._encrypted

    @staticmethod
    def _answer_in_plain_words(encrypted: ssl.SSLSocket) -> None:
        with suppress(OSError):
            # What stays unread makes the system cut the connection off before the answer is there.
            socket.socket.recv(encrypted, 64 * 1024)
            socket.socket.send(encrypted, _SPEAK_TLS)
