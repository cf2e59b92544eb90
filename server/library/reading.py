"""What a reader comes for: pages with their notes, and what a search finds."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from msgspec import Meta, Struct
from werkzeug.wrappers import Response as BaseResponse

from server.auth import device
from server.current import services
from server.errors import Problem
from server.library.counted import counted
from server.library.missing import missing_among
from server.library.narrowing import choices, narrowed
from server.library.returning import whence
from server.seen import note_waiting
from server.waiting import MOST_SECONDS
from server.wire import answer, conditional, query
from store.answers import Cursor, Found, Sort
from store.model import Invalid
from store.query import parse

PAGES_AT_ONCE = 20
FIRST_NOTES = 8  # of each page in the list of all; the rest is a page of its own
NOTES_AT_ONCE = 50
FOUND_AT_ONCE = 30
_NARROWED_BY = ("tag", "color", "site", "after", "before")

blueprint = Blueprint("reading", __name__)


class Turn(Struct, frozen=True):
    """Which page of the library."""

    page: Annotated[int, Meta(ge=1, le=10**8)] = 1


class Listening(Struct, frozen=True):
    """What an open page shows, and for how long it listens."""

    since: str = ""
    wait: Annotated[int, Meta(ge=0, le=MOST_SECONDS)] = 0


class OnePage(Struct, frozen=True):
    """A page by its key, and which of its notes."""

    of: str = ""
    page: Annotated[int, Meta(ge=1, le=10**8)] = 1


@blueprint.get("/")
def index() -> Response:
    """Pages with their notes in reading order, the most recently changed page first."""
    store, account = services().store, device().account
    pages = counted().pages
    last = max(1, -(-len(pages) // PAGES_AT_ONCE))
    here = min(query(Turn).page, last)
    shown = []
    for page in pages[(here - 1) * PAGES_AT_ONCE : here * PAGES_AT_ONCE]:
        # A look-up by page follows its other addresses; here each of those has its own heading.
        notes = [note for note in store.on_page(account, [page.page]) if note.page == page.page]
        shown.append((page, notes[:FIRST_NOTES]))
    html = render_template(
        "pages.html", shown=shown, pages=len(pages), here=here, last=last, back=whence()
    )
    return conditional(make_response(html))


@blueprint.get("/page")
def page() -> BaseResponse:
    """All the notes of one page, in reading order, under whichever of its addresses."""
    asked = query(OnePage)
    notes = services().store.on_page(device().account, [asked.of]) if asked.of else []
    deleted, done = request.args.get("deleted"), request.args.get("done")
    if not notes and (deleted or done):
        # The last one went just now: the way to undo that must not end in a 404.
        return redirect(url_for("library.reading.index", deleted=deleted, done=done), 303)
    if not notes:
        raise Problem(404, "not-found", "There are no notes on this page (any more).")
    last = -(-len(notes) // NOTES_AT_ONCE)
    here = min(asked.page, last)
    shown = notes[(here - 1) * NOTES_AT_ONCE : here * NOTES_AT_ONCE]
    html = render_template(
        "page.html",
        of=asked.of,
        newest=max(notes, key=lambda note: note.updated),
        total=len(notes),
        notes=shown,
        missing=missing_among(shown),
        here=here,
        last=last,
        back=whence(),
    )
    return conditional(make_response(html))


@blueprint.get("/search")
def search() -> BaseResponse:
    """What a query finds; what cannot be meant is said beside the box, and nothing is lost."""
    q = request.args.get("q", "")
    newest = request.args.get("sort") == Sort.NEWEST
    if any(name in request.args for name in _NARROWED_BY):
        return redirect(url_for("library.reading.search", q=_as_chosen(q), sort=_sort(newest)), 303)
    try:
        found = services().store.search(
            device().account,
            parse(q),
            sort=Sort.NEWEST if newest else Sort.RELEVANCE,
            limit=FOUND_AT_ONCE,
            cursor=request.args.get("cursor") or None,
        )
        problem, status = "", 200
    except Invalid as invalid:
        found, problem, status = Found([], 0, None), str(invalid), 422
    html = render_template(
        "found.html",
        q=q,
        found=found,
        newest=newest,
        problem=problem,
        choices=choices(q, counted(), services().access.moment()),
        back={"q": q, **whence()},
    )
    return conditional(make_response(html, status))


@blueprint.get("/news")
def news() -> Response:
    """For the script of an open page: whether anything changed since `since`, waiting a while."""
    account, listening = device().account, query(Listening)
    since = Cursor.parse(listening.since)
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    note_waiting()
    services().waiting.for_news(account, since, listening.wait, gone)
    return answer({"changed": services().store.cursor(account) != since})


def _as_chosen(q: str) -> str:
    """The query with what was chosen beside it written into it."""
    for name in _NARROWED_BY:
        for value in request.args.getlist(name):
            if value.strip():
                q = narrowed(q, name, value.strip())
    return q


def _sort(newest: bool) -> str | None:
    return Sort.NEWEST.value if newest else None
