"""One annotation: section 3 of the protocol, and updating and deleting as in 5.3 and 5.4."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from msgspec import UNSET

from server.api.annotations import apply
from server.auth import device
from server.current import services
from server.errors import Problem
from server.w3c.iris import key_of
from server.w3c.negotiation import media_type
from server.w3c.writing import replacement, shown
from server.wire import conditional
from store.model import Annotation, Operation

blueprint = Blueprint("annotations", __name__)


@blueprint.get("/<uuid:id>")
@blueprint.get("/pages/<page>/<uuid:id>")
def show(id: UUID, page: str = "") -> Response:
    """One note as an Annotation."""
    type = media_type()
    note = _standing(str(id), page)
    return conditional(shown(note, page, type), str(note.rev))


@blueprint.put("/<uuid:id>")
@blueprint.put("/pages/<page>/<uuid:id>")
def replace(id: UUID, page: str = "") -> Response:
    """Make the note say what the document says, and nothing else."""
    type = media_type()
    standing = _standing(str(id), page)
    if not request.if_match:
        raise Problem(
            428,
            "precondition-required",
            "Say with `If-Match` which state of the annotation is to be replaced: its ETag.",
        )
    _require_match(standing)
    result = apply(replacement(standing, page))
    assert result.annotation is not UNSET
    response = shown(result.annotation, page, type)
    response.set_etag(str(result.annotation.rev))
    return response


@blueprint.delete("/<uuid:id>")
@blueprint.delete("/pages/<page>/<uuid:id>")
def remove(id: UUID, page: str = "") -> Response:
    """Put the note into the trash, and out of its containers."""
    standing = _standing(str(id), page)
    if request.if_match:
        _require_match(standing)
    apply(Operation(id=str(id), base=standing.rev, delete=True))
    return Response(status=204)


def _standing(id: str, page: str) -> Annotation:
    note = services().store.get(device().account, id)
    if note is not None and note.deleted:
        raise Problem(410, "deleted", "This annotation was deleted; it waits in the trash.")
    if note is None or (page and not _is_on(note, key_of(page))):
        raise Problem(404, "not-found", "There is no annotation of this IRI.")
    return note


def _is_on(note: Annotation, key: str) -> bool:
    """Whether a note is in a page's container, be it by another of the page's addresses."""
    if note.page == key:
        return True
    return any(note.id == one.id for one in services().store.on_page(device().account, [key]))


def _require_match(standing: Annotation) -> None:
    if not request.if_match.contains(str(standing.rev)):
        raise Problem(
            412,
            "changed",
            "The annotation was changed meanwhile. Fetch it again, then repeat the edit.",
        )
