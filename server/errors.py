"""What goes wrong, said as RFC 9457 problem+json: a stable type and a sentence a person can act on.

A problem's `type` is `urn:postil:problem:NAME`, for programs; NAMES stand in `server/README.md`.
`detail` is for people. `field` is the path of the value that is to blame, where one is. Pages of
the library say the same in words. Nothing ever shows a traceback.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, Response, render_template, request
from msgspec import DecodeError
from werkzeug.exceptions import HTTPException

from store import model
from store.errors import (
    ResyncRequired,
    StoreError,
    StoreFull,
    StoreUnwritable,
    unreadable,
)

LOG = logging.getLogger("postil")


class Problem(Exception):
    """An answer that is an error. Raise it anywhere while a request is handled."""

    def __init__(
        self,
        status: int,
        name: str,
        detail: str,
        *,
        field: str = "",
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.type = f"urn:postil:problem:{name}"
        self.title = HTTPStatus(status).phrase
        self.detail = detail
        self.field = field
        self.headers = headers or {}
        self.more = more or {}

    def document(self) -> dict[str, Any]:
        """The members RFC 9457 names, `field`, and what is this problem's own."""
        said: dict[str, Any] = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.field:
            said["field"] = self.field
        return said | self.more


def install(app: Flask) -> None:
    """Answer every exception of `app` with a problem."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(model.Invalid, lambda error: answer(_of_invalid(error)))
    app.register_error_handler(ResyncRequired, lambda error: answer(_of_resync(error)))
    app.register_error_handler(StoreError, lambda error: answer(of_store(error)))
    app.register_error_handler(DecodeError, lambda error: answer(of_store(unreadable(error))))
    app.register_error_handler(HTTPException, lambda error: answer(_of_http(error)))
    app.register_error_handler(Exception, lambda error: answer(_of_surprise(error)))


def answer(problem: Problem) -> Response:
    """The response for a problem: JSON for programs, words on the library's pages."""
    if speaks_json(request):
        body = model.encode(problem.document())
        response = Response(body, problem.status, mimetype="application/problem+json")
    else:
        page = render_template("problem.html", problem=problem)
        response = Response(page, problem.status, mimetype="text/html")
    response.headers.update(problem.headers)
    return response


def speaks_json(asked: Request) -> bool:
    """Whether a request is a program's: everything but the library's pages is."""
    return asked.path.startswith(("/api", "/w3c", "/healthz", "/metrics"))


def _of_invalid(error: model.Invalid) -> Problem:
    return Problem(422, "invalid", str(error), field=error.field)


def _of_resync(error: ResyncRequired) -> Problem:
    detail = f"{error} Ask for all changes again, without `since`; keep what is not yet sent."
    return Problem(410, "resync", detail, more={"common": error.common})


def too_large() -> Problem:
    """What to say of a body over the limit."""
    detail = (
        "This is over 2 MiB, the most a request may carry (a file to be imported: 256 MiB). "
        "Send it in smaller parts."
    )
    return Problem(413, "too-large", detail)


def of_store(error: StoreError) -> Problem:
    """What to say when notes could not be read or written."""
    if isinstance(error, StoreFull):
        return Problem(507, "storage-full", str(error))
    name = "storage-unwritable" if isinstance(error, StoreUnwritable) else "storage"
    LOG.error("%s", error)
    return Problem(503, name, str(error), headers={"Retry-After": "30"})


_SENTENCES = {
    404: "Nothing is kept at this address.",
    405: "This address does not know that method; the Allow header lists those it does.",
    429: "Too many tries. Wait a minute, then try again.",
}


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    name = re.sub(r"[^a-z]+", "-", HTTPStatus(status).phrase.lower()).strip("-")
    if status == 413:
        return too_large()
    if status == 429:
        name = "too-many-tries"
    headers = {
        key: value
        for key, value in error.get_headers()
        if key.lower() in ("allow", "retry-after", "www-authenticate", "location")
    }
    if status == 429:
        headers.setdefault("Retry-After", "60")
    detail = _SENTENCES.get(status) or error.description or HTTPStatus(status).phrase
    return Problem(status, name, detail, headers=headers)


def _of_surprise(error: Exception) -> Problem:
    LOG.exception("A request failed", exc_info=error)
    detail = "The server met an error of its own; its log says more. Nothing half-done was kept."
    return Problem(500, "internal", detail)
