"""What has been annotated."""

from __future__ import annotations

from flask import Blueprint, Response

from server.auth import device
from server.current import services
from server.wire import answer, conditional

blueprint = Blueprint("pages", __name__)


@blueprint.get("/pages")
def index() -> Response:
    """Every page with notes, the most recently changed first."""
    return conditional(answer({"pages": services().store.pages(device().account)}))
