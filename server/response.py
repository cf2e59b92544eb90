"""What every answer says: what browsers may do with it, and how long it is.

Should a note ever get past `markup`, the Content-Security-Policy leaves it nothing to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import flask
from werkzeug.datastructures import Headers

_CAREFUL = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
]
_CSP = "Content-Security-Policy"
_FOR_DATA = [
    *_CAREFUL,
    (_CSP, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"),
]
_FOR_PAGES = [
    *_CAREFUL,
    (
        _CSP,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
]
ENDINGS = (_FOR_DATA, _FOR_PAGES)
"""What the headers of an answer end with: the one or the other."""

_FRESH = ("Cache-Control", "private, no-cache")

_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*")


class Response(flask.Response):
    """The application's response class: Flask makes every answer one of it."""

    def get_wsgi_response(
        self, environ: dict[str, Any]
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        body, status, headers = super().get_wsgi_response(environ)
        # Told by the type it would have: a 304 has none.
        is_page = self.headers.get("Content-Type", "").startswith("text/html")
        fresh = [] if "Cache-Control" in self.headers else [_FRESH]
        return body, status, [*headers, *fresh, *(_FOR_PAGES if is_page else _FOR_DATA)]

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """The same as always, in a third of the time where nothing has to be made of them."""
        headers = self.headers
        plain = _PLAIN.fullmatch(headers.get("Location", "")) and "Content-Location" not in headers
        if self.status_code not in (200, 201) or not plain or not self.is_sequence:
            return super().get_wsgi_headers(environ)
        if "Content-Length" not in headers:
            headers["Content-Length"] = str(sum(map(len, self.iter_encoded())))
        return headers
