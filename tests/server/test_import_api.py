"""POST /api/import, and what GET /api/export leaves out when asked to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import ARTICLE, note, problem
from flask import Flask
from flask.testing import FlaskClient

from server.current import services
from server.guard import MAX_BODY, MAX_FILE
from store.errors import StoreFull


def lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/x-ndjson"
    return [json.loads(line) for line in answer.data.splitlines()]


def exported(reader: FlaskClient, query: str) -> list[str]:
    return [said["note"] for said in lines(reader.get(f"/api/export?format=ndjson&{query}"))]


def test_what_was_exported_comes_back_whole(reader: FlaskClient) -> None:
    kept = [reader.post("/api/annotations", json=note(note=str(n))).json for n in range(3)]
    data = reader.get("/api/export?format=ndjson").data
    services(reader.application).store.remove_account("default")
    code = services(reader.application).access.pairing_code()
    body = {"code": code, "name": "anew"}
    token = reader.application.test_client().post("/api/pair", json=body).json["token"]
    reader.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    *results, last = lines(reader.post("/api/import", data=data))
    assert last["summary"] == {
        "format": "ndjson", "dry_run": False,
        "created": 3, "updated": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    assert [result["number"] for result in results] == [1, 2, 3]
    for one in kept:
        again = reader.get(f"/api/annotations/{one['id']}").json
        own = ("rev", "device")
        assert {k: v for k, v in again.items() if k not in own} == {
            k: v for k, v in one.items() if k not in own
        }
    assert lines(reader.post("/api/import", data=data))[-1]["summary"]["unchanged"] == 3


def test_a_dry_run_writes_nothing(reader: FlaskClient) -> None:
    data = json.dumps({"id": "x", "page": "", "url": ARTICLE})
    first, last = lines(reader.post("/api/import?format=ndjson&dry_run=true", data=data))
    assert first["status"] == "created"
    assert last["summary"]["dry_run"] is True
    assert reader.get("/api/status").json["annotations"] == 0


def test_each_item_that_cannot_be_taken_is_told_with_its_place(reader: FlaskClient) -> None:
    data = f'{{"url": "{ARTICLE}"}}\nnonsense\n{{"url": "nowhere"}}\n{{"note": 1}}\n'
    *results, last = lines(reader.post("/api/import?format=ndjson", data=data))
    assert [(r["line"], r["status"]) for r in results] == [
        (1, "created"), (2, "rejected"), (3, "rejected"), (4, "rejected"),
    ]  # fmt: skip
    assert results[2]["field"] == "url"
    assert all(result["sentence"] for result in results[1:])
    assert last["summary"]["rejected"] == 3


def test_what_is_of_no_format_is_refused_in_words(reader: FlaskClient) -> None:
    detail = problem(reader.post("/api/import", data=b"Hello"), 422, "unreadable-file")
    assert "ndjson" in detail
    problem(reader.post("/api/import", data=b""), 422, "unreadable-file")
    wrong = reader.post("/api/import?format=ndjson", data=b"Hello")
    problem(wrong, 422, "unreadable-file")
    problem(reader.post("/api/import?format=docx", data=b"{}"), 422, "invalid", "format")


def test_nobody_else_may_send_a_file(client: FlaskClient) -> None:
    problem(client.post("/api/import", data=b"{}"), 401, "unauthorized")


def test_a_file_may_be_larger_than_other_bodies_but_not_without_end(reader: FlaskClient) -> None:
    line = json.dumps({"url": ARTICLE, "extra": {"x": "y" * 1000}}).encode() + b"\n"
    data = line + b" " * MAX_BODY + b"\n"
    assert lines(reader.post("/api/import?format=ndjson", data=data))[-1]["summary"]["created"] == 1
    longer = {"CONTENT_LENGTH": str(MAX_FILE + 1)}
    answer = reader.post("/api/import?format=ndjson", data=b"{}", environ_overrides=longer)
    problem(answer, 413, "too-large")
    problem(reader.post("/api/changes", json={"x": "y" * MAX_BODY}), 413, "too-large")


def test_a_disk_that_fills_on_the_way_is_told_last(
    app: Flask, reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = services(app).store
    apply = store.apply

    def full_after_the_first(*arguments: Any) -> Any:
        if store.count("default"):
            raise StoreFull("The disk is full.")
        return apply(*arguments)

    monkeypatch.setattr(store, "apply", full_after_the_first)
    data = "\n".join(json.dumps({"url": ARTICLE, "note": str(n)}) for n in range(700))
    *results, last = lines(reader.post("/api/import?format=ndjson", data=data))
    assert last["problem"]["type"] == "urn:postil:problem:storage-full"
    assert len(results) == store.count("default") == 500


def test_an_export_can_be_of_one_page_or_of_what_a_query_finds(reader: FlaskClient) -> None:
    reader.post("/api/annotations", json=note(note="one", tags=["a"]))
    reader.post("/api/annotations", json=note(note="two", tags=["b"]))
    reader.post("/api/annotations", json=note(note="three", tags=["a"], url="https://b.example/"))
    assert sorted(exported(reader, "")) == ["one", "three", "two"]
    assert sorted(exported(reader, f"url={ARTICLE}%23top")) == ["one", "two"]
    assert exported(reader, f"url={ARTICLE}&q=tag:a") == ["one"]
    assert exported(reader, "tag=a") == ["three", "one"]
    assert exported(reader, "q=site:b.example") == ["three"]
    assert exported(reader, "q=nowhere") == []
    problem(reader.get("/api/export?q=color:mauve"), 422, "invalid", "q")
    problem(reader.get("/api/export?url=nowhere"), 422, "invalid", "url")
