"""Read by a JSON-LD processor, what Postil writes says what is meant."""

from __future__ import annotations

import json
from typing import Any

from any_record import records
from context import AS, DC, DCTERMS, LDP, OA, RDF, RDFS, XSD, load
from flask.testing import FlaskClient
from foreign import FOREIGN, given_back
from hypothesis import given, settings
from msgspec import UNSET
from protocol import annotation, post
from pyld import jsonld

from server.formats import w3c
from server.formats.w3c_foreign import CONTEXT
from store.model import Annotation, Color, Position, Quote

EPOCH = "0190f3a0-0000-7000-8000-000000000000"
NOTE = "urn:uuid:0190f3a0-1111-7000-8000-000000000001"
PAGE = "https://example.org/essays/margins"


def triples(document: Any) -> set[tuple[str, str, str]]:
    """The graph of a document, in short: literals with their type where it is not a string, blank
    nodes by what is said of them in turn."""
    dataset = jsonld.to_rdf(document, {"documentLoader": load})["@default"]
    blank: dict[str, list[tuple[str, str]]] = {}
    for one in dataset:
        said = (one["predicate"]["value"], _term(one["object"]))
        blank.setdefault(one["subject"]["value"], []).append(said)

    def told(name: str) -> str:
        if not name.startswith("_:"):
            return name
        inner = sorted((_short(predicate), told(thing)) for predicate, thing in blank[name])
        return "[" + "; ".join(f"{predicate} {thing}" for predicate, thing in inner) + "]"

    return {
        (subject, _short(predicate), told(thing))
        for subject, said in blank.items()
        if not subject.startswith("_:")
        for predicate, thing in said
    }


def _term(term: Any) -> str:
    if term["type"] != "literal":
        return _short(term["value"])
    kind = term["datatype"]
    return f'"{term["value"]}"' + ("" if kind == f"{XSD}string" else f"^^{_short(kind)}")


def _short(iri: str) -> str:
    for prefix, base in (
        ("oa", OA), ("as", AS), ("ldp", LDP), ("dcterms", DCTERMS), ("dc", DC), ("rdf", RDF),
        ("rdfs", RDFS), ("xsd", XSD),
    ):  # fmt: skip
        if iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
    return iri


def record(**said: Any) -> Annotation:
    fields: dict[str, Any] = {
        "id": NOTE.removeprefix("urn:uuid:"),
        "url": PAGE,
        "page": PAGE,
        "title": "On margins",
        "quote": Quote("a room", "it is ", " with"),
        "position": Position(10, 16),
        "note": "So it *is*.",
        "tags": ["reading"],
        "color": Color.GREEN,
        "created": "2026-11-24T10:00:00Z",
        "updated": "2026-11-24T11:00:00Z",
        "device": "d",
        "rev": 7,
    }
    return Annotation(**(fields | said))


def test_the_graph_of_a_note_on_a_passage() -> None:
    style = ".postil-green { background-color: #c9f0c1; }"
    assert triples(w3c.with_context(w3c.document(record()))) == {
        (NOTE, "rdf:type", "oa:Annotation"),
        (NOTE, "oa:motivatedBy", "oa:commenting"),
        (NOTE, "dcterms:created", '"2026-11-24T10:00:00Z"^^xsd:dateTime'),
        (NOTE, "dcterms:modified", '"2026-11-24T11:00:00Z"^^xsd:dateTime'),
        (
            NOTE,
            "oa:hasBody",
            '[dc:format "text/markdown"; oa:hasPurpose oa:commenting; rdf:type oa:TextualBody; '
            'rdf:value "So it *is*."]',
        ),
        (
            NOTE,
            "oa:hasBody",
            '[oa:hasPurpose oa:tagging; rdf:type oa:TextualBody; rdf:value "reading"]',
        ),
        (
            NOTE,
            "oa:hasTarget",
            '[dcterms:title "On margins"; '
            'oa:hasSelector [oa:end "16"^^xsd:nonNegativeInteger; '
            'oa:start "10"^^xsd:nonNegativeInteger; rdf:type oa:TextPositionSelector]; '
            'oa:hasSelector [oa:exact "a room"; oa:prefix "it is "; oa:suffix " with"; '
            "rdf:type oa:TextQuoteSelector]; "
            f'oa:hasSource {PAGE}; oa:styleClass "postil-green"; rdf:type oa:SpecificResource]',
        ),
        (
            NOTE,
            "oa:styledBy",
            f'[dc:format "text/css"; rdf:type oa:CssStyle; rdf:value "{style}"]',
        ),
    }


def test_the_graph_of_what_the_model_has_no_word_for() -> None:
    other = "0190f3a0-1111-7000-8000-000000000002"
    plain = {"title": "", "quote": None, "position": None, "note": "", "tags": []}
    kept = record(
        **plain,
        url="https://example.org/a|b",
        canonical="https://example.org/canonical",
        conflict_of=other,
        extra={"kindle": {"place": 7}},
    )
    graph = triples(w3c.with_context(w3c.document(kept)))
    source = "https://example.org/a%7Cb"
    assert {
        (NOTE, "oa:motivatedBy", "oa:bookmarking"),
        (NOTE, "urn:postil:url", '"https://example.org/a|b"'),
        (NOTE, "urn:postil:conflict_of", f'"urn:uuid:{other}"'),
        (NOTE, "urn:postil:extra", '"{"kindle":{"place":7}}"'),
        (source, "oa:canonical", "https://example.org/canonical"),
    } <= graph
    assert not any(predicate == "oa:hasBody" for _, predicate, _ in graph)


def test_the_graph_of_a_foreign_annotation_is_the_one_it_had() -> None:
    before = {(predicate, thing) for _, predicate, thing in triples(FOREIGN)}
    back = triples(w3c.with_context(given_back(FOREIGN)))
    after = {(predicate, thing) for _, predicate, thing in back}
    changed = {"dcterms:created", "dcterms:modified", "oa:via"}
    assert {one for one in before if one[0] not in changed} == {
        one for one in after if one[0] not in changed
    }
    assert len(before) > 8


def test_the_graph_of_a_collection_and_of_its_page() -> None:
    document = json.loads(b"".join(w3c.export(EPOCH, "default", [record()])))
    graph = triples(document)
    collection, page = document["id"], document["first"]["id"]
    assert {
        (collection, "rdf:type", "as:OrderedCollection"),
        (collection, "rdfs:label", '"Postil"'),
        (collection, "as:totalItems", '"1"^^xsd:nonNegativeInteger'),
        (collection, "as:first", page),
        (collection, "as:last", page),
        (page, "rdf:type", "as:OrderedCollectionPage"),
        (page, "as:partOf", collection),
        (page, "as:startIndex", '"0"^^xsd:nonNegativeInteger'),
        (page, "as:items", f"[rdf:first {NOTE}; rdf:rest rdf:nil]"),
        (NOTE, "rdf:type", "oa:Annotation"),
    } <= graph


def test_the_graph_of_a_container(reader: FlaskClient) -> None:
    made = post(reader, annotation()).location
    container = reader.get("/w3c/").json
    base = container["id"]
    graph = triples(container)
    assert (base, "rdf:type", "ldp:BasicContainer") in graph
    assert (base, "rdf:type", "as:OrderedCollection") in graph
    assert (base, "as:first", container["first"]) in graph
    page = triples(reader.get(container["first"]).json)
    assert (container["first"], "as:partOf", base) in page
    assert (made, "rdf:type", "oa:Annotation") in page


@settings(max_examples=40, derandomize=True)
@given(records())
def test_whatever_is_in_a_record_the_graph_says_it(kept: Annotation) -> None:
    document = w3c.with_context(w3c.document(kept))
    if document["@context"] != CONTEXT:
        return  # made in a context of its own, which nobody here can load
    (node,) = jsonld.expand(document, {"documentLoader": load})
    assert node["@id"] == f"urn:uuid:{kept.id}"
    assert f"{OA}Annotation" in node["@type"]
    assert node[f"{DCTERMS}created"] == [{"@type": f"{XSD}dateTime", "@value": kept.created}]
    (target, *_) = node[f"{OA}hasTarget"]
    source = target.get(f"{OA}hasSource", [target])[0]
    assert source["@id"].startswith("https://example.org/")
    if kept.extra is UNSET:
        bodies = [each[f"{RDF}value"][0]["@value"] for each in node.get(f"{OA}hasBody", [])]
        assert bodies == [text for text in (kept.note, *kept.tags) if text]
        selectors = target.get(f"{OA}hasSelector", [])
        assert len(selectors) == (kept.quote is not None) + (kept.position is not None)
