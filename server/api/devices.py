"""Who may sync, and taking that away."""

from __future__ import annotations

from flask import Blueprint, Response

from server.answers import Devices, Known
from server.auth import device
from server.current import services
from server.described import described
from server.errors import Problem
from server.wire import answer, conditional

blueprint = Blueprint("devices", __name__)


@blueprint.get("/devices")
@described(answers={200: Devices})
def index() -> Response:
    """All devices of the account; never anything of their tokens."""
    me = device()
    known = [
        Known(one.id, one.name, one.kind, one.origin, one.created, one.seen, one.id == me.id)
        for one in services().store.devices(me.account)
    ]
    return conditional(answer(Devices(known)))


@blueprint.delete("/devices/<id>")
@described(answers={204: None}, problems=(404,))
def revoke(id: str) -> Response:
    """From now on the device's token opens nothing."""
    if not services().access.revoke(device().account, id):
        raise Problem(404, "not-found", "There is no device of this id.")
    return Response(status=204)
