"""Notes as W3C Web Annotations (Web Annotation Data Model, Recommendation of 2017-02-23).

One AnnotationCollection whose first and only AnnotationPage carries all of them, written as it
goes. What the model's sections ask and is easily got wrong: an IRI holds no space; an annotation
with nothing to say has no `body` at all, for an empty list is not one; a style class means nothing
without a `stylesheet`; times carry a zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid5

from ada_url import URL

from store import model
from store.model import Annotation, Color

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
CONTEXT = "http://www.w3.org/ns/anno.jsonld"

_CHUNK = 64 * 1024
_HUES = {
    Color.YELLOW: "#fff0a3",
    Color.GREEN: "#c9f0c1",
    Color.BLUE: "#c4e3fb",
    Color.PINK: "#fcd0df",
    Color.PURPLE: "#e2d3f8",
}


def export(epoch: str, account: str, annotations: Iterable[Annotation]) -> Iterator[bytes]:
    """An AnnotationCollection as JSON-LD, in chunks.

    The closing brackets come last and only after everything went well: what was cut short by an
    error or a dropped connection never parses as a smaller collection.
    """
    collection, page = _collection_ids(epoch, account)
    head = {
        "@context": CONTEXT,
        "id": collection,
        "type": "AnnotationCollection",
        "label": "Postil",
        "last": page,
        "first": {"id": page, "type": "AnnotationPage", "partOf": collection, "startIndex": 0},
    }
    buffer = bytearray(model.encode(head)[:-2] + b',"items":[')
    total = 0
    for annotation in annotations:
        buffer += b",\n" if total else b"\n"
        buffer += model.encode(document(annotation))
        total += 1
        if len(buffer) > _CHUNK:
            yield bytes(buffer)
            buffer.clear()
    buffer += b']},"total":%d}\n' % total
    yield bytes(buffer)


def document(annotation: Annotation) -> dict[str, Any]:
    """One note as an Annotation, without its `@context`."""
    said: dict[str, Any] = {
        "id": f"urn:uuid:{annotation.id}",
        "type": "Annotation",
        "motivation": _motivation(annotation),
        "created": annotation.created,
        "modified": annotation.updated,
    }
    if bodies := _bodies(annotation):
        said["body"] = bodies
    said["target"] = _target(annotation)
    if annotation.quote is not None:
        said["stylesheet"] = _STYLESHEETS[annotation.color]
    return said


def iri(url: str) -> str:
    """A URL as an IRI (RFC 3987): what is not allowed in one is percent-encoded."""
    match = _IRI.fullmatch(URL(url).href)
    assert match is not None
    before, path, fragment = match.groups()
    return (
        _escaped(before, _NEVER)
        + _escaped(path, _NOT_PAST_HOST)
        + ("#" + _escaped(fragment, _NOT_PAST_HOST) if fragment is not None else "")
    )


def _motivation(annotation: Annotation) -> str:
    if annotation.note:
        return "commenting"
    if annotation.tags:
        return "tagging"
    return "highlighting" if annotation.quote is not None else "bookmarking"


def _bodies(annotation: Annotation) -> list[dict[str, str]]:
    bodies = []
    if annotation.note:
        bodies.append(
            {
                "type": "TextualBody",
                "value": annotation.note,
                "format": "text/markdown",
                "purpose": "commenting",
            }
        )
    for tag in annotation.tags:
        bodies.append({"type": "TextualBody", "value": tag, "purpose": "tagging"})
    return bodies


def _target(annotation: Annotation) -> str | dict[str, Any]:
    source = iri(annotation.url)
    quote, position = annotation.quote, annotation.position
    if quote is None:
        return source
    text = {"type": "TextQuoteSelector", "exact": quote.exact}
    if quote.prefix:
        text["prefix"] = quote.prefix
    if quote.suffix:
        text["suffix"] = quote.suffix
    selectors: list[dict[str, Any]] = [text]
    if position is not None:
        selectors.append(
            {"type": "TextPositionSelector", "start": position.start, "end": position.end}
        )
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": source,
        "styleClass": f"postil-{annotation.color}",
        "selector": selectors,
    }
    if annotation.title:
        target["dcterms:title"] = annotation.title
    return target


def _collection_ids(epoch: str, account: str) -> tuple[str, str]:
    """The same store and account always make the same collection."""
    collection = uuid5(UUID(epoch), account)
    return f"urn:uuid:{collection}", f"urn:uuid:{uuid5(collection, 'first')}"


_IRI = re.compile(r"([a-z][a-z0-9+.-]*:(?://[^/?#]*)?)([^#]*)(?:#(.*))?", re.DOTALL)
_STRAY_PERCENT = r"%(?![0-9A-Fa-f]{2})"
_ALLOWED = (
    r"A-Za-z0-9\-._~:/?@!$&'()*+,;=%"
    "\u00a0-\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
)
_NEVER = re.compile(rf"{_STRAY_PERCENT}|[^{_ALLOWED}\[\]]")
_NOT_PAST_HOST = re.compile(rf"{_STRAY_PERCENT}|[^{_ALLOWED}]")


def _escaped(text: str, forbidden: re.Pattern[str]) -> str:
    return forbidden.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


_STYLESHEETS = {
    color: {
        "type": "CssStylesheet",
        "format": "text/css",
        "value": f".postil-{color} {{ background-color: {hue}; }}",
    }
    for color, hue in _HUES.items()
}
