"""What has been annotated."""

from __future__ import annotations

from flask import Blueprint, Response
from msgspec import Struct

from server.auth import device
from server.current import services
from server.described import described
from server.ready import follows_from_notes
from server.wire import answer, conditional
from store.model import Page

blueprint = Blueprint("pages", __name__)


class Pages(Struct, frozen=True):
    """Pages with notes, the most recently changed first."""

    pages: list[Page]


@blueprint.get("/pages")
@described(answers={200: Pages})
@follows_from_notes
def index() -> Response:
    """Every page with notes, the most recently changed first."""
    return conditional(answer(Pages(services().store.pages(device().account))))
