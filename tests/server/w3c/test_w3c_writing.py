"""Web Annotation Protocol, section 5: each MUST and SHOULD of creating, updating and deleting."""

from __future__ import annotations

from typing import Any

import pytest
from asking import ARTICLE, note, problem
from flask import Flask
from flask.testing import FlaskClient
from protocol import (
    CONSTRAINED,
    CONTAINERS,
    OF_PAGE,
    PROFILE,
    RESOURCE,
    annotation,
    methods,
    post,
    put,
)

# 5.1 Create a New Annotation ---------------------------------------------------------------------


@pytest.mark.parametrize("container", CONTAINERS)
def test_5_1_creating_must_answer_201_and_location(reader: FlaskClient, container: str) -> None:
    answer = post(reader, annotation(), container)
    assert answer.status_code == 201
    assert answer.location == answer.json["id"]
    assert reader.get(answer.location).json == answer.json
    assert answer.headers["ETag"] == reader.get(answer.location).headers["ETag"]


def test_5_1_the_server_must_assign_an_iri_even_if_there_is_one(reader: FlaskClient) -> None:
    given = "http://annotations.example/anno1"
    answer = post(reader, annotation(id=given))
    assert answer.json["id"].startswith("http://localhost/w3c/")
    again = post(reader, annotation(id=answer.json["id"]))
    assert again.json["id"] != answer.json["id"]


@pytest.mark.parametrize(
    "canonical", ["urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df", "http://a.example/ 1"]
)
def test_5_1_canonical_must_be_maintained_without_change(
    reader: FlaskClient, canonical: str
) -> None:
    answer = post(reader, annotation(canonical=canonical))
    assert answer.json["canonical"] == canonical
    assert reader.get(answer.location).json["canonical"] == canonical


@pytest.mark.parametrize(
    ("said", "via"),
    [
        ({"id": "http://a.example/1"}, "http://a.example/1"),
        ({"@id": "http://a.example/1"}, "http://a.example/1"),
        (
            {"id": "http://a.example/1", "via": "http://b.example/2"},
            ["http://a.example/1", "http://b.example/2"],
        ),
        ({"id": "http://a.example/1", "via": ["http://a.example/1"]}, "http://a.example/1"),
        (
            {"id": "urn:uuid:0190f3a0-1111-7000-8000-000000000001"},
            "urn:uuid:0190f3a0-1111-7000-8000-000000000001",
        ),
    ],
)
def test_5_1_an_iri_it_had_should_be_copied_to_via(
    reader: FlaskClient, said: dict[str, Any], via: Any
) -> None:
    assert post(reader, annotation(**said)).json["via"] == via


def test_5_1_the_body_must_be_the_annotation_as_it_is_managed_now(
    app: Flask, reader: FlaskClient
) -> None:
    sent = annotation(creator="http://people.example/ada", motivation="commenting")
    answer = post(reader, sent)
    assert answer.content_type == PROFILE
    assert {name: answer.json[name] for name in sent} == sent
    assert answer.json["created"] == answer.json["modified"]
    assert answer.json["created"].endswith("Z")


def test_5_1_link_must_say_that_it_is_a_resource(made: Any) -> None:
    links = made.headers.getlist("Link")
    assert RESOURCE in links
    assert CONSTRAINED in links


def test_5_1_vary_must_name_accept_and_prefer(made: Any) -> None:
    assert {"Accept", "Prefer"} <= set(made.vary)


def test_5_1_a_new_annotation_syncs_to_the_browsers(reader: FlaskClient, made: Any) -> None:
    (change,) = reader.get("/api/changes").json["changes"]
    assert change["id"] == made.location.rpartition("/")[2]
    assert (change["note"], change["url"]) == ("I like this page!", ARTICLE)
    status = reader.get("/api/status").json
    assert change["device"] == status["device"]


# 5.2 Suggesting an IRI ---------------------------------------------------------------------------


def test_5_2_a_slug_should_be_used_where_it_can_be(reader: FlaskClient) -> None:
    slug = "0190f3a0-2222-7000-8000-000000000001"
    for given in (slug, f'"{slug[:-1]}2"'):
        answer = post(reader, annotation(), Slug=given)
        assert answer.location == f"http://localhost/w3c/{given.strip(chr(34))}"


@pytest.mark.parametrize("slug", ["my_first_annotation", "", "../x", "%00", "a" * 9000])
def test_5_2_one_that_cannot_be_used_is_ignored(reader: FlaskClient, slug: str) -> None:
    answer = post(reader, annotation(), Slug=slug)
    assert answer.status_code == 201
    assert "first" not in answer.location


def test_5_2_a_name_that_is_or_was_anothers_is_not_used(reader: FlaskClient) -> None:
    slug = "0190f3a0-2222-7000-8000-000000000001"
    first = post(reader, annotation(), Slug=slug).location
    assert post(reader, annotation(), Slug=slug).location != first
    reader.delete(first)
    assert post(reader, annotation(), Slug=slug).location != first
    assert post(reader, annotation(id=f"urn:uuid:{slug}")).location != first


# 5.3 Update an Existing Annotation ---------------------------------------------------------------


def test_5_3_put_must_replace_the_state_and_answer_it(reader: FlaskClient, made: Any) -> None:
    new = annotation(
        id=made.location,
        body=[{"type": "TextualBody", "value": "Or not.", "purpose": "commenting"}],
        target={
            "source": ARTICLE,
            "selector": {"type": "TextQuoteSelector", "exact": "a room", "prefix": "it is "},
        },
        motivation="commenting",
        rights="https://creativecommons.org/publicdomain/zero/1.0/",
    )
    answer = put(reader, made.location, new, made.headers["ETag"])
    assert answer.status_code == 200
    assert {name: answer.json[name] for name in new} == new
    assert answer.json == reader.get(made.location).json
    kept = reader.get(f"/api/annotations/{made.location.rpartition('/')[2]}").json
    assert (kept["note"], kept["quote"]["exact"]) == ("Or not.", "a room")


def test_5_3_what_is_left_out_is_gone(reader: FlaskClient) -> None:
    made = post(reader, annotation(creator="http://people.example/ada"))
    answer = put(reader, made.location, annotation(body=None), made.headers["ETag"])
    assert "creator" not in answer.json
    kept = reader.get(f"/api/annotations/{made.location.rpartition('/')[2]}").json
    assert kept["note"] == ""
    assert kept["created"] == made.json["created"]


def test_5_3_a_target_may_move_to_another_page(reader: FlaskClient, made: Any) -> None:
    new = made.json | {"target": "http://other.example/"}
    answer = put(reader, made.location, new, made.headers["ETag"])
    assert answer.json["target"] == "http://other.example/"
    assert reader.get(OF_PAGE).json["total"] == 0


def test_5_3_allow_must_name_put(reader: FlaskClient, made: Any) -> None:
    assert "PUT" in methods(reader.head(made.location))


def test_5_3_an_edit_in_a_browser_shows_and_changes_the_etag(
    reader: FlaskClient, made: Any
) -> None:
    id = made.location.rpartition("/")[2]
    reader.patch(f"/api/annotations/{id}", json={"note": "from the browser", "tags": ["new"]})
    now = reader.get(made.location)
    assert [body["value"] for body in now.json["body"]] == ["from the browser", "new"]
    problem(put(reader, made.location, made.json, made.headers["ETag"]), 412, "changed")


def test_5_3_what_was_got_can_be_put_back_and_changes_nothing(reader: FlaskClient) -> None:
    id = reader.post("/api/annotations", json=note(extra={"hypothesis": {"id": "kX3b"}})).json["id"]
    got = reader.get(f"/w3c/{id}")
    answer = put(reader, f"/w3c/{id}", got.json, got.headers["ETag"])
    assert (answer.status_code, answer.json) == (200, got.json)
    assert answer.headers["ETag"] == got.headers["ETag"]


# 5.4 Delete an Existing Annotation ---------------------------------------------------------------


def test_5_4_deleting_must_answer_204_and_take_it_out_of_its_container(
    reader: FlaskClient, made: Any
) -> None:
    answer = reader.delete(made.location, headers={"If-Match": made.headers["ETag"]})
    assert (answer.status_code, answer.data) == (204, b"")
    for container in CONTAINERS:
        assert reader.get(container).json["total"] == 0
    assert reader.get("/api/trash").json["total"] == 1


def test_5_4_it_is_gone_for_every_method_afterwards(reader: FlaskClient, made: Any) -> None:
    assert reader.delete(made.location).status_code == 204
    problem(reader.get(made.location), 410, "deleted")
    problem(reader.delete(made.location), 410, "deleted")
    problem(put(reader, made.location, made.json, made.headers["ETag"]), 410, "deleted")
    assert reader.head(made.location).status_code == 410


def test_5_4_not_what_was_changed_meanwhile(reader: FlaskClient, made: Any) -> None:
    put(reader, made.location, made.json | {"body": {"value": "New."}}, made.headers["ETag"])
    refused = reader.delete(made.location, headers={"If-Match": made.headers["ETag"]})
    problem(refused, 412, "changed")
