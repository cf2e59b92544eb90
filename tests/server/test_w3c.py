"""Notes as W3C Web Annotations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from ada_url import URL
from hypothesis import given, settings
from hypothesis import strategies as st
from web_annotation import check_annotation, check_collection, iri

from server.formats import w3c
from server.formats.w3c_iri import iri as iri_of
from store.model import Annotation, Color, Position, Quote
from store.page_key import page_key

EPOCH = "0190f3a0-0000-7000-8000-000000000000"
NOW = "2026-11-24T10:00:00.123456Z"


def annotation(**said: Any) -> Annotation:
    fields = {
        "id": "0190f3a0-1111-7000-8000-000000000001",
        "url": "https://example.org/essays/margins",
        "page": "https://example.org/essays/margins",
        "title": "On margins",
        "quote": Quote("a room", "it is ", " with"),
        "position": Position(10, 16),
        "note": "So it *is*.",
        "tags": ["reading", "rooms"],
        "color": Color.GREEN,
        "created": NOW,
        "updated": NOW,
        "device": "d",
        "rev": 7,
    } | said
    return Annotation(**fields)


def exported(*annotations: Annotation) -> Any:
    return json.loads(b"".join(w3c.export(EPOCH, "default", annotations)))


def test_a_note_on_a_passage() -> None:
    assert w3c.document(annotation()) == {
        "id": "urn:uuid:0190f3a0-1111-7000-8000-000000000001",
        "type": "Annotation",
        "motivation": "commenting",
        "created": NOW,
        "modified": NOW,
        "body": [
            {
                "type": "TextualBody",
                "value": "So it *is*.",
                "format": "text/markdown",
                "purpose": "commenting",
            },
            {"type": "TextualBody", "value": "reading", "purpose": "tagging"},
            {"type": "TextualBody", "value": "rooms", "purpose": "tagging"},
        ],
        "target": {
            "type": "SpecificResource",
            "source": "https://example.org/essays/margins",
            "styleClass": "postil-green",
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": "a room",
                    "prefix": "it is ",
                    "suffix": " with",
                },
                {"type": "TextPositionSelector", "start": 10, "end": 16},
            ],
            "dcterms:title": "On margins",
        },
        "stylesheet": {
            "type": "CssStylesheet",
            "format": "text/css",
            "value": ".postil-green { background-color: #c9f0c1; }",
        },
    }


def test_a_bare_highlight_has_no_body() -> None:
    document = w3c.document(annotation(note="", tags=[]))
    assert "body" not in document
    assert document["motivation"] == "highlighting"
    check_annotation(document)


def test_a_note_on_the_whole_page_has_the_page_itself_as_target() -> None:
    bare = annotation(quote=None, position=None, title="", color=Color.YELLOW)
    document = w3c.document(bare)
    assert document["target"] == "https://example.org/essays/margins"
    assert "stylesheet" not in document
    check_annotation(document)


@pytest.mark.parametrize(
    ("said", "motivation"),
    [
        ({}, "commenting"),
        ({"note": ""}, "tagging"),
        ({"note": "", "tags": []}, "highlighting"),
        ({"note": "", "tags": [], "quote": None}, "bookmarking"),
    ],
)
def test_the_motivation_says_what_the_reader_did(said: dict[str, Any], motivation: str) -> None:
    assert w3c.document(annotation(**said))["motivation"] == motivation


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/?q=a|b{c}^d`e", "https://example.org/?q=a%7Cb%7Bc%7D%5Ed%60e"),
        ("https://example.org/a[1]?b[]=2", "https://example.org/a%5B1%5D?b%5B%5D=2"),
        ("https://[::1]:8080/a", "https://[::1]:8080/a"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/%e4%b8%ad", "https://example.org/%e4%b8%ad"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"),
        ("https://example.org/#", "https://example.org/#"),
        ("urn:isbn:9780141439518", "urn:isbn:9780141439518"),
        ("https://bücher.example/中", "https://xn--bcher-kva.example/%E4%B8%AD"),
    ],
)
def test_what_an_iri_may_not_hold_is_percent_encoded(url: str, expected: str) -> None:
    assert iri_of(url) == expected
    iri(iri_of(url))


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_address_becomes_an_iri(path: str, query: str, fragment: str) -> None:
    url = f"https://example.org/{path}?{query}#{fragment}"
    page_key(url)  # the store takes it
    made = iri_of(url)
    iri(made)
    assert iri_of(made) == made


@given(st.from_regex(r"(data|urn|file|about|blob):[^\s]{1,30}", fullmatch=True))
def test_addresses_of_other_schemes_do_too(url: str) -> None:
    try:
        URL(url)
    except ValueError:
        return
    iri(iri_of(url))


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    quote = draw(st.none() | st.builds(Quote, _TEXT.filter(bool), _TEXT, _TEXT))
    start = draw(st.integers(0, 2**50))
    return annotation(
        id=str(UUID(int=draw(st.integers(0, 2**128 - 1)))),
        url=f"https://example.org/{draw(_TEXT)}",
        title=draw(_TEXT),
        quote=quote,
        position=draw(st.none() | st.just(Position(start, start + 5))) if quote else None,
        note=draw(_TEXT),
        tags=draw(st.lists(_TEXT.filter(bool), max_size=3, unique=True)),
        color=draw(st.sampled_from(Color)),
    )


@settings(max_examples=40)
@given(st.lists(annotations(), max_size=4, unique_by=lambda one: one.id))
def test_any_notes_make_a_valid_collection_that_says_all_of_them(notes: list[Annotation]) -> None:
    items = check_collection(exported(*notes))
    assert [item["id"] for item in items] == [f"urn:uuid:{note.id}" for note in notes]
    for item, note in zip(items, notes, strict=True):
        said = {body["value"] for body in item.get("body", [])}
        assert said == {value for value in (note.note, *note.tags) if value}
        if note.quote is not None:
            assert item["target"]["selector"][0]["exact"] == note.quote.exact


def test_no_notes_are_an_empty_collection() -> None:
    assert check_collection(exported()) == []


def test_one_account_is_always_the_same_collection() -> None:
    assert exported()["id"] == exported(annotation())["id"]
    other = json.loads(b"".join(w3c.export(EPOCH, "other", [])))
    assert other["id"] != exported()["id"]


def many(number: int) -> Iterator[Annotation]:
    for index in range(number):
        yield annotation(id=str(UUID(int=index)), note="x" * 1000)


def test_a_long_collection_comes_in_chunks() -> None:
    chunks = list(w3c.export(EPOCH, "default", many(1000)))
    assert len(chunks) > 10
    assert max(map(len, chunks)) < 80_000
    assert len(check_collection(json.loads(b"".join(chunks)))) == 1000


def test_a_collection_cut_short_by_an_error_is_not_valid_json() -> None:
    def failing() -> Iterator[Annotation]:
        yield from many(500)
        raise OSError("the disk is gone")

    received: list[bytes] = []
    with pytest.raises(OSError, match="the disk is gone"):
        received.extend(w3c.export(EPOCH, "default", failing()))
    assert received
    with pytest.raises(json.JSONDecodeError):
        json.loads(b"".join(received))
