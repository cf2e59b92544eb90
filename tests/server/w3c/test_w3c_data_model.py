"""Whatever Postil holds, what it exports keeps every MUST of the Web Annotation Data Model."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from any_record import records
from data_model import ANNOTATION, COLLECTION, PAGE
from foreign import FOREIGN, foreign, given_back
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from server.formats import w3c
from store.model import Annotation, Color, Quote

EPOCH = "0190f3a0-0000-7000-8000-000000000000"
STRANGE = foreign(
    body=[
        {"type": "Choice", "items": [{"type": "TextualBody", "value": "a"}, "http://example.org/"]},
        {"id": "http://example.org/film", "type": "Video", "textDirection": "rtl"},
        {"source": "http://example.org/film", "purpose": "linking", "via": "urn:x:y"},
    ],
    target=[
        {
            "source": "https://example.org/essays/margins",
            "state": {"type": "TimeState", "sourceDate": "2015-07-20T13:30:00Z"},
            "selector": {
                "type": "FragmentSelector",
                "value": "a",
                "refinedBy": {"type": "TextQuoteSelector", "exact": "a room"},
            },
        },
        "https://example.org/other",
    ],
)


@cache
def made() -> list[Annotation]:
    """Records of every kind, the same in each run."""
    found: list[Annotation] = []

    @settings(max_examples=80, derandomize=True, database=None)
    @given(records(st.just(UNSET) | st.just({"hypothesis": {"id": "kX3b"}})))
    def collect(record: Annotation) -> None:
        found.append(replace(record, id=str(UUID(int=len(found)))))

    collect()
    return found


@cache
def annotations() -> list[dict[str, Any]]:
    edits: list[dict[str, Any]] = [
        {}, {"note": ""}, {"note": "new"}, {"tags": []}, {"tags": ["new"]},
        {"color": Color.PINK}, {"quote": None}, {"quote": Quote("new", "", "")},
    ]  # fmt: skip
    theirs = [given_back(one, **edit) for one in (FOREIGN, STRANGE) for edit in edits]
    ours = [w3c.document(record) for record in made()]
    assert len(ours) > 40
    return [w3c.with_context(json.loads(json.dumps(one))) for one in ours + theirs]


@cache
def collection() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(b"".join(w3c.export(EPOCH, "default", made())))
    return whole


def test_there_are_as_many_musts_as_the_w3c_counts() -> None:
    assert (len(ANNOTATION), len(COLLECTION), len(PAGE)) == (54, 10, 15)


@pytest.mark.parametrize("must", ANNOTATION)
def test_annotations_keep_section(must: str) -> None:
    keeps, broken = ANNOTATION[must]
    assert [one for one in annotations() if not keeps(one)] == []
    spoiled = {**annotations()[0], **broken}
    assert not keeps({name: said for name, said in spoiled.items() if said is not None})


@pytest.mark.parametrize("must", COLLECTION)
def test_collections_keep_section(must: str) -> None:
    keeps, broken = COLLECTION[must]
    assert keeps(collection())
    assert keeps(json.loads(b"".join(w3c.export(EPOCH, "default", []))))
    assert not keeps(collection() | broken)


@pytest.mark.parametrize("must", PAGE)
def test_pages_keep_section(must: str) -> None:
    keeps, broken = PAGE[must]
    # An embedded page takes the collection's context.
    page = {"@context": collection()["@context"], **collection()["first"]}
    assert keeps(page)
    assert not keeps(page | broken)
