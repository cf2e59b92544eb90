"""Answers kept as they were sent, for as long as nothing has changed.

A browser asks for a page's notes each time that page is opened, and mostly nothing is new. What
such an answer says follows from the account's notes alone, and whatever changes one of them moves
the account's cursor: so while that stands, the bytes that were sent before are the answer. Who asks
is looked at each time all the same, so no token outlives its device by a single request.

Stands innermost of all that is around Flask, and hands on to it whatever it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, request

from server.auth import device
from server.current import Services, services
from server.guard import admits
from server.remembered import Remembered
from server.seen import seen_of
from store.answers import Cursor

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
Key = tuple[Any, ...]

_ROOM = 16 * 1024 * 1024  # bytes of answers
_LARGEST = 512 * 1024  # bytes of one
_STATE = "postil.ready_state"
_OF_A_BODY = frozenset({"content-type", "content-length"})


@dataclass(frozen=True)
class _Answer:
    """An answer, and what it was made of."""

    account: str
    cursor: Cursor
    route: str
    etag: str
    headers: Headers
    bare: Headers  # those of a 304, which has no body
    body: bytes


def follows_from_notes(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a view answers: it says nothing but what follows from its account's notes."""

    @wraps(view)
    def kept(*arguments: Any, **named: Any) -> Any:
        # Read before the notes are: what changes meanwhile makes the answer stale, never wrong.
        account = device().account
        request.environ[_STATE] = (account, services().store.cursor(account), request.url_rule)
        return view(*arguments, **named)

    return kept


def install(app: Flask) -> None:
    """Answer from what is kept, before anything else of `app` is asked."""
    kept = Remembered[Key, _Answer](_ROOM, _size)
    inner: Wsgi = app.wsgi_app
    parts = services(app)

    def ready(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return inner(environ, start)
        answer = kept.get(key)
        if answer is not None and _stands(answer, environ, parts):
            known = environ.get("HTTP_IF_NONE_MATCH")
            if known is None:
                start("200 OK", list(answer.headers))
                return [answer.body]
            if known == answer.etag:
                start("304 NOT MODIFIED", list(answer.bare))
                return []
        return _answered(inner, environ, start, kept, key)

    vars(app)["wsgi_app"] = ready


def _key(environ: dict[str, Any]) -> Key | None:
    """All that an answer depends on besides notes; None for what is never kept."""
    token = environ.get("HTTP_AUTHORIZATION")
    if environ["REQUEST_METHOD"] != "GET" or not token or "HTTP_POSTIL_ACCOUNT" in environ:
        return None
    return (
        environ["PATH_INFO"],
        environ.get("QUERY_STRING"),
        token,
        environ.get("HTTP_HOST"),
        environ.get("HTTP_ORIGIN"),
        environ.get("SCRIPT_NAME"),
        environ["wsgi.url_scheme"],
    )


def _stands(answer: _Answer, environ: dict[str, Any], parts: Services) -> bool:
    _, _, token = environ["HTTP_AUTHORIZATION"].partition(" ")
    holder = parts.access.holder(token.strip())
    if holder is None or holder.account != answer.account:
        return False
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and not admits(parts, origin):
        return False
    if parts.store.cursor(answer.account) != answer.cursor:
        return False
    if (seen := seen_of(environ)) is not None:
        seen.route, seen.account, seen.device = answer.route, holder.account, holder.id
    return True


def _answered(
    inner: Wsgi,
    environ: dict[str, Any],
    start: Callable[..., Any],
    kept: Remembered[Key, _Answer],
    key: Key,
) -> Iterable[bytes]:
    said: list[tuple[str, Headers]] = []

    def starting(status: str, headers: Headers, *rest: Any) -> Any:
        said.append((status, headers))
        return start(status, headers, *rest)

    body = inner(environ, starting)
    state = environ.get(_STATE)
    if state is None or not said or not said[-1][0].startswith("200"):
        return body
    status_headers = said[-1][1]
    length = next((value for name, value in status_headers if name == "Content-Length"), "")
    etag = next((value for name, value in status_headers if name == "ETag"), "")
    admitted = any(name == "Access-Control-Allow-Origin" for name, _ in status_headers)
    if not length or int(length) > _LARGEST or ("HTTP_ORIGIN" in environ and not admitted):
        return body
    whole = b"".join(body)
    if (close := getattr(body, "close", None)) is not None:
        close()
    account, cursor, rule = state
    headers = list(status_headers)
    bare = [each for each in headers if each[0].lower() not in _OF_A_BODY]
    kept.keep(key, _Answer(account, cursor, rule.rule, etag, headers, bare, whole))
    return [whole]


def _size(_: Key, answer: _Answer) -> int:
    return len(answer.body) + 2048  # and what stands around it
