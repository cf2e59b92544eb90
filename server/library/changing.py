"""What a reader does to notes in the library. Every form posts an operation, as a device would."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, redirect, render_template, request, url_for
from msgspec import UNSET
from werkzeug.wrappers import Response as BaseResponse

from server.auth import device
from server.current import services
from server.errors import Problem
from server.library.returning import there, whence
from store.clock import now
from store.model import (
    Annotation,
    Color,
    Fields,
    Invalid,
    Operation,
    Status,
    Tags,
    convert,
)

blueprint = Blueprint("changing", __name__)

TRASH_AT_ONCE = 50


@blueprint.get("/notes/<id>")
def note(id: str) -> Response:
    """One note, to be edited."""
    shown = _live(id)
    html = render_template(
        "edit.html", note=shown, colors=Color, was=_digest(shown.note), back=whence()
    )
    return Response(html)


@blueprint.post("/notes/<id>")
def save(id: str) -> BaseResponse:
    """Take over what the reader changed, on top of what they had seen.

    A form brings everything it showed. What comes back as it was is not an edit, or a colour chosen
    here would undo the text that another device wrote meanwhile. An edit beats a deletion that
    its writer had not seen.
    """
    standing, form = _known(id), request.form
    fields: dict[str, str] = {}
    if _digest(form.get("note", "")) != form.get("note_was"):
        fields["note"] = form.get("note", "").replace("\r\n", "\n")
    if form.get("color") != form.get("color_was"):
        fields["color"] = form.get("color", standing.color)
    kept = form.getlist("tag")
    added = convert(typed_tags(form.get("tags", "")), Tags)
    removed = [tag for tag in form.getlist("tag_was") if tag not in kept]
    if standing.deleted and not (fields or added or removed):
        raise _in_trash()
    apply(
        Operation(
            id=id,
            base=_seen(standing),
            set=convert(fields, Fields),
            tags_add=added,
            tags_remove=removed,
        )
    )
    return _back(f"note-{id}")


@blueprint.post("/notes/<id>/delete")
def delete(id: str) -> BaseResponse:
    """Into the trash; the page that follows offers to undo it."""
    apply(Operation(id=id, base=_seen(_live(id)), delete=True))
    return _back("", deleted=id)


@blueprint.post("/notes/<id>/restore")
def restore(id: str) -> BaseResponse:
    """Out of the trash."""
    apply(Operation(id=id, delete=False))
    return _back(f"note-{id}")


@blueprint.get("/trash")
def trash() -> Response:
    """What was deleted and can be brought back."""
    page = services().store.trash(
        device().account, TRASH_AT_ONCE, request.args.get("cursor") or None
    )
    return Response(render_template("trash.html", page=page, now=now()))


@blueprint.post("/trash/empty")
def empty_trash() -> BaseResponse:
    """Forget for good all that was in the trash when its page was shown."""
    services().store.empty_trash(device().account, request.form.get("before") or None)
    return redirect(url_for("library.changing.trash"), 303)


def _known(id: str) -> Annotation:
    found = services().store.get(device().account, id)
    if found is None:
        raise Problem(404, "not-found", "There is no such note.")
    return found


def _live(id: str) -> Annotation:
    found = _known(id)
    if found.deleted:
        raise _in_trash()
    return found


def _in_trash() -> Problem:
    return Problem(410, "deleted", "This note is in the trash; it can be restored there.")


def _seen(standing: Annotation) -> int:
    """The revision the reader had before them: edited since by another, both texts are kept."""
    given = request.form.get("rev", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 17 else standing.rev


def _digest(note: str) -> str:
    """A note's text as a browser sends it back if nobody touched it: it changes line ends."""
    same = note.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()


def typed_tags(text: str) -> list[str]:
    """Tags as they are typed: one a comma."""
    tags = (" ".join(tag.split()) for tag in text.split(","))
    return list(dict.fromkeys(tag for tag in tags if tag))


def apply(*operations: Operation) -> None:
    """Apply operations of this session, as one write. Raises `Invalid` for one refused."""
    me = device()
    results = services().store.apply(me.account, me.id, operations)
    services().metrics.applied(results)
    for result in results:
        if result.status is Status.REJECTED:
            reason = "" if result.reason is UNSET else result.reason
            raise Invalid(reason, "" if result.field is UNSET else result.field)


def _back(anchor: str, deleted: str | None = None) -> BaseResponse:
    return redirect(there(anchor, deleted=deleted), 303)
