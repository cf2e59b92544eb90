"""Passages that were not found again: what browsers tell of pages, and the list of it."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from msgspec import Meta, Struct

from server.auth import device
from server.current import services
from server.described import described
from server.wire import answer, body, conditional, query
from store.model import Id, Invalid, Lost

blueprint = Blueprint("lost", __name__)

MOST = 500  # notes told of in one request, of either kind

Ids = Annotated[list[Id], Meta(max_length=MOST)]


class Observed(Struct, frozen=True, forbid_unknown_fields=True):
    """Notes whose passages are not on their pages, and notes whose passages are, as one browser
    saw it. What is said to be both was found; what names no live note is passed over."""

    lost: Ids = []
    found: Ids = []


class LostPaging(Struct, frozen=True):
    """How much, and from where on; without `limit`, all that is left."""

    limit: Annotated[int, Meta(ge=1, le=1000)] | None = None
    cursor: str | None = None


class Listing(Struct, frozen=True):
    """Notes that were not found again, the last first: since when, and which device said so.
    `total` is how many there are; `cursor` asks for more."""

    lost: list[Lost]
    total: int
    cursor: str | None


class Listed(Struct, frozen=True):
    """How many notes are on the list now."""

    total: int


@blueprint.get("/lost")
@described(query=LostPaging, answers={200: Listing})
def index() -> Response:
    """The notes whose passages were not found again when their page was last seen.

    A note leaves the list when a browser finds it, when it gets another quote or page, and when it
    is deleted.
    """
    asked = query(LostPaging)
    known = services().store.lost(device().account)
    left = known if asked.cursor is None else _after(asked.cursor, known)
    shown = left[: asked.limit]
    cursor = f"{shown[-1].since}~{shown[-1].id}" if len(shown) < len(left) else None
    return conditional(answer(Listing(shown, len(known), cursor)))


def _after(cursor: str, lost: list[Lost]) -> list[Lost]:
    """What comes after the last one shown: a cursor is its time and its id."""
    since, tilde, id = cursor.partition("~")
    if not tilde:
        raise Invalid(f"`{cursor[:80]}` is not a cursor of this list.", "cursor")
    return [one for one in lost if (one.since, one.id) < (since, id)]


@blueprint.post("/lost")
@described(takes=Observed, answers={200: Listed})
def observe() -> Response:
    """Tell what was not found on a page, and what was found again: up to 500 notes each.

    No change of a note: its `rev` stays, and nobody syncs it. Saying so again changes nothing.
    """
    me, seen = device(), body(Observed)
    store = services().store
    store.observe(me.account, me.id, seen.lost, seen.found)
    return answer(Listed(store.count_lost(me.account)))
