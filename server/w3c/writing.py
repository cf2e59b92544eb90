"""A document that a client sends -> an operation, and a note -> the document it is answered with.

What an annotation says and a note has no field for is kept under `extra` and given back unchanged
(`server.formats.w3c_foreign`); what is more than `extra` holds is refused, since a client would
rather know than lose it.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import msgspec
from flask import Response, request
from msgspec import UNSET

from server.api.annotations import apply
from server.auth import device
from server.current import services
from server.errors import Problem
from server.formats import w3c
from server.formats.w3c_foreign import CONTEXT
from server.formats.w3c_understood import listed, names
from server.ids import uuid7
from server.w3c.iris import annotation_iri, key_of
from server.w3c.negotiation import media_type
from server.wire import lenient
from store import model
from store.model import MAX_EXTRA, Annotation, Invalid, Operation
from store.page_key import page_key

_TYPES = frozenset({"application/ld+json", "application/json"})
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def created(page: str) -> Response:
    """Keep what was sent as a new note of a container: 201, whatever id it came with."""
    type = media_type()
    document = _sent()
    found = w3c.understood(document, cut=False)
    _require_page(found.url, page)
    id = _new_id(found)
    given = document.get("id", document.get("@id"))
    if isinstance(given, str) and given != annotation_iri(id, page):
        found = _with_via(found, given)
    result = apply(_operation(id, 0, _fields(found), found))
    note = result.annotation
    assert note is not UNSET
    response = shown(note, page, type)
    response.status_code = 201
    response.set_etag(str(note.rev))
    response.location = annotation_iri(note.id, page)
    return response


def replacement(standing: Annotation, page: str) -> Operation:
    """What makes a note say what was sent (section 5.3)."""
    document = _sent()
    iri = annotation_iri(standing.id, page)
    given = document.get("id", document.get("@id", iri))
    if given not in (iri, annotation_iri(standing.id), f"urn:uuid:{standing.id}"):
        raise Problem(409, "not-yours", "An annotation's `id` cannot be changed.", field="id")
    kept = {} if standing.extra is UNSET else standing.extra.get("w3c")
    canonical = kept.get("canonical") if isinstance(kept, dict) else None
    if canonical is not None and document.setdefault("canonical", canonical) != canonical:
        sentence = "An annotation's `canonical` cannot be changed."
        raise Problem(409, "not-yours", sentence, field="canonical")
    found = w3c.understood({**document, "id": f"urn:uuid:{standing.id}"}, cut=False)
    _require_page(found.url, page)
    emptied = {"canonical": None, "conflict_of": None, "extra": None, "color": "yellow"}
    fields = emptied | _fields(found)
    return _operation(standing.id, standing.rev, fields, found, standing.tags)


def shown(note: Annotation, page: str, type: str) -> Response:
    """A note as it is answered."""
    iri = annotation_iri(note.id, page)
    document = w3c.with_context(w3c.document(note, iri, exact=False))
    response = Response(model.encode(document), content_type=type)
    response.headers["Content-Location"] = iri
    return response


def _sent() -> dict[str, Any]:
    """The document in the request. A problem with 400, 415 or 422 for what is none."""
    if request.mimetype not in _TYPES:
        sentence = "Send an annotation, with `Content-Type: application/ld+json`."
        raise Problem(415, "not-json", sentence)
    data = request.get_data()
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        document = lenient(data)
    if not isinstance(document, dict):
        raise Invalid("This is not an annotation: an annotation is a JSON object.")
    try:
        document = model.convert(document, dict[str, Any])  # held to what can be kept at all
    except RecursionError:
        raise Invalid("This is nested too deeply.") from None
    context = document.get("@context", CONTEXT)
    if CONTEXT not in listed(context):
        sentence = f"Only annotations in the context {CONTEXT} are understood here."
        raise Problem(415, "unknown-context", sentence, field="@context")
    kinds = names(document.get("type", document.get("@type")))
    if "Annotation" not in kinds:
        sentence = "This is not an Annotation: its `type` does not say so."
        raise Problem(415, "no-annotation", sentence, field="type")
    return document


def _require_page(url: str, page: str) -> None:
    if page and page_key(url) != key_of(page):
        raise Problem(
            409,
            "elsewhere",
            "The target is on another page than this container's. Use that page's container, "
            "or `/w3c/`.",
            field="target",
        )


def _new_id(found: w3c.Understood) -> str:
    """A name for a new note: what `Slug` suggests, or what it was called before, if that is a UUID
    nobody had; else a new one."""
    slug = unquote(request.headers.get("Slug", "")).strip().strip('"').lower()
    for id in (slug, found.id):
        if _ID.fullmatch(id) and services().store.get(device().account, id) is None:
            return id
    return uuid7()


def _with_via(found: w3c.Understood, given: str) -> w3c.Understood:
    """The same with what it was called before among its `via` (section 5.1)."""
    extra = dict(found.extra or {})
    kept = extra.get("w3c")
    kept = dict(kept) if isinstance(kept, dict) else {}
    via = list(dict.fromkeys([given, *(one for one in listed(kept.get("via")) if one)]))
    kept["via"] = via if len(via) > 1 else given
    return msgspec.structs.replace(found, extra={**extra, "w3c": kept})


def _fields(found: w3c.Understood) -> dict[str, Any]:
    fields = {
        "url": found.url,
        "canonical": found.canonical or None,
        "title": found.title,
        "quote": None if found.quote is None else msgspec.to_builtins(found.quote),
        "position": None if found.position is None else msgspec.to_builtins(found.position),
        "note": found.note,
        "color": found.color,
        "created": found.created or None,
        "conflict_of": found.conflict_of or None,
        "extra": found.extra,
    }
    always = ("quote", "position")
    return {name: said for name, said in fields.items() if said is not None or name in always}


def _operation(
    id: str,
    base: int,
    fields: dict[str, Any],
    found: w3c.Understood,
    standing: list[str] | None = None,
) -> Operation:
    if len(model.encode(fields.get("extra"))) > MAX_EXTRA:
        raise Problem(
            413,
            "too-large",
            "What this annotation says beyond its text, its place and its tags is over 16 KiB.",
        )
    tags = standing or []
    said = {
        "id": id,
        "base": base,
        "set": fields,
        "tags_add": [tag for tag in found.tags if tag not in tags],
        "tags_remove": [tag for tag in tags if tag not in found.tags],
    }
    try:
        return model.convert(said, Operation)
    except Invalid as invalid:
        field = invalid.field.removeprefix("set.")
        raise Invalid(str(invalid).replace(f"`{invalid.field}`", f"`{field}`"), field) from None
