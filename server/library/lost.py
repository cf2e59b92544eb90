"""Passages that browsers could not find again: by page, with what can be done about each."""

from __future__ import annotations

from collections.abc import Container

from flask import Blueprint, Response, make_response, render_template
from msgspec import Struct

from server.auth import device
from server.current import services
from server.library.missing import told
from server.library.reading import Turn
from server.library.returning import whence
from server.wire import conditional, query
from store.model import Annotation

PAGES_AT_ONCE = 20

blueprint = Blueprint("lost", __name__)


class Hole(Struct, frozen=True):
    """A page with those of its notes that are missing there, in reading order."""

    page: str
    newest: Annotation
    notes: list[Annotation]


@blueprint.get("/lost")
def index() -> Response:
    """What was not found again, the page that lost something last first."""
    listed = services().store.lost(device().account)
    pages = list(dict.fromkeys(one.page for one in listed))
    last = max(1, -(-len(pages) // PAGES_AT_ONCE))
    here = min(query(Turn).page, last)
    shown = pages[(here - 1) * PAGES_AT_ONCE : here * PAGES_AT_ONCE]
    missing = told([one for one in listed if one.page in shown])
    html = render_template(
        "lost.html",
        total=len(listed),
        holes=[hole for page in shown if (hole := _hole(page, missing))],
        missing=missing,
        here=here,
        last=last,
        back={"lost": "", **whence()},
    )
    return conditional(make_response(html))


def _hole(page: str, missing: Container[str]) -> Hole | None:
    # A look-up by page follows its other addresses; here each of those has its own heading.
    on_page = services().store.on_page(device().account, [page])
    notes = [note for note in on_page if note.id in missing and note.page == page]
    if not notes:
        return None  # deleted, or found, since the list was read
    return Hole(page, max(notes, key=lambda note: note.updated), notes)
