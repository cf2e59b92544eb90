"""Everything, to take away."""

from __future__ import annotations

import json

from asking import note, problem
from flask.testing import FlaskClient
from web_annotation import check_collection


def test_the_export_is_a_valid_collection_of_all_live_notes(reader: FlaskClient) -> None:
    made = [reader.post("/api/annotations", json=note(note=str(n))).json["id"] for n in range(3)]
    reader.delete(f"/api/annotations/{made[1]}")
    answer = reader.get("/api/export?format=w3c")
    assert answer.content_type == (
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    )
    assert answer.headers["Content-Disposition"].endswith('.jsonld"')
    items = check_collection(json.loads(answer.data))
    assert {item["id"] for item in items} == {f"urn:uuid:{made[0]}", f"urn:uuid:{made[2]}"}


def test_the_format_may_be_left_out(reader: FlaskClient) -> None:
    assert check_collection(json.loads(reader.get("/api/export").data)) == []


def test_an_unknown_format_is_refused_and_the_known_ones_named(reader: FlaskClient) -> None:
    detail = problem(reader.get("/api/export?format=docx"), 422, "invalid", "format")
    assert "w3c" in detail


def test_pages_and_tags_are_listed_with_their_counts(reader: FlaskClient) -> None:
    reader.post("/api/annotations", json=note(tags=["a", "b"]))
    reader.post("/api/annotations", json=note(tags=["a"], color="pink"))
    (page,) = reader.get("/api/pages").json["pages"]
    assert (page["count"], page["title"]) == (2, "On margins")
    assert {color: n for color, n in page["colors"].items() if n} == {"green": 1, "pink": 1}
    assert reader.get("/api/tags").json == {
        "tags": [{"tag": "a", "count": 2}, {"tag": "b", "count": 1}]
    }


def test_the_status_tells_strangers_no_more_than_what_this_is(
    client: FlaskClient, reader: FlaskClient
) -> None:
    assert client.get("/api/status").json.keys() == {"name", "version"}
    reader.post("/api/annotations", json=note())
    status = reader.get("/api/status").json
    assert (status["annotations"], status["pages"], status["store"]) == (1, 1, "tinydb")
    wrong = {"Authorization": "Bearer wrong"}
    problem(client.get("/api/status", headers=wrong), 401, "unauthorized")
