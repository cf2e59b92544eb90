"""The pages a reader opens in a browser."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request

from server.api.export import export_response
from server.auth import device, open_to_all, start_session
from server.current import services
from server.errors import Problem
from server.guard import GUESSES, limiter
from server.library.passage import opens_at
from server.markup import render
from server.wire import conditional, number

PAGES_AT_ONCE = 20

blueprint = Blueprint("library", __name__)
blueprint.add_app_template_filter(render, "markdown")
blueprint.add_app_template_filter(opens_at, "opens_at")


@blueprint.get("/")
def index() -> Response:
    """Pages with their notes in reading order, the most recently changed page first."""
    store, account = services().store, device().account
    pages = store.pages(account)
    last = max(1, -(-len(pages) // PAGES_AT_ONCE))
    here = min(number("page", 1, 1, 10**8), last)
    shown = []
    for page in pages[(here - 1) * PAGES_AT_ONCE : here * PAGES_AT_ONCE]:
        # A look-up by page follows its other addresses; here each of those has its own heading.
        notes = [note for note in store.on_page(account, [page.page]) if note.page == page.page]
        shown.append((page, notes))
    html = render_template(
        "pages.html",
        shown=shown,
        count=store.count(account),
        pages=len(pages),
        here=here,
        last=last,
    )
    return conditional(make_response(html))


@blueprint.get("/sign-in")
@open_to_all
def signed_out() -> Response:
    """What to do to get in."""
    return make_response(render_template("signed_out.html"))


@blueprint.get("/sign-in/<secret>")
@open_to_all
@limiter.limit(GUESSES)
def sign_in(secret: str) -> Response:
    """Exchange a one-time link for a session.

    Answered with a page that moves on by itself, not with a redirect: a Strict cookie is not sent
    along a redirect that began on another site or in another program.
    """
    admitted = services().access.sign_in(secret, _browser())
    if admitted is None:
        raise Problem(
            403,
            "stale-link",
            "This sign-in link was used already or is too old. `postil sign-in` prints a new one.",
        )
    token, _ = admitted
    response = make_response(render_template("signed_in.html"))
    start_session(response, token)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/pair")
@open_to_all
def pair() -> Response:
    """How to finish pairing. The code stands in the fragment, which no server ever sees."""
    return make_response(render_template("pair.html"))


@blueprint.get("/export")
def export() -> Response:
    """The same download as the API's, for a reader who is signed in."""
    return export_response(device().account, request.args.get("format", "w3c"))


@blueprint.app_template_filter("day")
def _day(timestamp: str) -> str:
    moment = datetime.fromisoformat(timestamp)
    return f"{moment.day} {moment:%B %Y}"


@blueprint.app_template_filter("site")
def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or url.partition(":")[0]).removeprefix("www.")
    except ValueError:
        return url


def _browser() -> str:
    """A name for this session that its reader will recognise among the devices."""
    agent = request.user_agent.string
    for name in ("Firefox", "Edg", "OPR", "Chrome", "Safari"):
        if name in agent:
            return {"Edg": "Edge", "OPR": "Opera"}.get(name, name)
    return "A browser"
