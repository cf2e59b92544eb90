"""GET /api/search."""

from __future__ import annotations

from typing import Any

import pytest
from asking import note, problem
from flask.testing import FlaskClient


def keep(reader: FlaskClient, text: str, **fields: Any) -> None:
    assert reader.post("/api/annotations", json=note(note=text, **fields)).status_code == 201


def found(reader: FlaskClient, q: str = "", **fields: Any) -> list[str]:
    answer = reader.get("/api/search", query_string={"q": q, **fields})
    assert answer.status_code == 200, answer.text
    assert len(answer.json["annotations"]) == min(answer.json["total"], 50)
    return sorted(one["note"] for one in answer.json["annotations"])


def test_notes_are_found_by_their_words(reader: FlaskClient) -> None:
    keep(reader, "Marginalia of the Renaissance")
    keep(reader, "Something else")
    assert found(reader, "renaissance") == ["Marginalia of the Renaissance"]
    assert found(reader, '"marginalia of"') == ["Marginalia of the Renaissance"]
    assert found(reader, "-renaissance") == ["Something else"]
    assert found(reader, "nowhere") == []
    assert len(found(reader)) == 2


def test_fields_beside_the_query_narrow_it(reader: FlaskClient) -> None:
    keep(reader, "a", tags=['say "hi"'], color="pink")
    keep(reader, "b", tags=["x", "y"], color="blue", url="https://blog.example.com/b")
    keep(reader, "c", tags=["x"], color="green", url="https://example.com/c")
    assert found(reader, tag='say "hi"') == ["a"]
    assert found(reader, tag=["x", "y"]) == ["b"]
    assert found(reader, color=["pink", "blue"]) == ["a", "b"]
    assert found(reader, site="example.com") == ["b", "c"]
    assert found(reader, "color:green", site="example.com", tag="") == ["c"]
    assert found(reader, after="2020") == ["a", "b", "c"]
    assert found(reader, before="2020") == []


def test_a_long_answer_comes_in_pages(reader: FlaskClient) -> None:
    for n in range(5):
        keep(reader, f"margin {n}")
    seen: list[str] = []
    cursor = ""
    for count in (2, 2, 1):
        query = {"q": "margin", "limit": 2, "cursor": cursor, "sort": "oldest"}
        answer = reader.get("/api/search", query_string=query).json
        assert (len(answer["annotations"]), answer["total"]) == (count, 5)
        seen += [one["note"] for one in answer["annotations"]]
        cursor = answer["cursor"]
    assert seen == [f"margin {n}" for n in range(5)]
    assert cursor is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"q": "color:mauve"}, "q"),
        ({"q": "x" * 2000}, "q"),
        ({"color": "mauve"}, "color"),
        ({"site": "::"}, "site"),
        ({"before": "soon"}, "before"),
        ({"after": "soon"}, "after"),
        ({"sort": "best"}, "sort"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"cursor": "x"}, "cursor"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    reader: FlaskClient, query: dict[str, str], field: str
) -> None:
    problem(reader.get("/api/search", query_string=query), 422, "invalid", field)


def test_the_wire_never_shows_the_clock(reader: FlaskClient) -> None:
    keep(reader, "margin")
    assert "clock" not in reader.get("/api/search?q=margin").text


def test_strangers_find_nothing(client: FlaskClient) -> None:
    problem(client.get("/api/search?q=x"), 401, "unauthorized")


def test_an_unchanged_answer_is_304(reader: FlaskClient) -> None:
    keep(reader, "margin")
    etag = reader.get("/api/search?q=margin").headers["ETag"]
    again = reader.get("/api/search?q=margin", headers={"If-None-Match": etag})
    assert again.status_code == 304
