"""What this server is, and what it holds."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Response
from msgspec import UNSET, Struct, UnsetType

from server.auth import known_device, open_to_all
from server.current import services
from server.described import described
from server.wire import answer, conditional

blueprint = Blueprint("status", __name__)


def _version() -> str:
    try:
        return version("postil")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


VERSION = _version()


class ServerStatus(Struct, frozen=True, omit_defaults=True):
    """Name and version for everybody; with a token, what the account holds."""

    name: str
    version: str
    account: str | UnsetType = UNSET
    device: str | UnsetType = UNSET
    store: str | UnsetType = UNSET
    epoch: str | UnsetType = UNSET
    annotations: int | UnsetType = UNSET
    pages: int | UnsetType = UNSET


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
