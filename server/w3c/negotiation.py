"""What a request wants: which media type (`Accept`), and how much of a container (`Prefer`)."""

from __future__ import annotations

import re
from enum import StrEnum

from flask import request

from server.errors import Problem
from server.formats.w3c import MEDIA_TYPE

JSON = "application/json"
_TYPES = ("application/ld+json", JSON)


class Extent(StrEnum):
    """How much of a container is asked for (section 4.1.1), by the last part of its preference."""

    MINIMAL = "PreferMinimalContainer"
    IRIS = "PreferContainedIRIs"
    DESCRIPTIONS = "PreferContainedDescriptions"


_PREFERENCES = {
    "http://www.w3.org/ns/ldp#PreferMinimalContainer": Extent.MINIMAL,
    "http://www.w3.org/ns/oa#PreferContainedIRIs": Extent.IRIS,
    "http://www.w3.org/ns/oa#PreferContainedDescriptions": Extent.DESCRIPTIONS,
}


def media_type() -> str:
    """The media type to answer with; a problem with 406 where none that there is will do."""
    given = request.headers.get("Accept")
    if given is None or not given.strip():
        return MEDIA_TYPE
    ranges = [(str(value), quality) for value, quality in request.accept_mimetypes]
    json_ld, json = (_quality(name, ranges) for name in _TYPES)
    if json_ld >= json and json_ld > 0:
        return MEDIA_TYPE
    if json > 0:
        return JSON
    raise Problem(
        406,
        "not-acceptable",
        "Annotations are to be had as `application/ld+json` (or `application/json`) only.",
    )


def preferred() -> Extent | None:
    """What the client prefers to see of a container; None where it does not say."""
    for given in request.headers.getlist("Prefer"):
        if not re.search(r"\breturn\s*=\s*\"?representation\b", given):
            continue
        for include in _INCLUDE.finditer(given):
            for iri in (include[1] or include[2] or "").split():
                if iri in _PREFERENCES:
                    return _PREFERENCES[iri]
    return None


_INCLUDE = re.compile(r"\binclude\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))")


def _quality(name: str, ranges: list[tuple[str, float]]) -> float:
    """How welcome a type is: the most specific range that holds it decides (RFC 9110, 12.5.1)."""
    main = name.partition("/")[0]
    for wanted in (name, f"{main}/*", "*/*"):
        found = [quality for value, quality in ranges if value.partition(";")[0].strip() == wanted]
        if found:
            return max(found)
    return 0
