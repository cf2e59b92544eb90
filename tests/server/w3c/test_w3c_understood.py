"""Web Annotations of every kind, understood as far as they go."""

from __future__ import annotations

from typing import Any

import pytest
from foreign import FOREIGN, PAGE, foreign, given_back, note_in

from server.formats import Broken
from server.formats.w3c_reading import note_of
from store.model import (
    Position,
    Quote,
)


@pytest.mark.parametrize(
    ("body", "note", "tags"),
    [
        (None, "", []),
        ([], "", []),
        ("http://example.org/body", "", []),
        ("urn:isbn:9780141439518", "", []),
        ("Written right here", "Written right here", []),
        ({"type": "TextualBody", "value": "a < b"}, "a < b", []),
        ({"type": ["TextualBody"], "value": "a", "purpose": ["oa:commenting"]}, "a", []),
        ({"@type": "oa:TextualBody", "value": "a"}, "a", []),
        ({"value": "a"}, "a", []),
        ([{"value": "a"}, {"value": "b"}], "a\n\nb", []),
        ({"value": "a", "purpose": "tagging"}, "", ["a"]),
        ([{"value": "a", "purpose": "tagging"}] * 2, "", ["a"]),
        ({"value": "x" * 129, "purpose": "tagging"}, "", []),
        ({"value": "yellow", "purpose": "highlighting"}, "", []),
        ({"value": 5}, "", []),
        ({"value": ""}, "", []),
        ({"type": "Image", "value": "a"}, "", []),
        (
            {"type": "Choice", "items": ["http://x.example/", {"value": "a"}, {"value": "b"}]},
            "a",
            [],
        ),
        ({"type": "TextualBody", "value": "<p>a &lt; b</p>", "format": "text/html"}, "a < b", []),
    ],
)
def test_bodies_of_every_kind(body: Any, note: str, tags: list[str]) -> None:
    value = foreign(body=body, motivation=None)
    found = note_in(value)
    assert (found.note, found.tags) == (note, tags)
    assert given_back(value).get("body") == (None if body == [] else body)


def test_a_body_without_a_purpose_takes_the_motivation() -> None:
    value = foreign(body={"type": "TextualBody", "value": "a"}, motivation="tagging")
    assert note_in(value).tags == ["a"]
    assert given_back(value)["motivation"] == "tagging"
    assert note_in(given_back(value, note="b")).tags == ["a"]


def test_a_body_value_is_the_text() -> None:
    value = foreign(body=None, bodyValue="Just so", motivation=None)
    assert note_in(value).note == "Just so"
    assert given_back(value)["bodyValue"] == "Just so"
    assert "body" not in given_back(value)
    edited = given_back(value, tags=["a"])
    assert "bodyValue" not in edited
    assert len(edited["body"]) == 2
    both = given_back(foreign(body="http://example.org/body", bodyValue="Just so"))
    assert "bodyValue" not in both
    assert len(both["body"]) == 2


@pytest.mark.parametrize(
    ("target", "url"),
    [
        (PAGE, PAGE),
        ([PAGE, "https://example.org/other"], PAGE),
        ({"id": PAGE, "type": "Text"}, PAGE),
        ({"@id": PAGE}, PAGE),
        ({"source": PAGE}, PAGE),
        ({"source": {"id": PAGE, "type": "Text"}}, PAGE),
        ({"source": PAGE + "#xywh=1,2,3,4"}, PAGE + "#xywh=1,2,3,4"),
        ([{"type": "Oddity"}, {"source": PAGE}], PAGE),
        ({"type": "Composite", "items": [{"source": PAGE}, "http://example.org/2"]}, PAGE),
        ({"type": "List", "items": [PAGE]}, PAGE),
        ({"type": "Choice", "items": [PAGE, "http://example.org/2"]}, PAGE),
        ({"source": "urn:isbn:9780141439518"}, "urn:isbn:9780141439518"),
    ],
)
def test_targets_of_every_kind(target: Any, url: str) -> None:
    value = foreign(target=target)
    assert note_in(value).url == url
    assert given_back(value)["target"] == target
    moved = given_back(value, quote=Quote("here", "", ""))
    assert note_in(moved).quote == Quote("here", "", "")
    assert note_in(moved).url == url
    if isinstance(target, list):
        assert moved["target"][1:] == [one for one in target if one is not target[-1]] or (
            moved["target"][1:] == target[1:]
        )


@pytest.mark.parametrize(
    ("selector", "exact", "position"),
    [
        ({"type": "TextQuoteSelector", "exact": "a"}, "a", None),
        ({"type": ["oa:TextQuoteSelector"], "exact": "a"}, "a", None),
        ({"type": "TextPositionSelector", "start": 3, "end": 5}, None, Position(3, 5)),
        ({"type": "TextPositionSelector", "start": 5, "end": 3}, None, None),
        ({"type": "TextPositionSelector", "start": "3", "end": "5"}, None, None),
        ({"type": "TextPositionSelector", "start": True, "end": 5}, None, None),
        ({"type": "CssSelector", "value": "#id > .x"}, None, None),
        ({"type": "XPathSelector", "value": "/html"}, None, None),
        ({"type": "FragmentSelector", "value": "part"}, None, None),
        ({"type": "SvgSelector", "value": "<svg/>"}, None, None),
        ({"type": "Choice", "items": [{"type": "TextQuoteSelector", "exact": "a"}]}, "a", None),
        (
            {
                "type": "FragmentSelector",
                "value": "p",
                "refinedBy": [
                    {"type": "TextQuoteSelector", "exact": "a"},
                    {"type": "TextPositionSelector", "start": 1, "end": 2},
                ],
            },
            "a",
            None,
        ),
        ("http://example.org/selector", None, None),
        ({"type": "TextQuoteSelector", "exact": ""}, None, None),
        ({"type": "TextQuoteSelector", "exact": 5}, None, None),
    ],
)
def test_selectors_of_every_kind(
    selector: Any, exact: str | None, position: Position | None
) -> None:
    value = foreign(target={"source": PAGE, "selector": selector})
    note = note_in(value)
    assert (note.quote and note.quote.exact, note.position) == (exact, position)
    assert given_back(value)["target"] == value["target"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2015-01-31T12:03:45Z", "2015-01-31T12:03:45Z"),
        ("2015-01-31T12:03:45.123456789Z", "2015-01-31T12:03:45.123456Z"),
        ("2015-01-31T12:03:45-05:30", "2015-01-31T17:33:45.000000Z"),
        ("2015-01-31T12:03:45", "2015-01-31T12:03:45.000000Z"),
        ("2015-01-31", "2015-01-31T00:00:00.000000Z"),
        ("2015-02-31T12:03:45Z", ""),
        ("0001-01-01T00:00:00+14:00", ""),
        ("yesterday", ""),
        (5, ""),
        (None, ""),
    ],
)
def test_times_of_every_kind(said: Any, kept: str) -> None:
    assert note_in(foreign(created=said)).created == kept


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (5, ""),
        ([], ""),
        ({}, "target"),
        ({"type": "Annotation"}, "target"),
        (foreign(type="Dataset"), "type"),
        (foreign(target="not an address"), "target"),
        (foreign(target={"source": 5}), "target"),
        (foreign(target=[]), "target"),
        (foreign(target="http://[broken"), "target"),
        (foreign(target={"source": "http://a b/"}), "target"),
    ],
)
def test_what_is_no_annotation_is_broken_and_says_so(value: Any, field: str) -> None:
    item = note_of(value, 3, 8)
    assert isinstance(item, Broken), item
    assert (item.number, item.line, item.field) == (3, 8, field)
    assert item.sentence.endswith(".")


def test_ids_that_are_ours_are_taken_and_others_lead_back() -> None:
    uuid = "0190f3a0-1111-7000-8000-000000000001"
    container = "https://notes.example/postil/w3c/"
    for id in (f"urn:uuid:{uuid}", f"{container}{uuid}", f"{container}pages/aHR0cA/{uuid}"):
        note = note_in(foreign(id=id))
        assert note.id == uuid
        assert note.extra is not None
        assert "via" not in note.extra["w3c"]
    back = given_back(foreign(via=["http://a.example/1"]))
    assert back["via"] == [FOREIGN["id"], "http://a.example/1"]
    canonical = "urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df"
    assert given_back(foreign(canonical=canonical))["canonical"] == canonical


def test_a_context_of_its_own_stays() -> None:
    context = ["http://www.w3.org/ns/anno.jsonld", {"ex": "http://example.org/ns#"}]
    back = given_back(foreign(**{"@context": context, "ex:mood": "wry"}))
    assert (back["@context"], back["ex:mood"]) == (context, "wry")


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b", "a\nb"),
        ("  a \n b  ", "a b"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<blockquote>a</blockquote>b", "> a\n\nb"),
        ('<a href="https://example.org/">there</a>', "[there](https://example.org/)"),
        ('<a href="javascript:alert(1)">there</a>', "there"),
        ('<a href="https://x.example/) [y](javascript:z">there</a>', "there"),
        ("a<script>alert(1)</script>b<style>p{}</style>", "ab"),
        ("<b>a</b> <em>b</em> <code>c</code>", "**a** _b_ `c`"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("&lt;b&gt; &amp; &#x41;", "<b> & A"),
        ("</p></b></a></ul>", ""),
        ("a<p", "a<p"),
        ("<!doctype html><?x?>a<!-- b <i> -->c<!-- d", "ac"),
        ("1 < 2 <3 </> <![CDATA[x]]>", "1 < 2 <3 </>"),
        ("<blockquote>" * 9 + "a", "> " * 8 + "a"),
        ("<!--" * 50_000, ""),
        ("<" * 50_000, "<" * 50_000),
        ("<a " * 20_000, ("<a " * 20_000).strip()),
        ("", ""),
    ],
)
def test_html_becomes_text(html: str, markdown: str) -> None:
    body = {"type": "TextualBody", "value": html, "format": "text/html"}
    assert note_in(foreign(body=body)).note == markdown
