"""Single notes, and those of a page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from asking import ARTICLE, note, problem
from flask.testing import FlaskClient

from server.ids import uuid7


def created(reader: FlaskClient, **fields: Any) -> Any:
    answer = reader.post("/api/annotations", json=note(**fields))
    assert answer.status_code == 201, answer.text
    return answer


def on_page(reader: FlaskClient, url: str = ARTICLE, **query: str) -> Any:
    return reader.get("/api/annotations", query_string={"url": url, **query})


def test_a_new_note_is_kept_as_it_was_sent(reader: FlaskClient) -> None:
    answer = created(reader)
    for name, value in note().items():
        assert answer.json[name] == value
    assert answer.json["rev"] > 0
    assert answer.json["deleted"] is False
    assert answer.headers["ETag"] == f'"{answer.json["rev"]}"'
    assert reader.get(answer.headers["Location"]).json == answer.json


def test_the_wire_never_shows_the_clock(reader: FlaskClient) -> None:
    sneaky = 'a "clock":{"note":1} b'
    answer = created(reader, note=sneaky, extra={"clock": {"a": 1}})
    assert "clock" not in answer.json
    assert answer.json["note"] == sneaky
    assert answer.json["extra"] == {"clock": {"a": 1}}
    assert "clock" not in on_page(reader).json["annotations"][0]


def test_the_server_makes_an_id_of_version_7_where_none_is_given(reader: FlaskClient) -> None:
    pattern = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    first, second = created(reader).json["id"], created(reader).json["id"]
    assert re.fullmatch(pattern, first)
    assert first != second


def test_posting_twice_under_one_id_makes_one_note(reader: FlaskClient) -> None:
    id = uuid7()
    first = created(reader, id=id)
    again = reader.post("/api/annotations", json=note(id=id))
    assert again.status_code == 200
    assert again.json["rev"] == first.json["rev"]
    assert len(on_page(reader).json["annotations"]) == 1


def test_the_notes_of_a_page_come_in_reading_order(reader: FlaskClient) -> None:
    for start in (300, 100, 200):
        created(reader, note=str(start), position={"start": start, "end": start + 5})
    created(reader, note="whole", quote=None, position=None)
    answer = on_page(reader).json
    assert answer["page"] == ARTICLE
    assert [one["note"] for one in answer["annotations"]] == ["whole", "100", "200", "300"]


def test_a_page_is_found_under_its_other_addresses(reader: FlaskClient) -> None:
    created(reader)
    for url in (
        "http://EXAMPLE.org/essays/margins/",
        f"{ARTICLE}?utm_source=letter",
        f"{ARTICLE}#:~:text=room",
    ):
        assert len(on_page(reader, url).json["annotations"]) == 1
    moved = on_page(reader, "https://example.org/2026/margins", canonical=ARTICLE)
    assert len(moved.json["annotations"]) == 1


def test_a_foreign_canonical_is_not_believed(reader: FlaskClient) -> None:
    created(reader)
    elsewhere = on_page(reader, "https://evil.example/", canonical=ARTICLE)
    assert elsewhere.json["annotations"] == []


def test_a_page_without_notes_is_an_empty_list(reader: FlaskClient) -> None:
    assert on_page(reader).json == {"page": ARTICLE, "annotations": []}


@pytest.mark.parametrize("url", ["", "no address", "http://", "//example.org", "x" * 5000])
def test_a_page_without_an_address_is_refused(reader: FlaskClient, url: str) -> None:
    problem(on_page(reader, url), 422, "invalid", "url")


def test_a_page_not_changed_is_304(reader: FlaskClient) -> None:
    created(reader)
    etag = on_page(reader).headers["ETag"]
    same = reader.get(
        "/api/annotations", query_string={"url": ARTICLE}, headers={"If-None-Match": etag}
    )
    assert same.status_code == 304
    assert same.data == b""
    created(reader)
    changed = reader.get(
        "/api/annotations", query_string={"url": ARTICLE}, headers={"If-None-Match": etag}
    )
    assert changed.status_code == 200


def test_a_note_not_changed_is_304(reader: FlaskClient) -> None:
    answer = created(reader)
    headers = {"If-None-Match": answer.headers["ETag"]}
    assert reader.get(answer.headers["Location"], headers=headers).status_code == 304


def test_patch_changes_what_it_names_and_nothing_else(reader: FlaskClient) -> None:
    path = created(reader).headers["Location"]
    answer = reader.patch(path, json={"note": "New.", "color": "pink"})
    assert answer.status_code == 200
    assert answer.json["note"] == "New."
    assert answer.json["color"] == "pink"
    assert answer.json["quote"] == note()["quote"]
    assert answer.json["tags"] == ["reading"]


def test_patch_takes_the_whole_list_of_tags(reader: FlaskClient) -> None:
    path = created(reader, tags=["a", "b"]).headers["Location"]
    assert reader.patch(path, json={"tags": ["b", "c"]}).json["tags"] == ["b", "c"]
    assert reader.patch(path, json={"tags": []}).json["tags"] == []


def test_an_edit_of_what_was_seen_goes_through(reader: FlaskClient) -> None:
    answer = created(reader)
    headers = {"If-Match": answer.headers["ETag"]}
    path = answer.headers["Location"]
    assert reader.patch(path, json={"note": "x"}, headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_an_edit_of_what_was_changed_meanwhile_is_412(reader: FlaskClient, method: str) -> None:
    answer = created(reader)
    path, headers = answer.headers["Location"], {"If-Match": answer.headers["ETag"]}
    reader.patch(path, json={"note": "by somebody else"})
    problem(reader.open(path, method=method, json={}, headers=headers), 412, "changed")
    assert reader.get(path).json["note"] == "by somebody else"


def test_put_replaces_the_whole_note(reader: FlaskClient) -> None:
    path = created(reader).headers["Location"]
    answer = reader.put(path, json={"url": ARTICLE, "quote": note()["quote"], "note": "Only this."})
    assert answer.status_code == 200
    assert answer.json["note"] == "Only this."
    assert answer.json["tags"] == []
    assert answer.json["title"] == ""
    assert answer.json["color"] == "yellow"


def test_put_takes_what_get_gave(reader: FlaskClient) -> None:
    answer = created(reader)
    path = answer.headers["Location"]
    again = reader.put(path, json=answer.json | {"note": "Edited."})
    assert again.status_code == 200
    assert again.json["note"] == "Edited."
    assert again.json["tags"] == answer.json["tags"]


def test_put_makes_a_note_where_there_is_none(reader: FlaskClient) -> None:
    id = uuid7()
    answer = reader.put(f"/api/annotations/{id}", json=note())
    assert answer.status_code == 201
    assert reader.get(f"/api/annotations/{id}").json["tags"] == ["reading"]


def test_put_does_not_overwrite_where_told_not_to(reader: FlaskClient) -> None:
    path = created(reader).headers["Location"]
    answer = reader.put(path, json=note(note="x"), headers={"If-None-Match": "*"})
    problem(answer, 412, "changed")


def test_put_under_another_id_is_refused(reader: FlaskClient) -> None:
    path = created(reader).headers["Location"]
    problem(reader.put(path, json=note(id=uuid7())), 422, "invalid", "id")


def test_a_deleted_note_is_gone_and_deleting_again_is_no_error(reader: FlaskClient) -> None:
    path = created(reader).headers["Location"]
    assert reader.delete(path).status_code == 204
    problem(reader.get(path), 410, "deleted")
    problem(reader.patch(path, json={"note": "x"}), 410, "deleted")
    assert on_page(reader).json["annotations"] == []
    assert reader.delete(path).status_code == 204


def test_put_brings_a_deleted_note_back(reader: FlaskClient) -> None:
    path = created(reader).headers["Location"]
    reader.delete(path)
    assert reader.put(path, json=note(note="Back.")).status_code == 200
    assert reader.get(path).json["note"] == "Back."


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_note_that_never_was_is_404(reader: FlaskClient, method: str) -> None:
    for id in (uuid7(), "nonsense", "%00", "é" * 200):
        answer = reader.open(f"/api/annotations/{id}", method=method, json={})
        problem(answer, 404, "not-found")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "not an address"}, "url"),
        ({"url": "https://example.org/" + "x" * 4096}, "url"),
        ({"title": "x" * 1025}, "title"),
        ({"note": "x" * 100_001}, "note"),
        ({"note": None}, "note"),
        ({"note": "a\0b"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"note": 1}, "note"),
        ({"color": "red"}, "color"),
        ({"quote": {"exact": ""}}, "quote.exact"),
        ({"quote": {"exact": "x" * 20_001}}, "quote.exact"),
        ({"quote": {"exact": "x", "prefix": "x" * 257}}, "quote.prefix"),
        ({"quote": {"exact": "x", "more": 1}}, "quote.more"),
        ({"quote": "x"}, "quote"),
        ({"position": {"start": 5, "end": 1}}, "position"),
        ({"position": {"start": -1, "end": 1}}, "position.start"),
        ({"tags": ["x"] * 65}, "tags"),
        ({"tags": ["x" * 129]}, "tags[0]"),
        ({"tags": [""]}, "tags[0]"),
        ({"tags": "x"}, "tags"),
        ({"created": "yesterday"}, "created"),
        ({"created": "2026-11-24T10:00:00+01:00"}, "created"),
        ({"extra": {"a": "x" * 17_000}}, "extra"),
        ({"id": "1"}, "id"),
        ({"rev": 7}, "rev"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_422_and_named(
    reader: FlaskClient, fields: dict[str, Any], field: str
) -> None:
    problem(reader.post("/api/annotations", json=note(**fields)), 422, "invalid", field)


def test_a_new_note_needs_an_address(reader: FlaskClient) -> None:
    problem(reader.post("/api/annotations", json={"note": "x"}), 422, "invalid", "url")


def test_what_stands_at_the_limits_is_kept(reader: FlaskClient) -> None:
    long = note(
        note="ж" * 100_000,
        title="t" * 1024,
        quote={"exact": "𝒳" * 20_000, "prefix": "p" * 256, "suffix": "s" * 256},
        tags=[f"{number:0128}" for number in range(64)],
    )
    answer = reader.post("/api/annotations", json=long)
    assert answer.status_code == 201
    kept = reader.get(answer.headers["Location"]).json
    for name, value in long.items():
        assert kept[name] == value


@pytest.mark.parametrize("id", ["no-uuid", "%C3%86%11", "018F2A3C-0000-7000-8000-000000000000"])
def test_a_note_is_not_made_under_what_is_no_id(reader: FlaskClient, id: str) -> None:
    problem(reader.put(f"/api/annotations/{id}", json=note()), 422, "invalid", "id")
    assert reader.get("/api/changes").json["changes"] == []
