"""Whatever is sent, nothing breaks, and what is kept says the same each time it goes round."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from foreign import LATER, PAGE, stored
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protocol import LD
from web_annotation import CONTEXT

from server.current import services
from server.formats import Note, w3c
from server.formats.w3c_reading import note_of
from store.merge import merge
from store.model import Color, Fields, Invalid, Operation, Quote, encode

_WORD = st.sampled_from(
    f"{PAGE} Annotation TextualBody Choice SpecificResource TextQuoteSelector tagging commenting "
    "TextPositionSelector postil-green postil-pink red text/html <b>x</b> http://x.example/ # a "
    "2015-01-31T12:00:00+01:00 urn:postil:url".split()
) | st.text(max_size=6)
_KEY = st.sampled_from(
    "id type value source selector exact prefix suffix start end items purpose format refinedBy "
    "styleClass canonical dcterms:title title via @id @type chars".split()
) | st.text(max_size=4)
_VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEY, inner, max_size=4),
    max_leaves=12,
)
_RESOURCE = st.fixed_dictionaries(
    {
        "source": st.just(PAGE)
        | st.fixed_dictionaries({"id": st.just(PAGE)}, optional={"canonical": _VALUE})
    },
    optional={
        "selector": _VALUE
        | st.lists(
            st.fixed_dictionaries(
                {"type": _WORD},
                optional={"exact": _WORD, "start": _VALUE, "end": _VALUE, "refinedBy": _VALUE},
            ),
            max_size=3,
        ),
        "styleClass": _VALUE,
        "dcterms:title": _VALUE,
    },
)
_BODY = st.fixed_dictionaries(
    {},
    optional={
        "type": _VALUE,
        "value": _WORD,
        "purpose": _VALUE,
        "format": _WORD,
        "items": _VALUE,
        "language": _WORD,
    },
)
ANNOTATIONS = st.fixed_dictionaries(
    {
        "@context": st.just(CONTEXT),
        "type": st.just("Annotation"),
        "target": st.just(PAGE) | _RESOURCE | st.lists(_RESOURCE | _VALUE, max_size=3) | _VALUE,
    },
    optional={
        "id": _VALUE,
        "body": _BODY | st.lists(_BODY | _VALUE, max_size=3) | _VALUE,
        "bodyValue": _VALUE,
        "motivation": _VALUE,
        "created": _VALUE,
        "modified": _VALUE,
        "canonical": _VALUE,
        "via": _VALUE,
        "stylesheet": _VALUE,
        "creator": _VALUE,
        "@graph": _VALUE,
        "urn:postil:url": _VALUE,
        "urn:postil:canonical": _VALUE,
        "urn:postil:conflict_of": _VALUE,
        "urn:postil:extra": _VALUE | st.just('{"w3c": {"body": 5}}') | st.just('{"a": 1}'),
    },
)
_EDITS = st.fixed_dictionaries(
    {},
    optional={
        "note": st.sampled_from(["", "new"]),
        "color": st.sampled_from(Color),
        "quote": st.sampled_from([None, Quote("new", "", "")]),
        "title": st.sampled_from(["", "New"]),
    },
)


@settings(max_examples=50, derandomize=True)
@given(ANNOTATIONS, _EDITS, st.sampled_from([[], ["a"], ["new"]]))
def test_any_annotation_is_kept_or_refused_and_its_record_goes_round(
    value: Any, edits: dict[str, Any], tags: list[str]
) -> None:
    item = note_of(value, 1)
    if not isinstance(item, Note):
        assert item.sentence
        return
    try:
        record = stored(item)
    except Invalid:
        return  # over a limit, or not to be kept at all
    edit = Operation(id=record.id, base=record.rev, set=Fields(**edits), tags_add=tags)
    outcome = merge(record, edit, device="d", seq=2, now=LATER)
    for each in (record, outcome.record or record):
        document = json.loads(encode(w3c.document(each)))
        (note,) = [note_of(document, 1)]
        assert isinstance(note, Note), note
        again = stored(note)
        assert _told(again) == _told(each)
        shown = w3c.document(each, f"http://localhost/w3c/{each.id}", exact=False)
        read = w3c.understood(shown)
        assert (read.note, read.tags, read.quote) == (each.note, each.tags, each.quote)
        assert (read.color or Color.YELLOW) is each.color
        assert read.url == each.url


def _told(record: Any) -> Any:
    said = json.loads(encode(record))
    return {name: said[name] for name in said if name not in ("rev", "clock", "device", "updated")}


def test_an_unchanged_annotation_is_given_back_as_it_came() -> None:
    @settings(max_examples=50, derandomize=True)
    @given(ANNOTATIONS)
    def given_back(value: Any) -> None:
        item = note_of(value, 1)
        if not isinstance(item, Note) or "urn:postil:extra" in value:
            return
        try:
            record = stored(item)
        except Invalid:
            return
        back = w3c.document(record)
        ours = {"id", "created", "modified", "via", "@context", "bodyValue", "@graph", "stylesheet"}
        for name in value.keys() - ours:
            if name.startswith("urn:postil:") or value[name] in (None, []):
                continue
            if name == "body" and "bodyValue" in value:
                continue  # not both, so the one is folded into the other
            assert back.get(name) == value[name], name

    given_back()


def test_no_document_makes_the_server_stumble(app: Flask) -> None:
    access = services(app).access
    paired = access.pair(access.pairing_code("hostile"), "tool", "api", "")
    assert paired is not None
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {paired[0]}"

    @settings(max_examples=20, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(ANNOTATIONS, ANNOTATIONS)
    def sent(first: Any, second: Any) -> None:
        made = client.post("/w3c/", data=json.dumps(first), content_type=LD)
        assert made.status_code in (201, 413, 415, 422), made.text
        if made.status_code != 201:
            return
        assert client.get(made.location).json == made.json
        headers = {"If-Match": made.headers["ETag"]}
        put = client.put(made.location, data=json.dumps(second), content_type=LD, headers=headers)
        assert put.status_code in (200, 409, 413, 415, 422), put.text
        now = client.get(made.location)
        headers = {"If-Match": now.headers["ETag"]}
        same = client.put(made.location, data=now.data, content_type=LD, headers=headers)
        assert same.status_code == 200
        assert same.json | {"modified": ""} == now.json | {"modified": ""}
        assert client.delete(made.location).status_code == 204

    sent()
