"""What this server is, and what it holds."""

from __future__ import annotations

from flask import Blueprint, Response

from server.answers import ServerStatus
from server.auth import known_device, open_to_all
from server.current import services
from server.described import described
from server.version import VERSION
from server.wire import answer, conditional

blueprint = Blueprint("status", __name__)


@blueprint.get("/status")
@described(answers={200: ServerStatus})
@open_to_all
def show() -> Response:
    """Name and version for everybody; the rest for devices."""
    device = known_device()
    if device is None:
        return conditional(answer(ServerStatus("Postil", VERSION)))
    store = services().store
    return conditional(
        answer(
            ServerStatus(
                "Postil",
                VERSION,
                account=device.account,
                device=device.id,
                store=services().config.store.partition("://")[0],
                epoch=store.epoch(),
                annotations=store.count(device.account),
                pages=len(store.pages(device.account)),
            )
        )
    )
