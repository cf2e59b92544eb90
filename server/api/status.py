"""What this server is, and what it holds."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Response

from server.auth import known_device, open_to_all
from server.current import services
from server.wire import answer, conditional

blueprint = Blueprint("status", __name__)


def _version() -> str:
    try:
        return version("postil")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


VERSION = _version()


@blueprint.get("/status")
@open_to_all
def show() -> Response:
    """Name and version for everybody; the rest for devices."""
    said: dict[str, object] = {"name": "Postil", "version": VERSION}
    device = known_device()
    if device is not None:
        store = services().store
        said |= {
            "account": device.account,
            "device": device.id,
            "store": services().config.store.partition("://")[0],
            "epoch": store.epoch(),
            "annotations": store.count(device.account),
            "pages": len(store.pages(device.account)),
        }
    return conditional(answer(said))
