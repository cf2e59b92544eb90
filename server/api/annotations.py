"""Notes, one by one, and those of a page.

Every write here is an operation like any other, made with what the caller says it had seen: the
revision in If-Match, or else whatever stands now. ETags are revisions.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from msgspec import UNSET, Struct, UnsetType

from server.auth import device
from server.current import services
from server.described import SENT, Sent, described
from server.errors import Problem
from server.ids import uuid7
from server.ready import follows_from_notes
from server.wire import answer, body, conditional, query, sent, sent_document
from store.model import (
    Annotation,
    Color,
    Fields,
    Id,
    Invalid,
    Operation,
    Result,
    Sequence,
    Status,
    Tags,
    Url,
    convert,
)
from store.page_key import believed_canonical, page_key

blueprint = Blueprint("annotations", __name__)


class Patch(Fields, frozen=True, forbid_unknown_fields=True):
    """New values for some fields; `tags` is the whole new list."""

    tags: Tags | UnsetType = UNSET


class Draft(Patch, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new note. Without an `id` the server makes one, and a retry then makes a second note."""

    url: Url
    id: Id | UnsetType = UNSET


class Whole(Patch, frozen=True, forbid_unknown_fields=True):
    """A note as GET answers it. What only the server decides may be there, and is left alone."""

    id: Id | UnsetType = UNSET
    page: str | UnsetType = UNSET
    updated: str | UnsetType = UNSET
    device: str | UnsetType = UNSET
    rev: Sequence | UnsetType = UNSET
    deleted: bool | UnsetType = UNSET


class Named(Struct, frozen=True):
    """The id of a note that is to be."""

    id: Id


class Asked(Struct, frozen=True):
    """Whose notes are wanted: a page's address, and what it says of itself (rel=canonical)."""

    url: Url
    canonical: str | None = None


class Listing(Struct, frozen=True):
    """A page's key and its notes."""

    page: str
    annotations: list[Sent]


@blueprint.get("/annotations")
@described(query=Asked, answers={200: Listing})
@follows_from_notes
def on_page() -> Response:
    """All notes of one page in reading order, under whichever of its addresses they were made."""
    asked = query(Asked)
    key = page_key(asked.url)
    canonical = believed_canonical(asked.url, asked.canonical)
    keys = [key] if canonical is None else [key, page_key(canonical)]
    found = services().store.on_page(device().account, keys)
    return conditional(answer(Listing(key, [sent(one) for one in found])))


@blueprint.post("/annotations")
@described(takes=Draft, answers={201: SENT, 200: SENT})
def create() -> Response:
    """Keep a new note. Doing so again under the same id changes nothing and answers 200."""
    draft = body(Draft)
    id = uuid7() if draft.id is UNSET else draft.id
    return written(apply(Operation(id=id, base=0, set=_fields(draft), tags_add=_tags(draft))))


@blueprint.get("/annotations/<id>")
@described(answers={200: SENT}, problems=(404, 410))
@follows_from_notes
def show(id: str) -> Response:
    """One note."""
    annotation = _live(id)
    return conditional(answer(sent(annotation)), str(annotation.rev))


@blueprint.patch("/annotations/<id>")
@described(takes=Patch, answers={200: SENT}, problems=(404, 410, 412))
def edit(id: str) -> Response:
    """Change some fields of a note."""
    patch = body(Patch)
    standing = _live(id)
    base = _seen(standing)
    return written(apply(_change(id, base, patch, standing)))


@blueprint.put("/annotations/<id>")
@described(takes=Whole, answers={201: SENT, 200: SENT}, problems=(404, 412))
def replace(id: str) -> Response:
    """Make the note say exactly this; what is absent is emptied. Makes it where there is none."""
    whole = body(Whole)
    if whole.id not in (UNSET, id):
        raise Invalid("`id` is not the one in the address.", "id")
    standing = services().store.get(device().account, id)
    if standing is not None and not standing.deleted and request.if_none_match.star_tag:
        raise Problem(412, "changed", "There is a note of this id already.")
    base = _seen(standing)
    if standing is None:
        id = convert({"id": id}, Named).id
        new = Operation(id=id, base=0, set=_fields(whole), tags_add=_tags(whole))
        return written(apply(new))
    if standing.deleted:
        # Back from the trash first, for what comes back has tags of its own to be replaced.
        back = apply(Operation(id=id, set=Fields(url=whole.url), delete=False)).annotation
        assert back is not UNSET
        standing, base = back, back.rev
    return written(apply(_change(id, base, _emptied(whole, standing), standing)))


@blueprint.delete("/annotations/<id>")
@described(answers={204: None}, problems=(404, 412))
def remove(id: str) -> Response:
    """Put a note into the trash. Doing so again changes nothing."""
    standing = services().store.get(device().account, id)
    if standing is None:
        raise _missing()
    if not standing.deleted:
        apply(Operation(id=id, base=_seen(standing), delete=True))
    return Response(status=204)


def apply(operation: Operation) -> Result:
    """Apply one operation of the device that asks. A problem where it is refused."""
    me = device()
    results = services().store.apply(me.account, me.id, [operation])
    services().metrics.applied(results)
    (result,) = results
    if result.status is Status.REJECTED:
        reason = "The note was refused." if result.reason is UNSET else result.reason
        if result.code == "unknown" and result.field is UNSET:
            raise Problem(404, "not-found", reason)
        field = "" if result.field is UNSET else result.field.removeprefix("set.")
        raise Invalid(reason, field)
    return result


def written(result: Result) -> Response:
    """The note as it stands after a write."""
    annotation = result.annotation
    assert annotation is not UNSET
    status = 201 if result.status is Status.CREATED else 200
    response = answer(sent_document(result.document), status)
    response.set_etag(str(annotation.rev))
    if result.status is Status.CREATED:
        response.location = f"{request.script_root}/api/annotations/{annotation.id}"
    return response


def _live(id: str) -> Annotation:
    annotation = services().store.get(device().account, id)
    if annotation is None:
        raise _missing()
    if annotation.deleted:
        raise Problem(410, "deleted", "This note was deleted; it waits in the trash.")
    return annotation


def _missing() -> Problem:
    return Problem(404, "not-found", "There is no note of this id.")


def _seen(standing: Annotation | None) -> int | None:
    """The revision the caller says it has seen. A problem where another one stands."""
    if not request.if_match:
        return None
    if standing is None or not request.if_match.contains(str(standing.rev)):
        raise Problem(
            412, "changed", "The note was changed meanwhile. Fetch it again, then repeat the edit."
        )
    return standing.rev


def _change(id: str, base: int | None, patch: Patch, standing: Annotation) -> Operation:
    tags = standing.tags if patch.tags is UNSET else patch.tags
    return Operation(
        id=id,
        base=base,
        set=_fields(patch),
        tags_add=[tag for tag in tags if tag not in standing.tags],
        tags_remove=[tag for tag in standing.tags if tag not in tags],
    )


def _emptied(whole: Whole, standing: Annotation) -> Patch:
    """The same note with every field said: PUT replaces, PATCH does not."""
    return Patch(
        url=standing.url if whole.url is UNSET else whole.url,
        canonical=None if whole.canonical is UNSET else whole.canonical,
        title="" if whole.title is UNSET else whole.title,
        quote=None if whole.quote is UNSET else whole.quote,
        position=None if whole.position is UNSET else whole.position,
        note="" if whole.note is UNSET else whole.note,
        color=Color.YELLOW if whole.color is UNSET else whole.color,
        created=whole.created,
        conflict_of=None if whole.conflict_of is UNSET else whole.conflict_of,
        extra=None if whole.extra is UNSET else whole.extra,
        tags=[] if whole.tags is UNSET else whole.tags,
    )


def _fields(patch: Patch) -> Fields:
    return Fields(**{name: getattr(patch, name) for name in Fields.__struct_fields__})


def _tags(patch: Patch) -> list[str]:
    return [] if patch.tags is UNSET else patch.tags
