"""Taking notes out: which formats there are, what each is good for, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from server.api.export import export_response
from server.auth import device
from server.current import services
from server.formats import WRITERS
from server.selection import selection
from store.query import parse

blueprint = Blueprint("taking", __name__)


@blueprint.get("/export")
def export() -> Response:
    """A choice of formats; with one chosen, the same download as the API's.

    Of all notes, of what a query finds (`q`), or of one page (`of`).
    """
    q, of = request.args.get("q", ""), request.args.get("of", "")
    account, format = device().account, request.args.get("format")
    if format:
        return export_response(account, format, selection(of, q))
    store = services().store
    if q:
        total = store.search(account, parse(q), limit=1).total
    else:
        total = len(store.on_page(account, [of])) if of else store.count(account)
    html = render_template("export.html", formats=WRITERS.values(), total=total, q=q, of=of)
    return make_response(html)
