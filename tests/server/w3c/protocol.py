"""What clients of the protocol send and look at."""

from __future__ import annotations

import json
from typing import Any

from asking import ARTICLE
from flask.testing import FlaskClient
from web_annotation import CONTEXT, check_page

from server.w3c.iris import name_of

LD = "application/ld+json"
PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
RESOURCE = '<http://www.w3.org/ns/ldp#Resource>; rel="type"'
CONSTRAINED = (
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
OF_PAGE = f"/w3c/pages/{name_of(ARTICLE)}/"
CONTAINERS = ["/w3c/", OF_PAGE]


def annotation(**said: Any) -> dict[str, Any]:
    """What a tool of somebody else's sends."""
    return {
        "@context": CONTEXT,
        "type": "Annotation",
        "body": {"type": "TextualBody", "value": "I like this page!"},
        "target": ARTICLE,
    } | said


def post(client: FlaskClient, document: Any, container: str = "/w3c/", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(container, data=json.dumps(document), content_type=LD, headers=named)


def put(client: FlaskClient, iri: str, document: Any, etag: str | None) -> Any:
    headers = {} if etag is None else {"If-Match": etag}
    return client.put(iri, data=json.dumps(document), content_type=LD, headers=headers)


def prefer(client: FlaskClient, include: str, container: str = "/w3c/") -> Any:
    headers = {"Prefer": f'return=representation;include="{include}"'}
    return client.get(container, headers=headers)


def methods(answer: Any) -> set[str]:
    return set(answer.headers["Allow"].split(", "))


def traversed(client: FlaskClient, container: str, include: str) -> list[Any]:
    """Everything in a container, page by page."""
    items: list[Any] = []
    at = prefer(client, include, container).json["first"]
    while at:
        page = client.get(at).json
        check_page(page)
        assert page["startIndex"] == len(items)
        items += page["items"]
        at = page.get("next")
    return items
