"""What holds for the protocol beside its sections."""

from __future__ import annotations

import json

from asking import ARTICLE, note
from flask import Flask
from flask.testing import FlaskClient
from protocol import (
    DESCRIPTIONS,
    OF_PAGE,
    annotation,
    post,
    traversed,
)

from server.current import services
from server.w3c.iris import key_of, name_of


def test_a_page_container_holds_what_was_made_under_any_of_its_addresses(
    reader: FlaskClient,
) -> None:
    made = reader.post("/api/annotations", json=note(url=ARTICLE + "?utm_source=x#top")).json["id"]
    assert reader.get(OF_PAGE).json["total"] == 1
    (item,) = traversed(reader, OF_PAGE, DESCRIPTIONS)
    assert item["id"] == f"http://localhost{OF_PAGE}{made}"
    assert item["target"]["dcterms:title"] == reader.get(OF_PAGE).json["label"] == "On margins"


def test_the_name_of_a_page_leads_back_to_its_key(app: Flask) -> None:
    for key in (ARTICLE, "https://example.org/?a=1&b=%20#/route", "urn:isbn:9780141439518"):
        assert key_of(name_of(key)) == key


def test_the_address_readers_use_is_the_one_in_iris(app: Flask, reader: FlaskClient) -> None:
    answer = reader.get("/w3c/", headers={"Host": "notes.example"})
    assert answer.json["id"] == "http://notes.example/w3c/?iris=0"


def test_a_known_origin_may_read_the_headers_that_matter(app: Flask) -> None:
    origin = "moz-extension://6f1c2a52-7b1d-4a42-9f0c-1d2e3f4a5b6c"
    client = app.test_client()
    code = services(app).access.pairing_code()
    headers = {"Origin": origin}
    client.post("/api/pair", json={"code": code, "name": "Firefox"}, headers=headers)
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, prefer, slug, if-match",
    }
    answer = client.options("/w3c/", headers=headers | asked)
    allowed = set(answer.headers["Access-Control-Allow-Headers"].lower().split(", "))
    assert {"prefer", "slug", "if-match"} <= allowed
    exposed = client.get("/w3c/", headers=headers).headers["Access-Control-Expose-Headers"]
    shown = set(exposed.split(", "))
    assert {"Allow", "Content-Location", "ETag", "Link", "Location", "Vary", "Accept-Post"} <= shown


def imported(client: FlaskClient, data: bytes) -> dict[str, int]:
    answer = client.post("/api/import", data=data, content_type="application/ld+json")
    assert answer.status_code == 200, answer.text
    summary: dict[str, int] = json.loads(answer.text.splitlines()[-1])["summary"]
    return {name: summary[name] for name in ("created", "updated", "unchanged", "rejected")}


def test_an_account_that_takes_in_what_another_gave_out_holds_the_same(
    reader: FlaskClient, other: FlaskClient
) -> None:
    reader.post("/api/annotations", json=note(tags=["a", "b"], extra={"kindle": {"place": 7}}))
    reader.post("/api/annotations", json=note(quote=None, position=None, note="", color="pink"))
    post(reader, annotation(creator="http://people.example/ada", id="http://a.example/1"))
    file = reader.get("/api/export?format=w3c").data
    assert imported(other, file) == {"created": 3, "updated": 0, "unchanged": 0, "rejected": 0}
    assert imported(other, file) == {"created": 0, "updated": 0, "unchanged": 3, "rejected": 0}
    here, there = (
        {one["id"]: one for one in client.get("/api/changes").json["changes"]}
        for client in (reader, other)
    )
    assert here.keys() == there.keys()
    for id, one in here.items():
        assert one | {"rev": 0, "device": ""} == there[id] | {"rev": 0, "device": ""}
    assert (
        json.loads(other.get("/api/export?format=w3c").data)["first"]["items"]
        == (json.loads(file)["first"]["items"])
    )


def test_what_a_container_shows_can_be_imported_elsewhere(
    reader: FlaskClient, other: FlaskClient
) -> None:
    made = post(reader, annotation())
    page = reader.get("/w3c/?iris=0&page=0")
    assert imported(other, page.data)["created"] == 1
    assert imported(other, page.data)["unchanged"] == 1
    id = made.location.rpartition("/")[2]
    assert other.get(f"/api/annotations/{id}").json["note"] == "I like this page!"
    iris = reader.get("/w3c/?iris=1&page=0")
    assert imported(other, iris.data)["rejected"] == 1
