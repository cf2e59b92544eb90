"""The trash: what was deleted, putting it back, and forgetting it for good."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from msgspec import Meta, Struct

from server.api.annotations import apply, written
from server.auth import device
from server.current import services
from server.described import SENT, Sent, described
from server.errors import Problem
from server.wire import answer, conditional, query, sent
from store.model import Operation, Timestamp

blueprint = Blueprint("trash", __name__)


class Paging(Struct, frozen=True):
    """How much, and from where on."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    cursor: str | None = None


class Deleted(Struct, frozen=True):
    """A note as it was, and when it was deleted."""

    annotation: Sent
    at: Timestamp


class TrashListing(Struct, frozen=True):
    """Some of the trash, and how much there is. `cursor` asks for more."""

    trashed: list[Deleted]
    total: int
    cursor: str | None


class Emptied(Struct, frozen=True):
    """How many notes are gone for good."""

    emptied: int


@blueprint.get("/trash")
@described(query=Paging, answers={200: TrashListing})
def index() -> Response:
    """What can be restored, the last deleted first."""
    asked = query(Paging)
    page = services().store.trash(device().account, asked.limit, asked.cursor)
    shown = [Deleted(sent(one.annotation), one.at) for one in page.trashed]
    return conditional(answer(TrashListing(shown, page.total, page.cursor)))


@blueprint.post("/trash/<id>/restore")
@described(answers={200: SENT}, problems=(404,))
def restore(id: str) -> Response:
    """Put a deleted note back as it was. Doing so again changes nothing."""
    if services().store.get(device().account, id) is None:
        raise Problem(404, "not-found", "There is no note of this id.")
    return written(apply(Operation(id=id, delete=False)))


@blueprint.delete("/trash")
@described(answers={200: Emptied})
def empty() -> Response:
    """Forget what was deleted, for good."""
    return answer(Emptied(services().store.empty_trash(device().account)))
