"""The tags in use: renamed, merged into one another, taken off all notes."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, make_response, render_template, request
from msgspec import Meta, Struct
from werkzeug.wrappers import Response as BaseResponse

from server.auth import device
from server.current import services
from server.errors import Problem
from server.library.answering import answer
from server.library.counted import counted
from server.library.deeds import Deed, packed, perform
from server.wire import conditional, query
from store.answers import Sort
from store.folding import fold
from store.model import Tag, convert
from store.query import parse

TAGS_AT_ONCE = 200
_READ_AT_ONCE = 1000

blueprint = Blueprint("tagging", __name__)


class Listed(Struct, frozen=True):
    """Which tags are asked for, in which order."""

    named: str = ""
    sort: str = "count"
    page: Annotated[int, Meta(ge=1, le=10**8)] = 1


@blueprint.get("/tags")
def index() -> Response:
    """All tags, or those that are named so, with how many notes carry each."""
    asked = query(Listed)
    tags = list(counted().tags.items())
    if asked.named:
        part = fold(asked.named)
        tags = [each for each in tags if part in fold(each[0])]
    if asked.sort == "name":
        tags.sort(key=lambda each: (fold(each[0]), each[0]))
    last = max(1, -(-len(tags) // TAGS_AT_ONCE))
    here = min(asked.page, last)
    html = render_template(
        "tags.html",
        tags=tags[(here - 1) * TAGS_AT_ONCE : here * TAGS_AT_ONCE],
        total=len(tags),
        asked=asked,
        here=here,
        last=last,
    )
    return conditional(make_response(html))


@blueprint.get("/tag")
def one() -> Response:
    """One tag, to be renamed or taken off."""
    return _page(_known(request.args.get("name", "")))


@blueprint.post("/tag/rename")
def rename() -> BaseResponse:
    """Another name for a tag. One that is in use already is asked about first: they become one."""
    tag = _known(request.form.get("name", ""))
    to = convert(" ".join(request.form.get("to", "").split()), Tag)
    into = counted().tags.get(to, 0)
    if to == tag or (into and request.form.get("merge") != to):
        return _page(tag, to, into if to != tag else 0)
    done = perform([Deed(packed(_carrying(tag)), add=[to], remove=[tag])])
    said = "{notes} tagged “{tag}” until now {carry} “{to}” instead."
    return answer(done, said, tag=tag, to=to)


@blueprint.post("/tag/delete")
def delete() -> BaseResponse:
    """Take a tag off all notes; the notes stay."""
    tag = _known(request.form.get("name", ""))
    done = perform([Deed(packed(_carrying(tag)), remove=[tag])])
    return answer(done, "{notes} no longer {carry} “{tag}”.", tag=tag)


def _known(tag: str) -> str:
    if tag not in counted().tags:
        raise Problem(404, "not-found", "No note carries this tag (any more).")
    return tag


def _page(tag: str, to: str = "", into: int = 0) -> Response:
    html = render_template(
        "tag.html", tag=tag, carried=counted().tags.get(tag, 0), to=to, into=into
    )
    return make_response(html)


def _carrying(tag: str) -> list[str]:
    """The ids of the notes that carry a tag as it is written; search knows no capitals."""
    store, account = services().store, device().account
    query, cursor, ids = parse("", [("tag", tag)]), None, list[str]()
    while True:
        found = store.search(account, query, sort=Sort.OLDEST, limit=_READ_AT_ONCE, cursor=cursor)
        ids += [note.id for note in found.annotations if tag in note.tags]
        cursor = found.cursor
        if cursor is None:
            return ids
