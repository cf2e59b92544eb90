"""The MUSTs of the Web Annotation Data Model (2017-02-23), section by section.

As many as the W3C's own test suite counts: 54 for annotations, 10 for collections, 15 for pages.
Each says whether a document keeps it, and comes with a way to break it, so that none of them can
pass for being blind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from web_annotation import CONTEXT, is_iri

Json = dict[str, Any]
Check = Callable[[Json], bool]
Break = Json

SETS = {"Choice", "Composite", "List", "Independents"}
VALUED = {"FragmentSelector", "CssSelector", "XPathSelector"}
POSITIONS = {"TextPositionSelector", "DataPositionSelector"}
SELECTORS = VALUED | POSITIONS | {"TextQuoteSelector", "SvgSelector", "RangeSelector"}
STATES = {"TimeState", "HttpRequestState"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def objects(value: Any) -> list[Json]:
    return [one for one in listed(value) if isinstance(one, dict)]


def kinds(one: Json) -> set[str]:
    return {name for name in listed(one.get("type")) if isinstance(name, str)}


def is_set(one: Json) -> bool:
    return bool(kinds(one) & SETS)


def is_specific(one: Json) -> bool:
    return "source" in one


def is_textual(one: Json) -> bool:
    return "TextualBody" in kinds(one) or ("value" in one and not is_specific(one))


def is_external(one: Json) -> bool:
    return not (is_set(one) or is_specific(one) or is_textual(one))


def recognised(value: Any) -> bool:
    """Sections 3.2.1 to 3.2.8 and 4: an IRI, or one of the four kinds of object."""
    if isinstance(value, str):
        return is_iri(value)
    if not isinstance(value, dict):
        return False
    if is_set(value):
        return bool(objects(value.get("items")) or listed(value.get("items")))
    if is_specific(value):
        source = value["source"]
        return is_iri(source["id"] if isinstance(source, dict) else source)
    return isinstance(value.get("value"), str) or is_iri(value.get("id"))


def all_recognised(value: Any) -> bool:
    return value != [] and all(map(recognised, listed(value)))


def time(name: str) -> Callable[[Json], bool]:
    return lambda one: (
        name not in one or (isinstance(one[name], str) and _TIME.fullmatch(one[name]) is not None)
    )


def iris(name: str) -> Callable[[Json], bool]:
    return lambda one: all(map(is_iri, listed(one.get(name))))


def one_iri(name: str) -> Callable[[Json], bool]:
    return lambda one: name not in one or is_iri(one[name])


def never(which: Callable[[Json], bool], name: str) -> Callable[[Json], bool]:
    return lambda one: not (which(one) and name in one)


def direction(one: Json) -> bool:
    return one.get("textDirection", "auto") in ("ltr", "rtl", "auto")


def each(name: str, check: Callable[[Json], bool]) -> Check:
    """The check of every body, or of every target."""
    return lambda document: all(map(check, objects(document.get(name))))


def specific(name: str, check: Callable[[Any], bool]) -> Check:
    """The check of everything under `name`, refinements too, in every Specific Resource."""

    def found(document: Json) -> Iterator[Any]:
        for one in objects(document.get("body")) + objects(document.get("target")):
            stack = listed(one.get(name))
            while stack:
                inner = stack.pop()
                yield inner
                if isinstance(inner, dict):
                    for further in ("refinedBy", "startSelector", "endSelector", "items"):
                        stack += listed(inner.get(further))

    return lambda document: all(map(check, found(document)))


def of_kind(names: set[str], check: Callable[[Json], bool]) -> Callable[[Any], bool]:
    return lambda one: not isinstance(one, dict) or not kinds(one) & names or check(one)


def known(names: set[str]) -> Callable[[Any], bool]:
    return lambda one: (
        is_iri(one)
        if isinstance(one, str)
        else isinstance(one, dict) and bool(kinds(one) & (names | SETS) or is_iri(one.get("id")))
    )


def bounds(one: Json) -> bool:
    found = [one.get("start"), one.get("end")]
    return all(type(bound) is int and bound >= 0 for bound in found)


def text(name: str) -> Callable[[Json], bool]:
    return lambda one: isinstance(one.get(name), str)


def styled(document: Json) -> bool:
    """Section 4.4: a class is a string, and there is a stylesheet that defines it."""
    classes = [
        name for one in objects(document.get("target")) for name in listed(one.get("styleClass"))
    ]
    return all(isinstance(name, str) for name in classes) and (
        not classes or "stylesheet" in document
    )


def part(name: str, one: Json) -> Break:
    return {name: {"source": "http://example.org/", **one}}


def selector(one: Any) -> Break:
    return part("target", {"selector": one})


def state(one: Any) -> Break:
    return part("target", {"state": one})


EXTERNAL = {"id": "http://example.org/", "type": "Image"}
CHOICE = {"type": "Choice", "items": ["http://example.org/"]}
TEXTUAL = {"type": "TextualBody", "value": "a"}


def _of_parts(name: str) -> dict[str, tuple[Check, Break]]:
    """What holds for bodies and targets alike."""
    rules: list[tuple[str, Callable[[Json], bool], Json]] = [
        ("3.2.1 textDirection", direction, {**EXTERNAL, "textDirection": "up"}),
        ("3.3.1 created", time("created"), {**EXTERNAL, "created": "2015"}),
        ("3.3.1 modified", time("modified"), {**EXTERNAL, "modified": "2015"}),
        ("3.3.6 rights", iris("rights"), {**EXTERNAL, "rights": "mine"}),
        ("3.3.7 canonical", one_iri("canonical"), {**EXTERNAL, "canonical": "here"}),
        ("3.3.7 via", iris("via"), {**EXTERNAL, "via": ["there"]}),
        ("3.2.7 external, no items", never(is_external, "items"), {**EXTERNAL, "items": []}),
        ("3.3.5 external, no purpose", never(is_external, "purpose"), {**EXTERNAL, "purpose": "x"}),
        ("3.2.4 set, no value", never(is_set, "value"), {**CHOICE, "value": "a"}),
        ("4 set, no source", never(is_set, "source"), {**CHOICE, "source": "http://x/"}),
        ("3.3.5 set, no purpose", never(is_set, "purpose"), {**CHOICE, "purpose": "x"}),
        ("3.2.7 specific, no items", never(is_specific, "items"), {"source": "x:y", "items": []}),
        ("4 specific, no value", never(is_specific, "value"), {"source": "x:y", "value": "a"}),
    ]
    return {
        f"{section} of a {name}": (each(name, check), {name: broken})
        for section, check, broken in rules
    }


ANNOTATION: dict[str, tuple[Check, Break]] = {
    "3.1 @context": (
        lambda one: CONTEXT in listed(one.get("@context")),
        {"@context": "http://schema.org/"},
    ),
    "3.1 id": (lambda one: is_iri(one.get("id")), {"id": "a b"}),
    "3.1 type": (lambda one: "Annotation" in listed(one.get("type")), {"type": "Note"}),
    "3.1 target": (lambda one: bool(listed(one.get("target"))), {"target": []}),
    "3.2 targets are of a known kind": (
        lambda one: all_recognised(one.get("target")),
        {"target": {"type": "Text"}},
    ),
    "3.2 bodies are of a known kind": (lambda one: all_recognised(one.get("body")), {"body": []}),
    "3.2.5 body and bodyValue": (
        lambda one: not {"body", "bodyValue"} <= one.keys(),
        {"body": TEXTUAL, "bodyValue": "a"},
    ),
    "3.2.5 bodyValue": (
        lambda one: isinstance(one.get("bodyValue", ""), str),
        {"bodyValue": ["a"]},
    ),
    "3.3.1 created": (time("created"), {"created": "2015-01-31T12:00:00"}),
    "3.3.1 modified": (time("modified"), {"modified": "yesterday"}),
    "3.3.1 generated": (time("generated"), {"generated": 5}),
    "3.3.6 rights": (iris("rights"), {"rights": "all mine"}),
    "3.3.7 canonical": (one_iri("canonical"), {"canonical": ["urn:a:b", "urn:c:d"]}),
    "3.3.7 via": (iris("via"), {"via": "over there"}),
    **_of_parts("body"),
    "3.2.7 textual body, no items": (
        each("body", never(is_textual, "items")),
        {"body": {**TEXTUAL, "items": []}},
    ),
    "4 textual body, no source": (
        each("body", never(is_textual, "source")),
        {"body": {**TEXTUAL, "source": "http://x/"}},
    ),
    **_of_parts("target"),
    "3.2.4 no target is a textual body": (
        each("target", lambda one: "TextualBody" not in kinds(one)),
        {"target": TEXTUAL},
    ),
    "4.2 selector": (specific("selector", known(SELECTORS)), selector({"value": "a"})),
    "4.3 state": (specific("state", known(STATES)), state({"value": "a"})),
    "4.2.9 and 4.3.3 refinedBy": (
        specific("selector", lambda one: not isinstance(one, dict) or "refinedBy" not in one
                 or all(map(known(SELECTORS | STATES), listed(one["refinedBy"])))),
        selector({"type": "XPathSelector", "value": "/", "refinedBy": [5]}),
    ),
    "4.2.1, 4.2.2 and 4.2.3 value": (
        specific("selector", of_kind(VALUED, text("value"))),
        selector({"type": "CssSelector"}),
    ),
    "4.2.4 exact": (
        specific("selector", of_kind({"TextQuoteSelector"}, text("exact"))),
        selector({"type": "TextQuoteSelector", "prefix": "a"}),
    ),
    "4.2.5 and 4.2.6 start and end": (
        specific("selector", of_kind(POSITIONS, bounds)),
        selector({"type": "TextPositionSelector", "start": -1, "end": 5}),
    ),
    "4.2.7 SVG": (
        specific("selector", of_kind({"SvgSelector"},
                 lambda one: bool({"value", "id"} & one.keys()))),
        selector({"type": "SvgSelector"}),
    ),
    "4.2.8 range": (
        specific("selector", of_kind({"RangeSelector"},
                 lambda one: {"startSelector", "endSelector"} <= one.keys())),
        selector({"type": "RangeSelector", "startSelector": "x:y"}),
    ),
    "4.3.1 time": (
        specific("state", of_kind({"TimeState"}, lambda one: all(
            time(name)(one) for name in ("sourceDate", "sourceDateStart", "sourceDateEnd")))),
        state({"type": "TimeState", "sourceDate": "2015"}),
    ),
    "4.3.2 request": (
        specific("state", of_kind({"HttpRequestState"}, text("value"))),
        state({"type": "HttpRequestState"}),
    ),
    "4.4 styleClass": (styled, part("target", {"styleClass": "red"}) | {"stylesheet": None}),
}  # fmt: skip


def number(name: str) -> Check:
    return lambda one: name not in one or (type(one[name]) is int and one[name] >= 0)


def linked(name: str) -> Check:
    """A page or a collection: its IRI, or it itself with its IRI."""
    return lambda one: (
        name not in one or is_iri(one[name].get("id") if isinstance(one[name], dict) else one[name])
    )


COLLECTION: dict[str, tuple[Check, Break]] = {
    "5.1 @context": ANNOTATION["3.1 @context"],
    "5.1 id": ANNOTATION["3.1 id"],
    "5.1 type": (
        lambda one: "AnnotationCollection" in listed(one.get("type")),
        {"type": "Collection"},
    ),
    "5.1 label": (lambda one: all(isinstance(each, str) for each in listed(one.get("label"))),
                  {"label": 5}),
    "5.1 total": (number("total"), {"total": -1}),
    "5.1 first": (
        lambda one: linked("first")(one) and ("first" in one or not one.get("total")),
        {"first": {"type": "AnnotationPage"}},
    ),
    "5.1 last": (linked("last"), {"last": "the last"}),
    "3.3.1 created": ANNOTATION["3.3.1 created"],
    "3.3.1 modified": ANNOTATION["3.3.1 modified"],
    "3.3.6 rights": ANNOTATION["3.3.6 rights"],
}  # fmt: skip

PAGE: dict[str, tuple[Check, Break]] = {
    "5.2 @context": COLLECTION["5.1 @context"],
    "5.2 id": COLLECTION["5.1 id"],
    "5.2 type": (lambda one: one.get("type") == "AnnotationPage", {"type": "Page"}),
    "5.2 items": (
        lambda one: (
            isinstance(one.get("items"), list)
            and all(
                is_iri(item if isinstance(item, str) else item.get("id")) for item in one["items"]
            )
        ),
        {"items": {"id": "x:y"}},
    ),
    "5.2 startIndex": (number("startIndex"), {"startIndex": "0"}),
    "5.2 partOf": (linked("partOf"), {"partOf": {"total": 5}}),
    "5.2 next": (linked("next"), {"next": 5}),
    "5.2 prev": (linked("prev"), {"prev": "a b"}),
    "5.2 total": COLLECTION["5.1 total"],
    "5.2 label": COLLECTION["5.1 label"],
    "5.2 first": (linked("first"), {"first": 5}),
    "5.2 last": COLLECTION["5.1 last"],
    "3.3.1 created": COLLECTION["3.3.1 created"],
    "3.3.1 modified": COLLECTION["3.3.1 modified"],
    "3.3.6 rights": COLLECTION["3.3.6 rights"],
}
