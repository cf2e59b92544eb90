"""Containers: all notes of an account, and those of one page (section 4 of the protocol).

A container says how many annotations it holds and where its first page is. Its pages hold either
their IRIs or all of them; `iris=1` and `iris=0` tell the two apart, as section 4.1.3 recommends.
The account's notes go by their ids, which sort by age: what is new comes last, and a client that
turns pages meanwhile misses nothing. Those of a page are in reading order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from flask import Blueprint, Response, request
from msgspec import Meta, Struct
from werkzeug.exceptions import MethodNotAllowed

from server.auth import device
from server.current import services
from server.errors import Problem
from server.formats import w3c
from server.formats.w3c_foreign import CONTEXT
from server.remembered import Remembered
from server.w3c.iris import annotation_iri, container_iri, key_of, name_of
from server.w3c.negotiation import Extent, media_type, preferred
from server.w3c.writing import created
from server.wire import conditional, query
from store import model
from store.answers import Cursor
from store.model import Annotation, Url
from store.page_key import believed_canonical, page_key

blueprint = Blueprint("containers", __name__)

PER_PAGE = {Extent.IRIS: 1000, Extent.DESCRIPTIONS: 50}
CONTEXTS = [CONTEXT, "http://www.w3.org/ns/ldp.jsonld"]


class Part(Struct, frozen=True):
    """Which representation: `iris=1` for IRIs alone, `iris=0` for descriptions; `page` of them."""

    iris: Annotated[int, Meta(ge=0, le=1)] | None = None
    page: Annotated[int, Meta(ge=0, le=2**31)] | None = None


class OfPage(Struct, frozen=True):
    """A page's address, and what it says of itself (rel=canonical)."""

    url: Url
    canonical: str | None = None


@blueprint.get("/")
def all_notes() -> Response:
    """Every note of the account."""
    store, account = services().store, device().account
    cursor = store.cursor(account)
    ids = _ids.get((account, cursor))
    if ids is None:
        manifest = store.manifest(account)
        cursor, ids = manifest.cursor, [id for id, _ in manifest.versions]
        _ids.keep((account, cursor), ids)
    return _answer(_All(ids), "", "Postil", cursor)


@blueprint.post("/")
def create() -> Response:
    """A new note (section 5.1)."""
    return _created("")


@blueprint.get("/pages/")
def find() -> Response:
    """The container of a page, by its address: discovery, as in section 4.2."""
    asked = query(OfPage)
    key = page_key(asked.url)
    if (canonical := believed_canonical(asked.url, asked.canonical)) is not None:
        keys = [key, page_key(canonical)]
        notes = services().store.on_page(device().account, keys)
        key = key if any(note.page == key for note in notes) else keys[1]
    container = container_iri(name_of(key))
    response = Response(status=303)
    response.location = container
    response.headers["Link"] = f'<{container}>; rel="http://www.w3.org/ns/oa#annotationService"'
    return response


@blueprint.get("/pages/<page>/")
def on_page(page: str) -> Response:
    """The notes of one page, under whichever of its addresses they were made."""
    key = key_of(page)
    cursor = services().store.cursor(device().account)
    notes = services().store.on_page(device().account, [key])
    return _answer(_OnPage(notes), page, _title(notes) or key, cursor)


@blueprint.post("/pages/<page>/")
def create_on_page(page: str) -> Response:
    """A new note on that page."""
    key_of(page)
    return _created(page)


def _created(page: str) -> Response:
    if "page" in request.args:
        raise MethodNotAllowed()  # a page of a container is none itself
    return created(page)


class _All:
    """The notes of an account, fetched as they are needed."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = ids

    def notes(self, begin: int, end: int) -> list[Annotation]:
        store, account = services().store, device().account
        found = [store.get(account, id) for id in self.ids[begin:end]]
        return [note for note in found if note is not None and not note.deleted]


class _OnPage:
    """The notes of a page, which come together."""

    def __init__(self, notes: list[Annotation]) -> None:
        self.ids = [note.id for note in notes]
        self._notes = notes

    def notes(self, begin: int, end: int) -> list[Annotation]:
        return self._notes[begin:end]


_ids = Remembered[tuple[str, Cursor], Sequence[str]](
    16 * 1024 * 1024, lambda key, ids: 100 * len(ids) + 500
)


def _answer(held: _All | _OnPage, page: str, label: str, cursor: Cursor) -> Response:
    type, part = media_type(), query(Part)
    if part.iris is None:
        extent = (preferred() if part.page is None else None) or Extent.DESCRIPTIONS
    else:
        extent = Extent.IRIS if part.iris else Extent.DESCRIPTIONS
    base = container_iri(page)
    if part.page is None:
        document = _container(base, extent, label, len(held.ids))
    else:
        document = _page(held, page, extent, label, part.page)
    response = Response(model.encode(document), content_type=type)
    response.headers["Content-Location"] = document["id"]
    if part.iris is None and part.page is None and preferred() is not None:
        response.headers["Preference-Applied"] = "return=representation"
    form = "json" if type == "application/json" else "ld"
    # Whatever changes a note moves the cursor; the address stands in the answer.
    number = "" if part.page is None else f"-{part.page}"
    return conditional(response, f"{cursor}-{extent}{number}-{form}")


def _title(notes: list[Annotation]) -> str:
    return next((note.title for note in notes if note.title), "")


def _container(base: str, extent: Extent, label: str, total: int) -> dict[str, Any]:
    shown = Extent.DESCRIPTIONS if extent is Extent.MINIMAL else extent
    document: dict[str, Any] = {
        "@context": CONTEXTS,
        "id": base if extent is Extent.MINIMAL else _collection_iri(base, extent),
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": label,
        "total": total,
    }
    if total:
        document["first"] = _page_iri(base, shown, 0)
        document["last"] = _page_iri(base, shown, (total - 1) // PER_PAGE[shown])
    return document


def _page(
    held: _All | _OnPage, page: str, extent: Extent, label: str, number: int
) -> dict[str, Any]:
    base, size, total = container_iri(page), PER_PAGE[extent], len(held.ids)
    begin, end = number * size, (number + 1) * size
    if begin >= total:
        raise Problem(404, "not-found", f"There is no page {number} in this container.")
    items: list[Any]
    if extent is Extent.IRIS:
        items = [annotation_iri(id, page) for id in held.ids[begin:end]]
    else:
        notes = held.notes(begin, end)
        items = [w3c.document(note, annotation_iri(note.id, page), exact=False) for note in notes]
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "id": _page_iri(base, extent, number),
        "type": "AnnotationPage",
        "partOf": {"id": _collection_iri(base, extent), "label": label, "total": total},
        "startIndex": begin,
    }
    if number:
        document["prev"] = _page_iri(base, extent, number - 1)
    if end < total:
        document["next"] = _page_iri(base, extent, number + 1)
    return document | {"items": items}


def _collection_iri(base: str, extent: Extent) -> str:
    return f"{base}?iris={int(extent is Extent.IRIS)}"


def _page_iri(base: str, extent: Extent, number: int) -> str:
    return f"{_collection_iri(base, extent)}&page={number}"
