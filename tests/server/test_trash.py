"""The trash over the API."""

from __future__ import annotations

from asking import note, problem
from flask.testing import FlaskClient

NOWHERE = "0190f3c5-0000-7000-8000-000000000000"


def deleted(reader: FlaskClient, **fields: object) -> str:
    made = reader.post("/api/annotations", json=note(**fields)).json
    assert reader.delete(f"/api/annotations/{made['id']}").status_code == 204
    id: str = made["id"]
    return id


def test_what_was_deleted_is_listed_the_last_first_page_by_page(reader: FlaskClient) -> None:
    ids = [deleted(reader, note=str(number)) for number in range(3)]
    first = reader.get("/api/trash?limit=2").json
    assert [one["annotation"]["note"] for one in first["trashed"]] == ["2", "1"]
    assert first["total"] == 3
    assert "clock" not in first["trashed"][0]["annotation"]
    assert first["trashed"][0]["at"].endswith("Z")
    rest = reader.get(f"/api/trash?limit=2&cursor={first['cursor']}").json
    assert [one["annotation"]["id"] for one in rest["trashed"]] == [ids[0]]
    assert rest["cursor"] is None
    problem(reader.get("/api/trash?cursor=nonsense"), 422, "invalid", "cursor")
    problem(reader.get("/api/trash?limit=0"), 422, "invalid", "limit")


def test_an_unchanged_trash_is_not_sent_again(reader: FlaskClient) -> None:
    deleted(reader)
    etag = reader.get("/api/trash").headers["ETag"]
    assert reader.get("/api/trash", headers={"If-None-Match": etag}).status_code == 304
    deleted(reader)
    assert reader.get("/api/trash", headers={"If-None-Match": etag}).status_code == 200


def test_a_deleted_note_is_put_back_as_it_was(reader: FlaskClient) -> None:
    id = deleted(reader, note="as it was")
    back = reader.post(f"/api/trash/{id}/restore")
    assert back.status_code == 200
    assert back.json["note"] == "as it was"
    assert back.headers["ETag"] == f'"{back.json["rev"]}"'
    assert reader.get(f"/api/annotations/{id}").json == back.json
    assert reader.get("/api/trash").json["total"] == 0
    again = reader.post(f"/api/trash/{id}/restore")
    assert (again.status_code, again.json) == (200, back.json)


def test_what_is_not_there_cannot_be_put_back(reader: FlaskClient) -> None:
    problem(reader.post(f"/api/trash/{NOWHERE}/restore"), 404, "not-found")
    problem(reader.post("/api/trash/no-id/restore"), 404, "not-found")
    id = deleted(reader)
    assert reader.delete("/api/trash").json == {"emptied": 1}
    said = problem(reader.post(f"/api/trash/{id}/restore"), 404, "not-found")
    assert "no longer in the trash" in said


def test_emptying_it_again_is_nothing(reader: FlaskClient) -> None:
    deleted(reader)
    assert reader.delete("/api/trash").json == {"emptied": 1}
    assert reader.delete("/api/trash").json == {"emptied": 0}
    assert reader.get("/api/trash").json == {"trashed": [], "total": 0, "cursor": None}


def test_it_needs_a_device(client: FlaskClient) -> None:
    for answer in (
        client.get("/api/trash"),
        client.delete("/api/trash"),
        client.post(f"/api/trash/{NOWHERE}/restore"),
    ):
        problem(answer, 401, "unauthorized")
