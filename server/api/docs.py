"""The API's own description: for programs, and for people."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template, request

from server.auth import open_to_all
from server.openapi import openapi
from server.wire import answer, conditional

blueprint = Blueprint("docs", __name__)


@blueprint.get("/openapi.json")
@open_to_all
def document() -> Response:
    """OpenAPI 3.1."""
    return conditional(answer(openapi(current_app, request.root_path)))


@blueprint.get("/docs")
@open_to_all
def page() -> Response:
    """The same, to be read; it needs no network and no script."""
    return conditional(
        make_response(render_template("docs.html", api=openapi(current_app, request.root_path)))
    )
