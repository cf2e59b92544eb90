"""What the W3C Web Annotation Data Model (2017-02-23) asks, section by section, as checks."""

from __future__ import annotations

import re
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MOTIVATIONS = frozenset(
    """
    assessing bookmarking classifying commenting describing editing highlighting identifying
    linking moderating questioning replying tagging
    """.split()
)

_IRI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[^\s<>\"{}|\\^`%\x00-\x20\x7f-\x9f]|%[0-9A-Fa-f]{2})*"
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def check_collection(document: Any) -> list[dict[str, Any]]:
    """Section 5. The annotations in it."""
    assert document["@context"] == CONTEXT
    iri(document["id"])
    assert document["type"] == "AnnotationCollection"
    assert isinstance(document["label"], str)
    assert type(document["total"]) is int
    iri(document["last"])
    page = document["first"]
    iri(page["id"])
    assert page["type"] == "AnnotationPage"
    assert "@context" not in page  # one embedded page takes the collection's
    assert page["partOf"] == document["id"]
    assert page["startIndex"] == 0
    assert "next" not in page
    assert document["last"] == page["id"]
    items: list[dict[str, Any]] = page["items"]
    assert len(items) == document["total"]
    for item in items:
        check_annotation(item)
    assert len({item["id"] for item in items}) == len(items)
    return items


def check_page(document: Any) -> None:
    """Section 5.2, of a page that stands alone."""
    assert document["@context"] == CONTEXT
    iri(document["id"])
    assert document["type"] == "AnnotationPage"
    iri(document["partOf"]["id"])
    assert type(document["startIndex"]) is int
    for neighbour in ("next", "prev"):
        if neighbour in document:
            iri(document[neighbour])
    for item in document["items"]:
        iri(item if isinstance(item, str) else item["id"])


def check_annotation(document: Any) -> None:
    """Sections 3.1 and 3.3."""
    assert isinstance(document, dict)
    iri(document["id"])
    assert document["type"] == "Annotation"
    assert document["motivation"] in MOTIVATIONS
    for name in ("created", "modified"):
        assert _TIME.fullmatch(document[name]), document[name]
    if "body" in document:
        assert document["body"], "an annotation without a body has no `body`"
        for body in document["body"]:
            _textual_body(body)
    _target(document["target"], document)
    if "stylesheet" in document:
        _stylesheet(document["stylesheet"])


def iri(value: Any) -> None:
    """Check that this is an IRI."""
    assert is_iri(value), value


def is_iri(value: Any) -> bool:
    """RFC 3987: absolute, and nothing in it that must be percent-encoded."""
    if not isinstance(value, str) or not _IRI.fullmatch(value) or value.count("#") > 1:
        return False
    past_host = re.sub(r"^[^:]*:(//[^/?#]*)?", "", value)
    return not set(past_host) & set("[]")


def _textual_body(body: Any) -> None:
    """Section 3.2.4."""
    assert body["type"] == "TextualBody"
    assert isinstance(body["value"], str)
    assert body["purpose"] in MOTIVATIONS
    if "format" in body:
        assert re.fullmatch(r"[a-z]+/[a-z.+-]+", body["format"])


def _target(target: Any, annotation: Any) -> None:
    """Sections 3.2.1, 4 and 4.4."""
    if isinstance(target, str):
        iri(target)
        return
    assert target["type"] == "SpecificResource"
    source = target["source"]
    if isinstance(source, dict):
        iri(source["canonical"])
        source = source["id"]
    iri(source)
    if "selector" in target:
        assert isinstance(target["selector"], list)
        assert target["selector"]
        for selector in target["selector"]:
            _selector(selector)
    if "styleClass" in target:
        assert f".{target['styleClass']} " in annotation["stylesheet"]["value"]


def _selector(selector: Any) -> None:
    """Sections 4.2.4 and 4.2.5."""
    if selector["type"] == "TextQuoteSelector":
        assert selector.keys() <= {"type", "exact", "prefix", "suffix"}
        assert selector["exact"]
        assert all(isinstance(value, str) for value in selector.values())
    else:
        assert selector["type"] == "TextPositionSelector"
        assert selector.keys() == {"type", "start", "end"}
        for bound in ("start", "end"):
            assert type(selector[bound]) is int
            assert selector[bound] >= 0


def _stylesheet(stylesheet: Any) -> None:
    """Section 4.4."""
    assert stylesheet["type"] == "CssStylesheet"
    assert isinstance(stylesheet["value"], str)
