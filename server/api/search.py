"""Full text over everything, in the query language of `store.query`."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.auth import device
from server.current import services
from server.wire import answer, conditional, number, sent
from store.base import Sort
from store.model import Invalid
from store.query import parse

blueprint = Blueprint("search", __name__)

_FIELDS = ("tag", "color", "site", "before", "after")


@blueprint.get("/search")
def search() -> Response:
    """Live notes that match `q` and every field given beside it, a page at a time."""
    fields = [(name, value) for name in _FIELDS for value in request.args.getlist(name) if value]
    found = services().store.search(
        device().account,
        parse(request.args.get("q", ""), fields),
        sort=_sort(request.args.get("sort") or Sort.RELEVANCE),
        limit=number("limit", 50, 1, 200),
        cursor=request.args.get("cursor") or None,
    )
    annotations = [sent(annotation) for annotation in found.annotations]
    said = {"annotations": annotations, "total": found.total, "cursor": found.cursor}
    return conditional(answer(said))


def _sort(value: str) -> Sort:
    try:
        return Sort(value)
    except ValueError:
        known = ", ".join(Sort)
        raise Invalid(f"`sort` is `{value[:40]}`; there are {known}.", "sort") from None
