"""Full text over everything, in the query language of `store.query`."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from msgspec import Meta, Struct

from server.auth import device
from server.current import services
from server.described import Sent, described
from server.wire import answer, conditional, query, sent
from store.answers import Sort
from store.query import parse

blueprint = Blueprint("search", __name__)


class Sought(Struct, frozen=True):
    """What is sought: a query, and fields that narrow it. Each field may be given again."""

    q: Annotated[str, Meta(description="A query, as server/README.md says under Searching")] = ""
    tag: list[str] = []
    color: list[str] = []
    site: list[str] = []
    before: list[str] = []
    after: list[str] = []
    sort: Sort = Sort.RELEVANCE
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: str | None = None


class FoundPage(Struct, frozen=True):
    """Some of what was found, and how much there is. `cursor` asks for more."""

    annotations: list[Sent]
    total: int
    cursor: str | None


_FIELDS = ("tag", "color", "site", "before", "after")


@blueprint.get("/search")
@described(query=Sought, answers={200: FoundPage})
def search() -> Response:
    """Live notes that match `q` and every field given beside it, a page at a time."""
    sought = query(Sought)
    fields = [(name, value) for name in _FIELDS for value in getattr(sought, name)]
    found = services().store.search(
        device().account,
        parse(sought.q, fields),
        sort=sought.sort,
        limit=sought.limit,
        cursor=sought.cursor,
    )
    shown = [sent(annotation) for annotation in found.annotations]
    return conditional(answer(FoundPage(shown, found.total, found.cursor)))
