"""Taking everything out: which formats there are, what each is good for, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from server.api.export import export_response
from server.auth import device
from server.formats import WRITERS

blueprint = Blueprint("taking", __name__)


@blueprint.get("/export")
def export() -> Response:
    """A choice of formats; with one chosen, the same download as the API's."""
    chosen = request.args.get("format")
    if chosen:
        return export_response(device().account, chosen)
    return make_response(render_template("export.html", formats=WRITERS.values()))
