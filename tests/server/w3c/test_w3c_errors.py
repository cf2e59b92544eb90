"""Web Annotation Protocol, section 6: every status it names, and what is to blame."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import ARTICLE, problem
from flask.testing import FlaskClient
from protocol import (
    CONTAINERS,
    LD,
    OF_PAGE,
    annotation,
    methods,
    post,
    put,
)
from web_annotation import CONTEXT

from server.w3c.iris import name_of


@pytest.mark.parametrize("data", [b"", b"{", b"nul", b"\xff", b"[" * 9999, b'{"a": NaN}'])
def test_6_400_what_is_no_json(reader: FlaskClient, data: bytes) -> None:
    problem(reader.post("/w3c/", data=data, content_type=LD), 400, "malformed")


def test_6_401_who_is_nobody(client: FlaskClient, made: Any) -> None:
    for path in (*CONTAINERS, made.location):
        problem(client.get(path), 401, "unauthorized")


def test_6_403_a_page_of_somebody_elses(reader: FlaskClient) -> None:
    refused = post(reader, annotation(), Origin="https://evil.example")
    problem(refused, 403, "foreign-origin")


@pytest.mark.parametrize(
    "path",
    [
        "/w3c/0190f3a0-0000-7000-8000-00000000ffff",
        f"{OF_PAGE}0190f3a0-0000-7000-8000-00000000ffff",
        "/w3c/pages/!!!/",
        "/w3c/pages/eA/",
        f"/w3c/pages/{name_of('http://example.org/a')}/",
        "/w3c/nowhere/",
    ],
)
def test_6_404_what_never_was(reader: FlaskClient, path: str) -> None:
    problem(reader.get(path), 404, "not-found")


def test_6_404_an_annotation_of_another_page(reader: FlaskClient, made: Any) -> None:
    id = made.location.rpartition("/")[2]
    assert reader.get(f"{OF_PAGE}{id}").status_code == 200
    other = f"/w3c/pages/{name_of('https://example.org/other')}/"
    problem(reader.get(f"{other}{id}"), 404, "not-found")


def test_6_405_a_method_that_is_not_supported(reader: FlaskClient, made: Any) -> None:
    for path in (*CONTAINERS, made.location):
        problem(reader.patch(path, json={}), 405, "method-not-allowed")
    page = reader.post("/w3c/?iris=0&page=0", data=json.dumps(annotation()), content_type=LD)
    problem(page, 405, "method-not-allowed")
    assert "POST" not in methods(page)


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", f"{LD};q=0", "nonsense"])
def test_6_406_a_format_there_is_not(reader: FlaskClient, made: Any, accept: str) -> None:
    headers = {"Accept": accept}
    for path in (*CONTAINERS, made.location, "/w3c/?page=0"):
        problem(reader.get(path, headers=headers), 406, "not-acceptable")
    problem(post(reader, annotation(), Accept=accept), 406, "not-acceptable")
    assert reader.get("/w3c/").json["total"] == 1


def test_6_409_what_clients_may_not_change(reader: FlaskClient) -> None:
    made = post(reader, annotation(canonical="urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df"))
    etag = made.headers["ETag"]
    other = made.json | {"id": "http://annotations.example/1"}
    problem(put(reader, made.location, other, etag), 409, "not-yours", "id")
    canonical = made.json | {"canonical": "urn:uuid:00000000-0ecf-41ad-be94-a584e5c4f1df"}
    problem(put(reader, made.location, canonical, etag), 409, "not-yours", "canonical")
    silent = {name: value for name, value in made.json.items() if name != "canonical"}
    kept = put(reader, made.location, silent, etag)
    assert kept.json["canonical"] == made.json["canonical"]


def test_6_409_a_target_on_another_page_than_the_containers(reader: FlaskClient) -> None:
    elsewhere = annotation(target="https://example.org/other")
    problem(post(reader, elsewhere, OF_PAGE), 409, "elsewhere", "target")
    made = post(reader, annotation(), OF_PAGE)
    refused = put(reader, made.location, elsewhere, made.headers["ETag"])
    problem(refused, 409, "elsewhere", "target")


def test_6_412_another_state_than_the_one_that_was_seen(reader: FlaskClient, made: Any) -> None:
    problem(put(reader, made.location, made.json, '"999"'), 412, "changed")


def test_6_428_a_put_that_does_not_say_what_it_has_seen(reader: FlaskClient, made: Any) -> None:
    problem(put(reader, made.location, made.json, None), 428, "precondition-required")


def test_6_413_what_is_too_much_to_keep(reader: FlaskClient) -> None:
    problem(post(reader, annotation(**{"ex:large": "x" * 20_000})), 413, "too-large")
    assert post(reader, annotation(**{"ex:large": "x" * 12_000})).status_code == 201


@pytest.mark.parametrize("type", ["text/plain", "text/turtle", "application/x-www-form-urlencoded"])
def test_6_415_a_body_in_another_format(reader: FlaskClient, type: str) -> None:
    sent = reader.post("/w3c/", data=json.dumps(annotation()), content_type=type)
    problem(sent, 415, "not-json")


def test_6_415_a_context_that_is_unrecognized_and_what_is_no_annotation(
    reader: FlaskClient,
) -> None:
    for context in ("http://iiif.io/api/presentation/2/context.json", {}, [], 5):
        refused = post(reader, annotation(**{"@context": context}))
        problem(refused, 415, "unknown-context", "@context")
    for kind in ("Dataset", [], None, 5):
        problem(post(reader, annotation(type=kind)), 415, "no-annotation", "type")
    assert post(reader, annotation(**{"@context": [CONTEXT, {"ex": "urn:x:"}]})).status_code == 201


LONG = {"type": "TextQuoteSelector", "exact": "x" * 20_001}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"target": None}, "target"),
        ({"target": {"source": "no address"}}, "target"),
        ({"body": {"value": "x" * 100_001}}, "note"),
        ({"body": {"value": "a\0b"}}, "body.value"),
        ({"target": {"source": ARTICLE, "selector": LONG}}, "quote.exact"),
        ({"target": "https://example.org/" + "x" * 5000}, "url"),
        ({"body": [{"value": str(n), "purpose": "tagging"} for n in range(65)]}, "tags_add"),
    ],
)
def test_6_422_what_cannot_be_kept_names_what_is_to_blame(
    reader: FlaskClient, said: dict[str, Any], field: str
) -> None:
    problem(post(reader, annotation(**said)), 422, "invalid", field)


def test_half_a_surrogate_pair_is_refused_by_name(reader: FlaskClient) -> None:
    data = json.dumps(annotation()).replace("I like", "\\ud800 like")
    problem(reader.post("/w3c/", data=data, content_type=LD), 422, "invalid", "body.value")
