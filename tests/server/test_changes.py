"""Sync, as the extension speaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from asking import ARTICLE, problem
from flask import Flask
from flask.testing import FlaskClient

from server.current import services
from server.ids import uuid7
from store.tiny import TinyStore

Pair = Callable[[str], FlaskClient]


def operation(op: int, **said: Any) -> dict[str, Any]:
    return {
        "op": op,
        "id": uuid7(),
        "base": 0,
        "set": {"url": ARTICLE, "quote": {"exact": "a room"}, "note": f"note {op}"},
        "at": "2026-11-24T10:00:00.000000Z",
    } | said


def push(reader: FlaskClient, *operations: Any) -> list[dict[str, Any]]:
    answer = reader.post("/api/changes", json={"operations": list(operations)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json["results"]
    return results


def pull(reader: FlaskClient, **query: Any) -> Any:
    answer = reader.get("/api/changes", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_operations_are_answered_one_by_one_in_their_order(reader: FlaskClient) -> None:
    sent = [operation(op) for op in (1, 2, 3)]
    results = push(reader, *sent)
    assert [(one["op"], one["id"]) for one in results] == [(o["op"], o["id"]) for o in sent]
    assert {one["status"] for one in results} == {"created"}
    assert results[0]["annotation"]["note"] == "note 1"
    assert "clock" not in results[0]["annotation"]


def test_a_bad_operation_is_rejected_alone(reader: FlaskClient) -> None:
    bad: list[Any] = [
        operation(2, set={"url": "no address"}),
        operation(3, set={"url": ARTICLE, "note": "x" * 100_001}),
        operation(4, set={"url": ARTICLE, "note": "a\0b"}),
        operation(5, set={"url": ARTICLE, "colour": "red"}),
        operation(6, id="nonsense"),
        operation(-7),
        {"op": 8},
        "text",
        None,
        17,
        [],
    ]
    results = push(reader, operation(1), *bad, operation(12))
    assert [one["status"] for one in results] == ["created", *["rejected"] * len(bad), "created"]
    for one in results[1:-1]:
        assert one["code"] == "invalid"
        assert one["reason"]
    assert [one.get("field") for one in results[2:5]] == ["set.note", "set.note", "set.colour"]
    assert [one["op"] for one in results[2:6]] == [3, 4, 5, 6]


def test_half_a_surrogate_pair_spoils_only_its_own_operation(reader: FlaskClient) -> None:
    bad = operation(2, set={"url": ARTICLE, "note": "\ud800"})
    first, second, third = push(reader, operation(1), bad, operation(3))
    assert (first["status"], third["status"]) == ("created", "created")
    assert (second["status"], second["op"], second["field"]) == ("rejected", 2, "set.note")


def test_a_retry_changes_nothing(reader: FlaskClient) -> None:
    sent = [operation(1), operation(2)]
    before = push(reader, *sent)
    after = push(reader, *sent)
    assert [one["status"] for one in after] == ["unchanged", "unchanged"]
    assert [one["annotation"] for one in after] == [one["annotation"] for one in before]


def test_no_operations_are_no_error(reader: FlaskClient) -> None:
    assert push(reader) == []


def test_500_operations_go_into_one_request_and_501_do_not(reader: FlaskClient) -> None:
    assert len(push(reader, *[operation(op) for op in range(1, 501)])) == 500
    body = {"operations": [operation(op) for op in range(501, 1002)]}
    detail = problem(reader.post("/api/changes", json=body), 413, "too-large", "operations")
    assert "501" in detail
    assert "500" in detail


def test_what_one_device_pushes_another_pulls(pair: Pair) -> None:
    laptop, phone = pair("laptop"), pair("phone")
    (made,) = push(laptop, operation(1))
    pulled = pull(phone)
    assert pulled["changes"] == [made["annotation"]]
    assert pulled["more"] is False
    assert pulled["count"] == 1
    assert pulled["digest"]
    assert pull(phone, since=pulled["cursor"])["changes"] == []


def test_a_device_is_told_how_far_it_has_counted(pair: Pair) -> None:
    laptop, phone = pair("laptop"), pair("phone")
    push(laptop, operation(1), operation(9))
    assert pull(laptop)["op"] == 9
    assert pull(phone)["op"] == 0
    assert "op" not in pull(laptop, limit=1)


def test_what_a_push_was_answered_is_known_as_of_this_history(reader: FlaskClient) -> None:
    since = pull(reader)["cursor"]
    body = {"operations": [operation(1)]}
    known = reader.post("/api/changes", json=body).get_json()["cursor"]
    assert len(pull(reader, since=since, known=known)["changes"]) == 1
    epoch, seq, _ = known.split(".")
    for other in (f"{epoch}.{seq}.0000", f"{epoch}.9.0000", "x"):
        answer = reader.get("/api/changes", query_string={"since": since, "known": other})
        problem(answer, 410, "resync")


def test_a_deletion_travels_as_a_tombstone(pair: Pair) -> None:
    laptop, phone = pair("laptop"), pair("phone")
    (made,) = push(laptop, operation(1))
    cursor = pull(phone)["cursor"]
    push(laptop, {"op": 2, "id": made["id"], "base": made["annotation"]["rev"], "delete": True})
    (tombstone,) = pull(phone, since=cursor)["changes"]
    assert tombstone["deleted"] is True
    assert tombstone["note"] == ""
    assert tombstone["quote"] is None


def test_changes_come_in_pages(reader: FlaskClient) -> None:
    push(reader, *[operation(op) for op in range(1, 8)])
    seen: list[str] = []
    page = pull(reader, limit=3)
    while True:
        seen += [one["note"] for one in page["changes"]]
        if not page["more"]:
            break
        assert "count" not in page
        page = pull(reader, limit=3, since=page["cursor"])
    assert seen == [f"note {op}" for op in range(1, 8)]


@pytest.mark.parametrize(
    "since", ["x", "1", "a.b.c", "a.1.b", "..", "\0", "é.1.é", "x" * 5000, "a.99999999999999999.b"]
)
def test_a_cursor_of_another_history_is_410_resync(reader: FlaskClient, since: str) -> None:
    answer = reader.get("/api/changes", query_string={"since": since})
    assert "without `since`" in problem(answer, 410, "resync")


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", "1.5", "1" * 30, "١"])
def test_a_limit_out_of_bounds_is_refused(reader: FlaskClient, limit: str) -> None:
    answer = reader.get("/api/changes", query_string={"limit": limit})
    problem(answer, 422, "invalid", "limit")


def test_nothing_changed_is_304(reader: FlaskClient) -> None:
    push(reader, operation(1))
    etag = reader.get("/api/changes").headers["ETag"]
    assert reader.get("/api/changes", headers={"If-None-Match": etag}).status_code == 304


def test_two_devices_editing_one_text_keep_both(pair: Pair) -> None:
    laptop, phone = pair("laptop"), pair("phone")
    (made,) = push(laptop, operation(1))
    id, rev = made["id"], made["annotation"]["rev"]
    push(laptop, {"op": 2, "id": id, "base": rev, "set": {"note": "laptop"}})
    (result,) = push(phone, {"op": 1, "id": id, "base": rev, "set": {"note": "phone"}})
    assert result["status"] == "conflict"
    assert result["annotation"]["note"] == "laptop"
    assert result["copy"]["note"] == "phone"
    assert result["copy"]["conflict_of"] == id
    assert "clock" not in result["copy"]


@pytest.mark.parametrize("extra", [{"a": 1, "clock": {"b": 2}}, {"a": 1}])
@pytest.mark.parametrize("separators", [(", ", ": "), (",", ":")])
def test_what_another_program_wrote_is_sent_without_its_clock(
    app: Flask, reader: FlaskClient, separators: tuple[str, str], extra: dict[str, Any]
) -> None:
    push(reader, operation(1, set={"url": ARTICLE, "note": 'x ,"clock":{}}', "extra": extra}))
    store = services(app).store
    assert isinstance(store, TinyStore)
    table = store.db.storage.tables["default/annotations"]
    ((id, document),) = table.items()
    note = json.loads(document)
    for last in ("extra", "clock"):
        note[last] = note.pop(last)
    before = pull(reader)["changes"]
    for clockless in (False, True):
        if clockless:
            del note["clock"]
        table[id] = json.dumps(note, separators=separators).encode()
        assert pull(reader)["changes"] == before
    assert before[0]["extra"] == extra


def test_a_link_leads_from_page_to_page(reader: FlaskClient) -> None:
    push(reader, *(operation(op) for op in range(1, 8)))
    seen: list[str] = []
    path, pages = "/api/changes?limit=3", 0
    while path:
        answer = reader.get(path)
        seen += [one["note"] for one in answer.json["changes"]]
        found = re.fullmatch('<(.*)>; rel="next"', answer.headers.get("Link", ""))
        assert bool(found) == answer.json["more"]
        path, pages = found[1] if found else "", pages + 1
    assert (seen, pages) == ([f"note {op}" for op in range(1, 8)], 3)


def test_an_unchanged_page_is_304_and_a_changed_one_is_not(reader: FlaskClient) -> None:
    sent = [operation(op) for op in (1, 2, 3)]
    push(reader, *sent)
    for query in ("limit=2", "limit=10"):
        first = reader.get(f"/api/changes?{query}")
        known = {"If-None-Match": first.headers["ETag"]}
        assert reader.get(f"/api/changes?{query}", headers=known).status_code == 304
        push(reader, operation(0, id=sent[0]["id"], base=99, set={"note": f"again {query}"}))
        assert reader.get(f"/api/changes?{query}", headers=known).status_code == 200


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"at": "2026-02-30T08:00:00Z"}, "at"),
        ({"at": "2026-11-24T25:00:00Z"}, "at"),
        ({"set": {"url": ARTICLE, "created": "2023-02-29T08:00:00Z"}}, "set.created"),
        ({"set": {"url": ARTICLE, "created": "0000-01-01T00:00:00Z"}}, "set.created"),
    ],
)
def test_a_day_that_never_was_is_refused_by_name(
    reader: FlaskClient, said: dict[str, Any], field: str
) -> None:
    [result] = push(reader, operation(1, **said))
    assert (result["status"], result["field"]) == ("rejected", field)
    assert field in result["reason"]
