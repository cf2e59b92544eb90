"""The terms of http://www.w3.org/ns/anno.jsonld and http://www.w3.org/ns/ldp.jsonld that Postil
writes, for a JSON-LD processor that must not go and fetch them.

Each stands as the Web Annotation Vocabulary (2017-02-23, section 3 and appendix A), Activity
Streams 2.0 and the Linked Data Platform define it; `test_w3c_graph` says what comes of them.
"""

from __future__ import annotations

from typing import Any

OA = "http://www.w3.org/ns/oa#"
AS = "http://www.w3.org/ns/activitystreams#"
LDP = "http://www.w3.org/ns/ldp#"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"

_PREFIXES = {"oa": OA, "as": AS, "dc": DC, "dcterms": DCTERMS, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}
_CLASSES = {
    **{
        name: f"oa:{name}"
        for name in "Annotation TextualBody SpecificResource TextQuoteSelector "
        "TextPositionSelector RangeSelector XPathSelector".split()
    },
    "CssStylesheet": "oa:CssStyle",
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
}
_MOTIVATIONS = {
    name: f"oa:{name}"
    for name in "bookmarking commenting describing highlighting linking questioning tagging".split()
}
_LINKS = {
    "body": "oa:hasBody",
    "target": "oa:hasTarget",
    "source": "oa:hasSource",
    "scope": "oa:hasScope",
    "selector": "oa:hasSelector",
    "startSelector": "oa:hasStartSelector",
    "endSelector": "oa:hasEndSelector",
    "stylesheet": "oa:styledBy",
    "canonical": "oa:canonical",
    "via": "oa:via",
    "creator": "dcterms:creator",
    "generator": "as:generator",
    "rights": "dcterms:rights",
    "partOf": "as:partOf",
    "first": "as:first",
    "last": "as:last",
    "next": "as:next",
    "prev": "as:prev",
}
_TEXTS = {
    "bodyValue": "oa:bodyValue",
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "styleClass": "oa:styleClass",
    "value": "rdf:value",
    "format": "dc:format",
    "language": "dc:language",
    "label": "rdfs:label",
}
_TYPED = {
    "created": ("dcterms:created", "xsd:dateTime"),
    "modified": ("dcterms:modified", "xsd:dateTime"),
    "start": ("oa:start", "xsd:nonNegativeInteger"),
    "end": ("oa:end", "xsd:nonNegativeInteger"),
    "total": ("as:totalItems", "xsd:nonNegativeInteger"),
    "startIndex": ("as:startIndex", "xsd:nonNegativeInteger"),
}

ANNO: dict[str, Any] = {
    **_PREFIXES,
    "id": "@id",
    "type": "@type",
    **_CLASSES,
    **_MOTIVATIONS,
    **{name: {"@id": iri, "@type": "@id"} for name, iri in _LINKS.items()},
    **_TEXTS,
    **{name: {"@id": iri, "@type": kind} for name, (iri, kind) in _TYPED.items()},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
}
PLATFORM = {"ldp": LDP, "BasicContainer": "ldp:BasicContainer"}
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": ANNO,
    "http://www.w3.org/ns/ldp.jsonld": PLATFORM,
}


def load(url: str, _options: Any) -> dict[str, Any]:
    """A document loader for PyLD that knows these two and nothing else."""
    document = {"@context": CONTEXTS[url]}
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
        "contentType": "application/ld+json",
    }
