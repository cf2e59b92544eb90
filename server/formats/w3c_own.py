"""The parts of a Web Annotation that say what Postil knows of a note, in Postil's own words.

What the Data Model asks and is easily got wrong: an IRI holds no space; an annotation with nothing
to say has no `body` at all, for an empty list is not one; a style class belongs to a Specific
Resource and means nothing without a `stylesheet`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET

from server.formats.w3c_iri import iri
from store.model import Annotation, Color, Position, Quote

Json = dict[str, Any]

URL = "urn:postil:url"
CANONICAL = "urn:postil:canonical"
CONFLICT = "urn:postil:conflict_of"
EXTRA = "urn:postil:extra"
DROPPED = "urn:postil:dropped"
"""Properties of our own: each has a string for its value and an IRI for its name, so that any
processor of JSON-LD keeps it and none has to understand it."""

TITLE = "dcterms:title"

_HUES = {
    Color.YELLOW: "#fff0a3",
    Color.GREEN: "#c9f0c1",
    Color.BLUE: "#c4e3fb",
    Color.PINK: "#fcd0df",
    Color.PURPLE: "#e2d3f8",
}


def motivation(note: str, tags: Sequence[str], quote: Quote | None) -> str:
    """What the reader did (section 3.3.5)."""
    if note:
        return "commenting"
    if tags:
        return "tagging"
    return "highlighting" if quote is not None else "bookmarking"


def note_body(note: str) -> Json:
    """The reader's text (section 3.2.4)."""
    return {
        "type": "TextualBody",
        "value": note,
        "format": "text/markdown",
        "purpose": "commenting",
    }


def tag_body(tag: str) -> Json:
    """One tag."""
    return {"type": "TextualBody", "value": tag, "purpose": "tagging"}


def bodies(annotation: Annotation) -> list[Json]:
    """Text and tags; an empty list stands for no `body`."""
    texts = [note_body(annotation.note)] if annotation.note else []
    return texts + [tag_body(tag) for tag in annotation.tags]


def target(annotation: Annotation) -> str | Json:
    """The passage, or the page alone where there is no more to say of it (sections 3.2 and 4)."""
    source: str | Json = iri(annotation.url)
    if annotation.canonical is not UNSET:
        source = {"id": source, "canonical": iri(annotation.canonical)}
    selectors = _selectors(annotation.quote, annotation.position)
    plain = annotation.color is Color.YELLOW and not annotation.title
    if not selectors and plain and isinstance(source, str):
        return source
    said: Json = {
        "type": "SpecificResource",
        "source": source,
        "styleClass": style_class(annotation.color),
    }
    if selectors:
        said["selector"] = selectors
    if annotation.title:
        said[TITLE] = annotation.title
    return said


def style_class(color: Color) -> str:
    """The name of a highlighter (section 4.4)."""
    return f"postil-{color}"


def stylesheet(color: Color) -> Json:
    """What that name looks like."""
    return _STYLESHEETS[color]


def beside(annotation: Annotation) -> Json:
    """What the model has no word for: addresses that are no IRIs as they stand, and the other half
    of a conflict."""
    said = {}
    if iri(annotation.url) != annotation.url:
        said[URL] = annotation.url
    if annotation.canonical is not UNSET and iri(annotation.canonical) != annotation.canonical:
        said[CANONICAL] = annotation.canonical
    if annotation.conflict_of is not UNSET:
        said[CONFLICT] = f"urn:uuid:{annotation.conflict_of}"
    return said


def _selectors(quote: Quote | None, position: Position | None) -> list[Json]:
    selectors: list[Json] = []
    if quote is not None:
        text = {"type": "TextQuoteSelector", "exact": quote.exact}
        if quote.prefix:
            text["prefix"] = quote.prefix
        if quote.suffix:
            text["suffix"] = quote.suffix
        selectors.append(text)
    if position is not None:
        selectors.append(
            {"type": "TextPositionSelector", "start": position.start, "end": position.end}
        )
    return selectors


_STYLESHEETS = {
    color: {
        "type": "CssStylesheet",
        "format": "text/css",
        "value": f".postil-{color} {{ background-color: {hue}; }}",
    }
    for color, hue in _HUES.items()
}
