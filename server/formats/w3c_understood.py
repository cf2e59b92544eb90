"""What Postil understands of a Web Annotation, whoever wrote it: pure functions, JSON in.

JSON-LD leaves writers much freedom: one thing or a list of it, a string or an object, a body that
is text, an address, or a choice of several. Each is taken as far as it can be understood; what
cannot is nobody's fault and stays where it was (`server.formats.w3c_foreign` keeps it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from server.formats.html_markdown import markdown_of
from server.formats.w3c_own import TITLE, Json
from store.clock import timestamp
from store.model import MAX_CONTEXT, Color, Position, Quote

MOST_TAG = 128
MOST_TITLE = 1024
TITLES = (TITLE, "title", "dc:title")


class Target(Struct, frozen=True):
    """Where an annotation is. `at` is which of its targets says so."""

    url: str
    canonical: str = ""
    title: str = ""
    quote: Quote | None = None
    position: Position | None = None
    color: Color | None = None
    at: int = 0


class Said(Struct, frozen=True):
    """What one body adds to a note."""

    text: str = ""
    tag: str = ""


def listed(value: Any) -> list[Any]:
    """JSON-LD writes a list of one as the one."""
    return [] if value is None else value if isinstance(value, list) else [value]


def names(value: Any) -> list[str]:
    """Types, motivations or purposes, by their names in the model's own context."""
    if isinstance(value, str):
        return [value.removeprefix("oa:")]
    return [name.removeprefix("oa:") for name in listed(value) if isinstance(name, str)]


def said_in(body: Any, motivations: list[str]) -> Said:
    """What a body says (sections 3.2.4, 3.2.5 and 3.3.5)."""
    tagging = motivations == ["tagging"]
    if isinstance(body, str):
        # A string is the address of a body; some producers write the text itself there.
        return Said() if _ADDRESS.fullmatch(body) else _text(body, [], tagging)
    if not isinstance(body, dict):
        return Said()
    if "Choice" in (kinds := names(body.get("type", body.get("@type")))):
        choices = (said_in(item, motivations) for item in listed(body.get("items")))
        return next((said for said in choices if said != Said()), Said())
    value = body.get("value", body.get("chars"))
    if not isinstance(value, str) or set(kinds) - _TEXTUAL:
        return Said()
    if "text/html" in listed(body.get("format")):
        value = markdown_of(value)
    purposes = names(body.get("purpose"))
    return _text(value, purposes, tagging and not purposes)


def target_of(value: Any) -> Target | None:
    """The first target with an address (sections 3.2 and 4)."""
    for at, one in enumerate(listed(value)):
        for resource in _resources(one):
            if (found := _target(resource, at)) is not None:
                return found
    return None


def time_of(value: Any) -> str:
    """An xsd:dateTime as records say it: in UTC, with microseconds at most; '' where it is none."""
    if not isinstance(value, str) or not (match := _TIME.fullmatch(value)):
        return ""
    whole, fraction, zone = match.groups()
    try:
        hour = "" if "T" in whole else "T00:00:00"
        moment = datetime.fromisoformat(f"{whole}{hour}{(fraction or '')[:7]}{zone or 'Z'}")
        if zone == "Z" and not hour and len(fraction or "") <= 7:
            return value
        return timestamp(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return ""


def _text(value: str, purposes: list[str], tagging: bool) -> Said:
    if not value:
        return Said()
    if "tagging" in purposes or tagging:
        return Said(tag=value) if len(value) <= MOST_TAG else Said()
    return Said(text=value) if not purposes or set(purposes) & _REMARKS else Said()


def _resources(value: Any) -> Iterator[Any]:
    """A target, or those that a set of targets holds."""
    if isinstance(value, dict) and isinstance(value.get("items"), list) and "source" not in value:
        for item in value["items"]:
            yield from _resources(item)
    else:
        yield value


def _target(resource: Any, at: int) -> Target | None:
    if isinstance(resource, str):
        return Target(resource, at=at) if _ADDRESS.fullmatch(resource) else None
    if not isinstance(resource, dict):
        return None
    source = resource.get("source")
    page: Json = source if isinstance(source, dict) else {}
    url = source if isinstance(source, str) else page.get("id", page.get("@id"))
    if source is None:
        page, url = resource, resource.get("id", resource.get("@id"))
    if not isinstance(url, str) or not _ADDRESS.fullmatch(url):
        return None
    selectors = listed(resource.get("selector"))
    return Target(
        url,
        _string(page.get("canonical")),
        _title(resource, page),
        next(_quotes(selectors), None),
        next(_positions(selectors), None),
        _color(resource.get("styleClass")),
        at,
    )


def _title(*resources: Json) -> str:
    said = (_string(one.get(name)) for one in resources for name in TITLES)
    return next(filter(None, said), "")[:MOST_TITLE]


def _quotes(selectors: list[Any]) -> Iterator[Quote]:
    """Text Quote Selectors (section 4.2.4), those that refine or are one of a choice too."""
    for selector in selectors:
        if not isinstance(selector, dict):
            continue
        exact = selector.get("exact")
        if "TextQuoteSelector" in names(selector.get("type")) and isinstance(exact, str) and exact:
            prefix, suffix = _string(selector.get("prefix")), _string(selector.get("suffix"))
            yield Quote(exact, prefix[-MAX_CONTEXT:], suffix[:MAX_CONTEXT])
        yield from _quotes(listed(selector.get("items")))
        yield from _quotes(listed(selector.get("refinedBy")))


def _positions(selectors: list[Any]) -> Iterator[Position]:
    """Text Position Selectors (section 4.2.5). One that refines another counts from elsewhere."""
    for selector in selectors:
        if not isinstance(selector, dict):
            continue
        start, end = selector.get("start"), selector.get("end")
        if (
            "TextPositionSelector" in names(selector.get("type"))
            and type(start) is int
            and type(end) is int
            and 0 <= start <= end < 2**53
        ):
            yield Position(start, end)
        yield from _positions(listed(selector.get("items")))


def _color(classes: Any) -> Color | None:
    for name in listed(classes):
        for word in name.split() if isinstance(name, str) else ():
            if (color := word.removeprefix("postil-").lower()) in _COLORS:
                return Color(color)
    return None


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d)?)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_TEXTUAL = frozenset(
    {"TextualBody", "Text", "dctypes:Text", "EmbeddedContent", "cnt:ContentAsText"}
)
_REMARKS = frozenset(
    "commenting describing replying questioning assessing editing moderating".split()
)
_COLORS = frozenset(Color)
