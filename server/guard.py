"""Letting no one in: which hosts are answered, and which origins may write.

Three attacks decide what stands here. *DNS rebinding*: a hostile page points its own host name at
127.0.0.1 and becomes same-origin with this server; so a Host that is not ours is refused before
anything else. *Cross-site requests*: a page may send, though not read, what it likes; so whatever
changes something must come from an origin we know, or from no browser at all. *Injected markup*:
see `server.response`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache, partial, wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, current_app, request
from flask.globals import request_ctx
from flask_cors.core import get_cors_options, set_cors_headers

from server.config import Config
from server.current import Services, services
from server.errors import Problem, speaks_json
from server.guesses import Guesses

MAX_BODY = 2 * 1024 * 1024
MAX_FILE = 256 * 1024 * 1024

View = TypeVar("View", bound=Callable[..., object])

_FILES: set[str] = set()
_GUESSED = "postil.guesses"
_OURS = "postil.ours"

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_EXTENSION = re.compile(r"(?:chrome|moz|safari-web)-extension://[0-9A-Za-z-]{1,64}")
_PAIRING = frozenset({"/api/pair", "/api/status"})
_CORS = {
    "methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    "allow_headers": [
        "Accept", "Authorization", "Content-Type", "If-Match", "If-None-Match", "Prefer", "Slug",
    ],
    "expose_headers": [
        "Accept-Post", "Allow", "Content-Location", "ETag", "Link", "Location",
        "Preference-Applied", "Retry-After", "Vary",
    ],
    "max_age": 600,
    "allow_private_network": True,
}  # fmt: skip


def install(app: Flask) -> None:
    """Put the guard before and behind every view of `app`."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.extensions[_GUESSED] = Guesses()
    app.extensions[_OURS] = lru_cache(maxsize=64)(partial(_is_ours, services(app).config))
    app.before_request(_look_at_request)
    app.after_request(_admit_known_origin)


def slow_to_guess(view: Callable[..., Response]) -> Callable[..., Response]:
    """Have a view that exchanges a secret answer only so often."""

    @wraps(view)
    def limited(*arguments: Any, **named: Any) -> Response:
        guesses: Guesses = current_app.extensions[_GUESSED]
        if not guesses.may(request.endpoint or "", request.remote_addr or ""):
            abort(429)
        return view(*arguments, **named)

    return limited


def takes_files(view: View) -> View:
    """Let a view be sent a whole file, which it reads as a stream."""
    _FILES.add(f"{view.__module__}.{view.__qualname__}")
    return view


def extension_origin() -> str:
    """The origin of the extension that makes this request; '' if it is none."""
    origin = request.headers.get("Origin", "")
    return origin if _EXTENSION.fullmatch(origin) else ""


def _look_at_request() -> None:
    asked = request_ctx.request
    _refuse_unknown_host(asked)
    _refuse_foreign_origin(asked)
    _make_room_for_files(asked)


def _refuse_unknown_host(asked: Request) -> None:
    host = asked.environ.get("HTTP_HOST", "")
    if not current_app.extensions[_OURS](host):
        raise Problem(
            421,
            "unknown-host",
            f"This server does not answer to the name `{host[:200]}`. "
            "If it should, put that name into POSTIL_HOSTS.",
        )


def _is_ours(config: Config, host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    if not name or not re.fullmatch(r"[^@/?#\\\s]+", host):
        return False
    if name in {"localhost", config.host.lower(), *config.hosts} or host.lower() in config.hosts:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    # An address typed as such was never looked up, so it cannot have been rebound.
    return address.is_loopback or _listens_everywhere(config.host)


def _listens_everywhere(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _refuse_foreign_origin(asked: Request) -> None:
    origin = asked.environ.get("HTTP_ORIGIN")
    if origin is None or asked.method in _SAFE or _may_write(origin):
        return
    raise Problem(
        403,
        "foreign-origin",
        f"Requests from `{origin[:200]}` may not change anything here. "
        "Pair the extension again, or put that origin into POSTIL_ORIGINS.",
    )


def _make_room_for_files(asked: Request) -> None:
    view = current_app.view_functions.get(asked.endpoint or "")
    if view is not None and f"{view.__module__}.{view.__qualname__}" in _FILES:
        asked.max_content_length = MAX_FILE


def _may_write(origin: str) -> bool:
    own = f"{request.scheme}://{request.environ.get('HTTP_HOST', '')}"
    return origin.lower() == own.lower() or _is_known(origin)


def _is_known(origin: str) -> bool:
    """Whether an origin other than our own may use the API."""
    if request.path in _PAIRING and _EXTENSION.fullmatch(origin):
        return True
    return admits(services(), origin)


def admits(parts: Services, origin: str) -> bool:
    """Whether an origin may use the whole of the API."""
    if origin.lower() in parts.config.origins:
        return True
    return bool(_EXTENSION.fullmatch(origin)) and parts.access.paired_origin(origin)


def _admit_known_origin(response: Response) -> Response:
    asked = request_ctx.request
    if not speaks_json(asked):
        return response
    response.headers.add("Vary", "Origin")
    origin = asked.environ.get("HTTP_ORIGIN")
    if origin is not None and _is_known(origin):
        # Which origins are known changes with every pairing, hence options for each request.
        only = {"origins": re.compile(re.escape(origin)), "vary_header": False}
        set_cors_headers(response, get_cors_options(current_app, _CORS, only))
    return response
