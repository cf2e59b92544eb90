"""Notes as W3C Web Annotations (Web Annotation Data Model, Recommendation of 2017-02-23).

One AnnotationCollection whose first and only AnnotationPage carries all of them, written as it
goes; and one Annotation read as the fields of a note. Whatever a note holds goes out in a form that
comes back the same. Files around this one: `w3c_own` says what Postil knows, `w3c_understood` what
others say, `w3c_foreign` keeps what only they know, `w3c_reading` takes whole files apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid5

from msgspec import UNSET, Struct
from msgspec.structs import replace

from server.formats import w3c_foreign as foreign
from server.formats import w3c_own as own
from server.formats.w3c_foreign import CONTEXT
from server.formats.w3c_iri import iri
from server.formats.w3c_own import Json
from server.formats.w3c_understood import Target, listed, names, said_in, target_of, time_of
from server.formats.writing import json_list
from store import model
from store.model import Annotation, Color, Invalid, Position, Quote
from store.page_key import believed_canonical, page_key

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


def export(epoch: str, account: str, annotations: Iterable[Annotation]) -> Iterator[bytes]:
    """An AnnotationCollection as JSON-LD, in chunks; cut short, it does not parse."""
    collection, page = _collection_ids(epoch, account)
    head = {
        "@context": CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "label": "Postil",
        "last": page,
        "first": {"id": page, "type": "AnnotationPage", "partOf": collection, "startIndex": 0},
    }
    begin = model.encode(head)[:-2] + b',"items":['
    yield from json_list(begin, map(document, annotations), b']},"total":%d}\n')


def document(annotation: Annotation, id: str = "", *, exact: bool = True) -> Json:
    """One note as an Annotation, under its UUID or another IRI.

    It has a `@context` only where it was made in one of its own; `with_context` gives it the usual.
    `exact`: what foreign parts no longer say after the reader's own edits is in it all the same,
    so that reading it gives the very same record.
    """
    plain = _plain(annotation, id)
    extra = annotation.extra
    if extra is UNSET:
        return plain
    whole = foreign.given_back(plain, annotation)
    if (rest := {name: extra[name] for name in extra if name != foreign.KEY}) or not extra:
        whole[own.EXTRA] = foreign.as_json(rest)
    if exact and _extra(whole, annotation) != extra:
        whole[own.EXTRA] = foreign.as_json(extra)
    return whole


def with_context(document: Json) -> Json:
    """An annotation that stands alone."""
    return document if "@context" in document else {"@context": CONTEXT, **document}


class Understood(Struct, frozen=True, gc=False):
    """An annotation as the fields of a note, held to no limit yet but that of `extra`.

    `id` is its UUID where it is one of a note's kind, else '', and then `iri` is what it was called
    where it comes from; `created` and `modified` are '' where it does not say.
    """

    id: str
    iri: str
    url: str
    canonical: str
    title: str
    quote: Quote | None
    position: Position | None
    note: str
    tags: list[str]
    color: Color | None
    created: str
    modified: str
    conflict_of: str
    extra: Json | None


def understood(value: Any, *, cut: bool = True) -> Understood:
    """What an annotation says, with what is foreign in it under `extra`.

    Raises `Invalid` with a sentence and the property to blame for what is no annotation of a page.
    `cut`: the largest foreign parts are left out where they are more than a record may hold.
    """
    try:
        return _understood(value, cut)
    except UnicodeEncodeError:
        raise Invalid("This contains half a surrogate pair, which is not text.") from None
    except RecursionError:
        raise Invalid("This is nested too deeply.") from None


def _understood(value: Any, cut: bool) -> Understood:
    if not isinstance(value, dict):
        raise Invalid("This is not an annotation: an annotation is a JSON object.")
    kinds = names(value.get("type", value.get("@type")))
    if kinds and "Annotation" not in kinds:
        raise Invalid(f"This is not an annotation but of type `{kinds[0][:80]}`.", "type")
    target = target_of(value.get("target"))
    if target is None:
        raise Invalid("`target` names no page: there is no address in it.", "target")
    target = _exact(target, value)
    motivations = names(value.get("motivation"))
    said = [said_in(body, motivations) for body in listed(value.get("body"))]
    if isinstance(text := value.get("bodyValue"), str):
        said.append(said_in({"type": "TextualBody", "value": text}, motivations))
    id = value.get("id", value.get("@id"))
    iri = id if isinstance(id, str) else ""
    uuid = _OWN_ID.fullmatch(iri)
    conflict = _OWN_ID.fullmatch(str(value.get(own.CONFLICT, "")))
    made = Understood(
        id=uuid[1] if uuid else "",
        iri="" if uuid else iri,
        url=target.url,
        canonical=target.canonical,
        title=target.title,
        quote=target.quote,
        position=target.position,
        note=foreign.text_of(said),
        tags=foreign.tags_of(said),
        color=target.color,
        created=time_of(value.get("created")),
        modified=time_of(value.get("modified")),
        conflict_of=conflict[1] if conflict else "",
        extra=None,
    )
    shadow = _shadow(made)
    kept = foreign.kept_of(value, _plain(shadow, ""), shadow)
    if made.iri and made.iri not in listed(kept.get("via")):
        via = [made.iri, *listed(kept.get("via"))]
        kept["via"] = via if len(via) > 1 else via[0]
    extra = foreign.of_json(value.get(own.EXTRA))
    if kept and (extra is None or foreign.KEY not in extra):
        extra = {**(extra or {}), foreign.KEY: foreign.fitting(kept) if cut else kept}
    return replace(made, extra=extra)


def _plain(annotation: Annotation, id: str) -> Json:
    """What Postil itself says."""
    said: Json = {
        "id": id or f"urn:uuid:{annotation.id}",
        "type": "Annotation",
        "motivation": own.motivation(annotation.note, annotation.tags, annotation.quote),
        "created": annotation.created,
        "modified": annotation.updated,
    }
    if bodies := own.bodies(annotation):
        said["body"] = bodies
    said["target"] = target = own.target(annotation)
    if isinstance(target, dict):
        said["stylesheet"] = own.stylesheet(annotation.color)
    return said | own.beside(annotation)


def _extra(document: Json, annotation: Annotation) -> Json | None:
    """What a reader of this document would keep under `extra`."""
    try:
        return understood({**document, "id": f"urn:uuid:{annotation.id}"}).extra
    except Invalid:
        return None


def _exact(target: Target, value: Json) -> Target:
    """The target with the addresses that were no IRIs as they stood."""
    url, canonical = value.get(own.URL), value.get(own.CANONICAL)
    if url is None and canonical is None:
        return target
    if not (isinstance(url, str) and _iri_of(url) == target.url):
        url = target.url
    if not (isinstance(canonical, str) and (_iri_of(canonical) or None) == target.canonical):
        canonical = target.canonical
    return replace(target, url=url, canonical=canonical)


def _iri_of(url: str) -> str:
    try:
        return iri(url)
    except ValueError:
        return ""


def _shadow(made: Understood) -> Annotation:
    """The record that will be made of it, as far as writing it again goes. Raises `Invalid`."""
    try:
        page_key(made.url)
        canonical = made.canonical and believed_canonical(made.url, made.canonical)
    except Invalid as error:
        raise Invalid(str(error), "target") from None
    return Annotation(
        id="",
        url=made.url,
        page="",
        title=made.title,
        quote=made.quote,
        position=made.position,
        note=made.note,
        tags=made.tags,
        color=made.color or Color.YELLOW,
        created=made.created,
        updated=made.modified,
        device="",
        rev=0,
        canonical=canonical or UNSET,
        conflict_of=made.conflict_of or UNSET,
    )


def _collection_ids(epoch: str, account: str) -> tuple[str, str]:
    """The same store and account always make the same collection."""
    collection = uuid5(UUID(epoch), account)
    return f"urn:uuid:{collection}", f"urn:uuid:{uuid5(collection, 'first')}"


_OWN_ID = re.compile(
    r"(?:urn:uuid:|https?://[^?#]+/w3c/(?:pages/[\w-]+/)?)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
