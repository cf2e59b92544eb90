"""Conflicts: notes edited on two devices at once, of which both texts were kept."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from msgspec import UNSET, Struct
from werkzeug.wrappers import Response as BaseResponse

from server.auth import device
from server.current import services
from server.errors import Problem
from server.library.changing import apply
from server.library.difference import Run, difference
from server.library.reading import Turn
from server.wire import query
from store.model import Annotation, Fields, Operation

CONFLICTS_AT_ONCE = 10

blueprint = Blueprint("settling", __name__)


class Conflict(Struct, frozen=True):
    """A copy beside its note, each text in runs; `note` is None where it was deleted since."""

    copy: Annotation
    note: Annotation | None
    note_says: list[Run]
    copy_says: list[Run]


@blueprint.get("/conflicts")
def conflicts() -> Response:
    """Every note of which there are two texts."""
    copies = services().store.conflicts(device().account)
    last = max(1, -(-len(copies) // CONFLICTS_AT_ONCE))
    here = min(query(Turn).page, last)
    shown = copies[(here - 1) * CONFLICTS_AT_ONCE : here * CONFLICTS_AT_ONCE]
    html = render_template(
        "conflicts.html",
        conflicts=[_conflict(copy) for copy in shown],
        total=len(copies),
        here=here,
        last=last,
    )
    return Response(html)


@blueprint.post("/conflicts/<id>")
def settle(id: str) -> BaseResponse:
    """Keep the note's text, the copy's, or both. What is not kept goes into the trash."""
    copy = services().store.get(device().account, id)
    if copy is None or copy.deleted or copy.conflict_of is UNSET:
        raise Problem(404, "not-found", "This conflict was settled already.")
    keep = request.form.get("keep")
    drop = Operation(id=id, base=copy.rev, delete=True)
    deleted = None
    if keep == "note":
        apply(drop)
        deleted = id
    elif keep == "copy":
        # One after the other in one write: the copy goes only with its text taken over.
        apply(Operation(id=copy.conflict_of, set=Fields(note=copy.note)), drop)
    elif keep == "both":
        apply(Operation(id=id, base=copy.rev, set=Fields(conflict_of=None)))
    else:
        raise Problem(422, "invalid", "Say which text to keep: note, copy or both.", field="keep")
    return redirect(url_for("library.settling.conflicts", deleted=deleted), 303)


def _conflict(copy: Annotation) -> Conflict:
    assert copy.conflict_of is not UNSET
    note = services().store.get(device().account, copy.conflict_of)
    if note is None or note.deleted:
        return Conflict(copy, None, [], [Run(copy.note, own=False)])
    note_says, copy_says = difference(note.note, copy.note)
    return Conflict(copy, note, note_says, copy_says)
