"""The header fields that sections 3 and 4 want on every answer, and section 6 on errors too."""

from __future__ import annotations

from flask import Response, request

from server.formats.w3c import MEDIA_TYPE

PREFIX = "/w3c/"

_CONTAINER_METHODS = "GET, HEAD, OPTIONS, POST"
_PAGE_METHODS = "GET, HEAD, OPTIONS"
_ANNOTATION_METHODS = "DELETE, GET, HEAD, OPTIONS, PUT"
_CONTAINER_LINKS = (
    '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"',
    '<http://www.w3.org/ns/oa#AnnotationCollection>; rel="type"',
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"',
)
_ANNOTATION_LINKS = (
    '<http://www.w3.org/ns/ldp#Resource>; rel="type"',
    '<http://www.w3.org/ns/oa#Annotation>; rel="type"',
)
_ACCEPT_POST = f"{MEDIA_TYPE}, application/json"


def add(response: Response) -> Response:
    """Add what an answer of the protocol must carry; leave all others alone."""
    if not request.path.startswith(PREFIX):
        return response
    headers = response.headers
    response.vary.update(["Accept", "Prefer"])
    if request.path == f"{PREFIX}pages/":
        return response
    if not request.path.endswith("/"):
        headers["Allow"] = _ANNOTATION_METHODS
        _link(response, _ANNOTATION_LINKS)
    elif "page" in request.args:
        headers["Allow"] = _PAGE_METHODS
    else:
        created = response.status_code == 201  # then it is the annotation that is shown
        headers["Allow"] = _ANNOTATION_METHODS if created else _CONTAINER_METHODS
        _link(response, (*_CONTAINER_LINKS, *(_ANNOTATION_LINKS if created else ())))
        if request.method in ("GET", "HEAD", "OPTIONS"):
            headers["Accept-Post"] = _ACCEPT_POST
        if "ETag" not in headers and not response.is_streamed:
            response.add_etag()
    return response


def _link(response: Response, links: tuple[str, ...]) -> None:
    for link in links:
        response.headers.add("Link", link)
