"""Puts `access` to work on requests: bearer tokens for the API, a cookie for the library.

Closed by default: every route needs a device unless its view is marked `open_to_all`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import unquote

from flask import Flask, Request, Response, current_app, g, redirect, request, url_for
from flask.globals import request_ctx
from msgspec.structs import replace
from werkzeug.wrappers import Response as BaseResponse

from server.access import SESSION_LIFE
from server.answers import ACCOUNT_HEADER
from server.current import services
from server.errors import Problem, speaks_json
from server.seen import note_device
from store.model import Device

View = TypeVar("View", bound=Callable[..., object])

_OPEN: set[str] = set()


def open_to_all(view: View) -> View:
    """Let a view be reached without a token or a session."""
    _OPEN.add(f"{view.__module__}.{view.__qualname__}")
    return view


def is_open(view: Callable[..., object]) -> bool:
    """Whether a view can be reached without."""
    return f"{view.__module__}.{view.__qualname__}" in _OPEN


def install(app: Flask) -> None:
    """Ask for a device before every view that is not open."""
    app.before_request(_identify)


def device() -> Device:
    """Who makes this request."""
    made: Device = g.device
    return made


def known_device() -> Device | None:
    """Who makes this request, where a view is open to all."""
    made: Device | None = g.get("device")
    return made


def session_token() -> str:
    """The secret of the library session this request is made in; '' outside of one."""
    return request.cookies.get(_cookie(), "")


def start_session(response: Response, token: str) -> None:
    """Let this browser into the library from now on."""
    response.set_cookie(
        _cookie(),
        token,
        max_age=SESSION_LIFE,
        httponly=True,
        samesite="Strict",
        path=request.root_path + "/",
        secure=request.is_secure,
    )


def _identify() -> BaseResponse | None:
    asked = request_ctx.request
    endpoint = asked.endpoint
    if endpoint is None or asked.method == "OPTIONS":
        return None  # 404 and 405 need nobody, and a preflight can carry no token
    reachable = endpoint == "static" or is_open(current_app.view_functions[endpoint])
    by_program = speaks_json(asked)
    token = _bearer(asked) if by_program else session_token()
    if token:
        found = services().access.holder(token)
        if found is not None:
            g.device = _acting_for_another(found) if found.kind == "operator" else found
            note_device(asked.environ, g.device)
            return None
    if reachable and not (token and by_program):
        return None
    if by_program:
        raise _unauthorized(token)
    return redirect(url_for("library.session.signed_out"))


def _acting_for_another(operator: Device) -> Device:
    """The operator, in the account the command line names."""
    account = unquote(request.headers.get(ACCOUNT_HEADER, "")) or operator.account
    if account != operator.account and account not in services().store.accounts():
        raise Problem(404, "no-account", f"There is no account `{account[:80]}`.")
    return replace(operator, account=account)


def _bearer(asked: Request) -> str:
    scheme, _, token = asked.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _unauthorized(token: str | None) -> Problem:
    detail = (
        "This token is not known here, or was revoked. Pair this device again."
        if token
        else "This needs a token. Pair this device first: `postil pair` prints a code."
    )
    challenge = 'Bearer realm="postil"' + (', error="invalid_token"' if token else "")
    return Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": challenge})


def _cookie() -> str:
    """Cookies know no ports: two servers on one host name must not share a name."""
    port = request.host.rpartition(":")[2]
    return f"postil-{port}" if port.isdigit() else "postil"
