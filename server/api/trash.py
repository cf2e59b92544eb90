"""The trash: what was deleted, putting it back, and forgetting it for good."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.api.annotations import apply, written
from server.auth import device
from server.current import services
from server.errors import Problem
from server.wire import answer, conditional, number, sent
from store.model import Operation

blueprint = Blueprint("trash", __name__)


@blueprint.get("/trash")
def index() -> Response:
    """What can be restored, the last deleted first."""
    limit = number("limit", 100, 1, 1000)
    page = services().store.trash(device().account, limit, request.args.get("cursor") or None)
    shown = [{"annotation": sent(one.annotation), "at": one.at} for one in page.trashed]
    return conditional(answer({"trashed": shown, "total": page.total, "cursor": page.cursor}))


@blueprint.post("/trash/<id>/restore")
def restore(id: str) -> Response:
    """Put a deleted note back as it was. Doing so again changes nothing."""
    if services().store.get(device().account, id) is None:
        raise Problem(404, "not-found", "There is no note of this id.")
    return written(apply(Operation(id=id, delete=False)))


@blueprint.delete("/trash")
def empty() -> Response:
    """Forget what was deleted, for good."""
    return answer({"emptied": services().store.empty_trash(device().account)})
