"""The tags in use."""

from __future__ import annotations

from flask import Blueprint, Response

from server.auth import device
from server.current import services
from server.wire import answer, conditional

blueprint = Blueprint("tags", __name__)


@blueprint.get("/tags")
def index() -> Response:
    """Every tag, with how many notes carry it; the commonest first."""
    counts = services().store.tags(device().account)
    return conditional(
        answer({"tags": [{"tag": tag, "count": count} for tag, count in counts.items()]})
    )
