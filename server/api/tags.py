"""The tags in use."""

from __future__ import annotations

from flask import Blueprint, Response
from msgspec import Struct

from server.auth import device
from server.current import services
from server.described import described
from server.ready import follows_from_notes
from server.wire import answer, conditional

blueprint = Blueprint("tags", __name__)


class TagCount(Struct, frozen=True):
    """A tag, and how many notes carry it."""

    tag: str
    count: int


class TagCounts(Struct, frozen=True):
    """Tags, the commonest first."""

    tags: list[TagCount]


@blueprint.get("/tags")
@described(answers={200: TagCounts})
@follows_from_notes
def index() -> Response:
    """Every tag, with how many notes carry it; the commonest first."""
    counts = services().store.tags(device().account)
    return conditional(answer(TagCounts([TagCount(*each) for each in counts.items()])))
