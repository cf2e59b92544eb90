"""What a reader comes for: pages with their notes, and what a search finds."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, make_response, render_template, request
from msgspec import Meta, Struct

from server.api.export import export_response
from server.auth import device
from server.current import services
from server.seen import note_waiting
from server.waiting import MOST_SECONDS
from server.wire import answer, conditional, query
from store.answers import Cursor, Found, Sort
from store.model import Invalid
from store.query import parse

PAGES_AT_ONCE = 20
FOUND_AT_ONCE = 30

blueprint = Blueprint("reading", __name__)


class Turn(Struct, frozen=True):
    """Which page of the library."""

    page: Annotated[int, Meta(ge=1, le=10**8)] = 1


class Listening(Struct, frozen=True):
    """What an open page shows, and for how long it listens."""

    since: str = ""
    wait: Annotated[int, Meta(ge=0, le=MOST_SECONDS)] = 0


@blueprint.get("/")
def index() -> Response:
    """Pages with their notes in reading order, the most recently changed page first."""
    store, account = services().store, device().account
    pages = store.pages(account)
    last = max(1, -(-len(pages) // PAGES_AT_ONCE))
    here = min(query(Turn).page, last)
    shown = []
    for page in pages[(here - 1) * PAGES_AT_ONCE : here * PAGES_AT_ONCE]:
        # A look-up by page follows its other addresses; here each of those has its own heading.
        notes = [note for note in store.on_page(account, [page.page]) if note.page == page.page]
        shown.append((page, notes))
    html = render_template("pages.html", shown=shown, pages=len(pages), here=here, last=last)
    return conditional(make_response(html))


@blueprint.get("/search")
def search() -> Response:
    """What a query finds; what cannot be meant is said beside the box, and nothing is lost."""
    q = request.args.get("q", "")
    newest = request.args.get("sort") == Sort.NEWEST
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
    html = render_template("found.html", q=q, found=found, newest=newest, problem=problem)
    return conditional(make_response(html, status))


@blueprint.get("/export")
def export() -> Response:
    """The same download as the API's, for a reader who is signed in."""
    return export_response(device().account, request.args.get("format", "w3c"))


@blueprint.get("/news")
def news() -> Response:
    """For the script of an open page: whether anything changed since `since`, waiting a while."""
    account, listening = device().account, query(Listening)
    since = Cursor.parse(listening.since)
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    note_waiting()
    services().waiting.for_news(account, since, listening.wait, gone)
    return answer({"changed": services().store.cursor(account) != since})
