"""Who may sync, and taking that away."""

from __future__ import annotations

from flask import Blueprint, Response

from server.auth import device
from server.current import services
from server.errors import Problem
from server.wire import answer, conditional

blueprint = Blueprint("devices", __name__)


@blueprint.get("/devices")
def index() -> Response:
    """All devices of the account; never anything of their tokens."""
    me = device()
    shown = [
        {
            "id": known.id,
            "name": known.name,
            "kind": known.kind,
            "origin": known.origin,
            "created": known.created,
            "seen": known.seen,
            "current": known.id == me.id,
        }
        for known in services().store.devices(me.account)
    ]
    return conditional(answer({"devices": shown}))


@blueprint.delete("/devices/<id>")
def revoke(id: str) -> Response:
    """From now on the device's token opens nothing."""
    if not services().access.revoke(device().account, id):
        raise Problem(404, "not-found", "There is no device of this id.")
    return Response(status=204)
