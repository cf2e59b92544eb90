"""W3C Web Annotations read: our own come back the same, others as far as they are understood."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from server.formats import Broken, Note, UnreadableFile, w3c
from server.formats.w3c_foreign import fitting
from server.formats.w3c_reading import note_of, read
from store.merge import Outcome, merge
from store.model import (
    MAX_EXTRA,
    Annotation,
    Color,
    Fields,
    Operation,
    Position,
    Quote,
    decode,
    encode,
)

EPOCH = "0190f3a0-0000-7000-8000-000000000000"
PAGE = "https://example.org/essays/margins"
LATER = "2026-11-24T12:00:00.000000Z"


def stored(note: Note) -> Annotation:
    """The record that an importer makes of a note, in an empty store."""
    fields = Fields(
        url=note.url,
        canonical=note.canonical or UNSET,
        title=note.title,
        quote=note.quote,
        position=note.position,
        note=note.note,
        color=note.color or UNSET,
        created=note.created or UNSET,
        conflict_of=note.conflict_of or UNSET,
        extra=UNSET if note.extra is None else note.extra,
    )
    operation = Operation(
        id=note.id or str(UUID(int=7)),
        base=0,
        set=fields,
        tags_add=note.tags,
        at=note.updated or UNSET,
    )
    # As it would come over the wire: held to every limit.
    operation = decode(encode(operation), Operation)
    outcome: Outcome = merge(None, operation, device="d", seq=1, now=LATER)
    assert outcome.record is not None, outcome.reason
    return outcome.record


def note_in(value: Any) -> Note:
    (item,) = read(io.BytesIO(json.dumps(value).encode()))
    assert isinstance(item, Note), item
    return item


_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_TEXT = st.text(_CHARACTERS, max_size=30)
_SOME = st.text(_CHARACTERS, min_size=1, max_size=30)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)
_NAMES = st.sampled_from(
    "body bodyValue target motivation type stylesheet via canonical creator id created @context "
    "@graph urn:postil:extra generator".split()
)
_EXTRA = st.one_of(
    st.just(UNSET),
    st.dictionaries(_TEXT, _JSON, min_size=1, max_size=2),
    st.builds(lambda kept: {"w3c": kept}, st.dictionaries(_NAMES, _JSON, max_size=3)),
)


@st.composite
def records(draw: st.DrawFn) -> Annotation:
    """Any record a store may hold."""
    start = draw(st.integers(0, 2**50))
    fields = Fields(
        url=f"https://example.org/{draw(_TEXT)}",
        canonical=draw(st.just(UNSET) | st.builds("https://example.org/{}".format, _SOME)),
        title=draw(_TEXT),
        quote=draw(st.none() | st.builds(Quote, _SOME, _TEXT, _TEXT)),
        position=draw(st.none() | st.just(Position(start, start + 5))),
        note=draw(_TEXT),
        color=draw(st.sampled_from(Color)),
        created=draw(st.sampled_from(["2019-02-28T23:59:59Z", "2026-11-24T08:15:30.123456Z"])),
        conflict_of=draw(st.sampled_from([UNSET, str(UUID(int=9))])),
        extra=draw(_EXTRA),
    )
    tags = draw(st.lists(_SOME, max_size=3, unique=True))
    id = str(UUID(int=draw(st.integers(0, 2**128 - 1))))
    at = "2026-11-24T09:00:00.5Z"
    operation = Operation(id=id, base=0, set=fields, tags_add=tags, at=at)
    outcome = merge(None, operation, device="d", seq=1, now=LATER)
    assert outcome.record is not None
    return outcome.record


@given(st.lists(records(), max_size=3, unique_by=lambda one: one.id))
def test_what_is_taken_out_and_put_into_an_empty_store_is_the_same(kept: list[Annotation]) -> None:
    file = b"".join(w3c.export(EPOCH, "default", kept))
    found = list(read(io.BytesIO(file)))
    assert all(isinstance(item, Note) for item in found), found
    assert [stored(item) for item in found if isinstance(item, Note)] == kept


FOREIGN: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "http://annotations.example/anno23",
    "type": "Annotation",
    "motivation": ["questioning", "oa:linking"],
    "creator": {"id": "http://people.example/ada", "type": "Person", "name": "Ada"},
    "created": "2015-01-31T12:03:45+01:00",
    "generator": "http://tools.example/7",
    "rights": "https://creativecommons.org/publicdomain/zero/1.0/",
    "body": [
        {"type": "TextualBody", "value": "Is that so?", "language": "en", "format": "text/plain"},
        {"type": "SpecificResource", "source": "http://videos.example/1", "purpose": "describing"},
        {"type": "TextualBody", "value": "doubt", "purpose": "tagging"},
    ],
    "target": {
        "source": PAGE + "#part",
        "scope": "http://example.org/frame",
        "selector": [
            {"type": "TextQuoteSelector", "exact": "a room", "prefix": "x" * 300 + "it is "},
            {
                "type": "RangeSelector",
                "startSelector": {"type": "XPathSelector", "value": "//p[1]"},
                "endSelector": {"type": "XPathSelector", "value": "//p[2]"},
            },
        ],
        "styleClass": "red",
    },
    "stylesheet": "http://example.org/style.css",
}


def foreign(**said: Any) -> dict[str, Any]:
    return {name: value for name, value in (FOREIGN | said).items() if value is not None}


def given_back(value: dict[str, Any], **edits: Any) -> dict[str, Any]:
    """The same annotation after it was kept, and perhaps edited by the reader."""
    record = stored(note_in(value))
    tags = edits.pop("tags", record.tags)
    operation = Operation(
        id=record.id,
        base=record.rev,
        set=Fields(**edits),
        tags_add=[tag for tag in tags if tag not in record.tags],
        tags_remove=[tag for tag in record.tags if tag not in tags],
    )
    outcome = merge(record, operation, device="d", seq=2, now=LATER)
    return w3c.document(outcome.record or record)


def test_a_foreign_annotation_is_understood_as_far_as_it_goes() -> None:
    note = note_in(FOREIGN)
    assert (note.id, note.source) == ("", "w3c:http://annotations.example/anno23")
    assert note.url == PAGE + "#part"
    assert note.quote == Quote("a room", ("x" * 300 + "it is ")[-256:], "")
    assert (note.note, note.tags, note.color) == ("Is that so?", ["doubt"], None)
    assert note.created == "2015-01-31T11:03:45.000000Z"


def test_what_is_not_understood_is_given_back_unchanged() -> None:
    back = given_back(FOREIGN)
    changed = {"id", "created", "@context"}
    assert {name: back[name] for name in FOREIGN if name not in changed} == {
        name: value for name, value in FOREIGN.items() if name not in changed
    }
    assert back["via"] == FOREIGN["id"]


def test_it_is_still_there_when_the_reader_has_written_something_else() -> None:
    back = given_back(FOREIGN, note="No.")
    ours, *others = FOREIGN["body"]
    assert back["body"] == [{**ours, "value": "No."}, others[1], others[0]]
    assert back["target"] == FOREIGN["target"]
    assert back["creator"] == FOREIGN["creator"]
    assert back["motivation"] == FOREIGN["motivation"]


def test_a_new_colour_leaves_the_foreign_selectors_where_they_are() -> None:
    back = given_back(FOREIGN, color=Color.PINK)
    assert back["target"] == {**FOREIGN["target"], "styleClass": ["red", "postil-pink"]}
    assert back["stylesheet"][0] == FOREIGN["stylesheet"]
    assert ".postil-pink" in back["stylesheet"][1]["value"]


def test_selectors_of_another_passage_go_when_the_note_moves() -> None:
    back = given_back(FOREIGN, quote=Quote("two rooms", "", ""))
    assert back["target"]["selector"] == [{"type": "TextQuoteSelector", "exact": "two rooms"}]


def test_a_tag_taken_away_is_gone_and_a_new_one_there() -> None:
    back = given_back(FOREIGN, tags=["sure"])
    assert {"type": "TextualBody", "value": "sure", "purpose": "tagging"} in back["body"]
    assert FOREIGN["body"][2] not in back["body"]
    assert FOREIGN["body"][1] in back["body"]


def test_a_text_taken_away_leaves_no_empty_body() -> None:
    value = foreign(body={"type": "TextualBody", "value": "y" * 2000, "language": "en"})
    assert "body" not in given_back(value, note="")
    assert given_back(value, note="z")["body"] == {**value["body"], "value": "z"}


def test_a_long_text_is_not_kept_twice() -> None:
    value = foreign(body={"type": "TextualBody", "value": "y" * 90_000, "language": "en"})
    assert len(encode(stored(note_in(value)).extra)) < 3000
    assert given_back(value)["body"] == value["body"]


def test_what_is_too_much_goes_and_that_is_said() -> None:
    value = foreign(body=None, **{"ex:large": "y" * 20_000, "ex:small": "z"})
    extra = note_in(value).extra
    assert extra is not None
    assert len(encode(extra)) <= MAX_EXTRA
    assert extra["w3c"]["urn:postil:dropped"] == "ex:large"
    back = given_back(value)
    assert back["urn:postil:dropped"] == "ex:large"
    assert back["ex:small"] == "z"
    assert fitting({"a": 1}) == {"a": 1}


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
    for id in (f"urn:uuid:{uuid}", f"https://notes.example/w3c/{uuid}"):
        note = note_in(foreign(id=id))
        assert (note.id, note.source) == (uuid, "")
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


ONE = foreign(id=None)


@pytest.mark.parametrize(
    ("file", "found"),
    [
        (ONE, "n"),
        ([ONE, ONE], "nn"),
        ([], ""),
        ({"type": "AnnotationPage", "items": [ONE, ONE]}, "nn"),
        ({"type": "AnnotationPage", "items": []}, ""),
        ({"first": {"type": "AnnotationPage", "items": [ONE]}, "total": 1}, "n"),
        ({"total": 1, "first": [{"items": [ONE]}, {"items": [ONE]}]}, "nn"),
        ({"@graph": [ONE]}, "n"),
        ({"items": [ONE, "http://example.org/anno", {"type": "Annotation"}, ONE]}, "nbbn"),
        ([foreign(body={"type": "Choice", "items": [{"value": "}]{["}]}), ONE], "nn"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\r\n "])
def test_files_of_every_shape(file: Any, found: str, indent: int | None, start: bytes) -> None:
    data = start + json.dumps(file, indent=indent).encode()
    items = list(read(io.BytesIO(data)))
    assert "".join("n" if isinstance(item, Note) else "b" for item in items) == found
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    if indent and found:
        text = data.decode("utf-8-sig").splitlines()
        assert all(text[item.line - 1].strip()[:1] in ("{", '"') for item in items if item.line)


class Dripping(io.RawIOBase):
    """A file that comes a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step = data, step

    def read(self, size: int = -1) -> bytes:
        given, self.data = self.data[: self.step], self.data[self.step :]
        return given


@pytest.mark.parametrize("step", [1, 7, 100])
def test_a_file_may_come_in_pieces(step: int) -> None:
    data = json.dumps({"first": {"items": [ONE, foreign(body='a\\"}]'), ONE]}}, indent=1).encode()
    whole, dripped = list(read(io.BytesIO(data))), list(read(Dripping(data, step)))
    assert dripped == whole
    assert len(whole) == 3


def test_a_file_cut_short_gives_what_came_and_says_that_it_ends() -> None:
    data = json.dumps({"first": {"items": [ONE, ONE, ONE]}}).encode()
    items = list(read(io.BytesIO(data[: len(data) - 40])))
    assert [type(item) for item in items] == [Note, Note, Broken]
    assert items[-1].number == 3


def test_a_broken_annotation_spoils_no_other() -> None:
    one = json.dumps(ONE)
    for broken in ('{"a": nul}', '{"a": "\\ud800"}', '{"a":' + "[" * 5000 + "]" * 5000 + "}"):
        items = list(read(io.BytesIO(f"[{one},{broken},{one}]".encode())))
        assert [type(item) for item in items] == [Note, Broken, Note], broken[:20]


@pytest.mark.parametrize("data", [b"", b"  ", b"<html>", b"5", b'"text"', b"{}", b'{"a": [1]}'])
def test_what_holds_no_annotations_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        list(read(io.BytesIO(data)))


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
        ("", ""),
    ],
)
def test_html_becomes_text(html: str, markdown: str) -> None:
    body = {"type": "TextualBody", "value": html, "format": "text/html"}
    assert note_in(foreign(body=body)).note == markdown
