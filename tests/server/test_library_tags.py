"""The tags page of the library: renaming, merging, deleting, and taking it back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from test_library_forms import form, kept, now

from server.current import services
from store.errors import StoreFull


def tags(reader: FlaskClient) -> dict[str, int]:
    return {one["tag"]: one["count"] for one in reader.get("/api/tags").json["tags"]}


def change(browser: FlaskClient, deed: str, tag: str, **fields: str) -> Any:
    page = browser.get("/tag", query_string={"name": tag})
    assert page.status_code == 200, page.text
    return browser.post(
        f"/tag/{deed}?tags=", data=form(page.text, f"/tag/{deed}") | fields, follow_redirects=True
    )


def undo(browser: FlaskClient, answer: Any) -> Any:
    return browser.post("/undo?tags=", data=form(answer.text, "/undo"), follow_redirects=True)


def test_all_tags_are_shown_with_how_many_notes_carry_them(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    assert "No tags yet" in browser.get("/tags").text
    kept(reader, tags=["to do", "Art"])
    kept(reader, tags=["to do", 'a "b" <c>'])
    page = browser.get("/tags").text
    assert "3 tags" in page
    assert page.index(">to do</a>") < page.index(">Art</a>")
    assert "/search?q=tag:%22to+do%22" in page
    assert "a &#34;b&#34; &lt;c&gt;" in page
    by_name = browser.get("/tags?sort=name").text
    assert by_name.index(">Art</a>") < by_name.index(">to do</a>")
    assert "1 tag with" in browser.get("/tags?named=ART").text
    assert "No such tag" in browser.get("/tags?named=zebra").text


def test_many_tags_are_turned(reader: FlaskClient, browser: FlaskClient) -> None:
    for first in range(0, 240, 60):
        kept(reader, tags=[f"no. {n}." for n in range(first, first + 60)])
    assert "1 of 2" in browser.get("/tags").text
    assert browser.get("/tags?page=2&sort=name").text.count(">no. ") == 40


def test_a_tag_is_renamed_on_all_notes_and_renamed_back(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    ids = [kept(reader, tags=["todo", "x"])["id"] for _ in range(3)]
    other = kept(reader, tags=["TODO"])  # search knows no capitals, tags do
    answer = change(browser, "rename", "todo", to="  to   do ")
    assert answer.status_code == 200
    assert "3 notes tagged “todo” until now carry “to do” instead" in answer.text
    assert tags(reader) == {"to do": 3, "x": 3, "TODO": 1}
    assert now(reader, other["id"]) == other
    again = undo(browser, answer)
    assert "3 notes are as before" in again.text
    assert tags(reader) == {"todo": 3, "x": 3, "TODO": 1}
    undo(browser, again)
    assert set(now(reader, ids[0])["tags"]) == {"to do", "x"}


def test_merging_asks_first_and_can_be_taken_apart_again(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    only, both = kept(reader, tags=["todo"])["id"], kept(reader, tags=["todo", "later"])["id"]
    kept(reader, tags=["later"])
    asked = change(browser, "rename", "todo", to="later")
    assert "There is a tag" in asked.text
    assert "2 notes carry it" in asked.text
    assert tags(reader) == {"todo": 2, "later": 2}
    merged = browser.post(
        "/tag/rename?tags=", data=form(asked.text, "/tag/rename"), follow_redirects=True
    )
    assert tags(reader) == {"later": 3}
    assert now(reader, both)["tags"] == ["later"]
    undo(browser, merged)
    assert tags(reader) == {"todo": 2, "later": 2}
    assert now(reader, only)["tags"] == ["todo"]
    assert set(now(reader, both)["tags"]) == {"todo", "later"}


def test_a_tag_is_deleted_and_the_notes_stay(reader: FlaskClient, browser: FlaskClient) -> None:
    kept(reader, tags=["gone", "stays"])
    answer = change(browser, "delete", "gone")
    assert "1 note no longer carries “gone”" in answer.text
    assert tags(reader) == {"stays": 1}
    assert browser.get("/tag?name=gone").status_code == 404
    undo(browser, answer)
    assert tags(reader) == {"gone": 1, "stays": 1}


def test_more_notes_than_one_request_of_a_device_may_carry(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    for first in range(0, 600, 300):
        operations = [
            {
                "op": number,
                "id": f"0190f3a0-0000-7000-8000-{number:012}",
                "base": 0,
                "set": {"url": "https://example.org/long"},
                "tags_add": ["many"],
                "at": "2026-11-24T10:00:00Z",
            }
            for number in range(first + 1, first + 301)
        ]
        reader.post("/api/changes", json={"operations": operations})
    answer = change(browser, "rename", "many", to="more")
    assert "600 notes" in answer.text
    assert tags(reader) == {"more": 600}
    undo(browser, answer)
    assert tags(reader) == {"many": 600}


def test_what_is_no_tag_is_refused(reader: FlaskClient, browser: FlaskClient) -> None:
    before = kept(reader, tags=["todo"])
    for to in ("", "   ", "x" * 129, "a\0b"):
        assert change(browser, "rename", "todo", to=to).status_code == 422
    assert "another name" in change(browser, "rename", "todo", to="todo").text.lower()
    assert now(reader, before["id"]) == before


def test_a_full_disk_in_the_middle_leaves_what_was_done_to_be_undone(
    app: Flask, reader: FlaskClient, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = [
        {
            "op": number,
            "id": f"0190f3a0-0000-7000-8000-{number:012}",
            "base": 0,
            "set": {"url": "https://example.org/long"},
            "tags_add": ["many"],
            "at": "2026-11-24T10:00:00Z",
        }
        for number in range(1, 501)
    ]
    reader.post("/api/changes", json={"operations": operations})
    kept(reader, tags=["many"])
    store = services(app).store
    writes = store.apply

    def full(account: str, device: str, operations: Any) -> Any:
        if len(operations) < 500:
            raise StoreFull("The disk is full.")
        return writes(account, device, operations)

    monkeypatch.setattr(store, "apply", full)
    answer = change(browser, "delete", "many")
    assert "500 notes no longer carry" in answer.text
    assert "The disk is full" in answer.text
    assert tags(reader)["many"] == 1
    monkeypatch.undo()
    undo(browser, answer)
    assert tags(reader)["many"] == 501


@pytest.mark.parametrize("path", ["/tag/rename", "/tag/delete", "/undo"])
def test_a_form_of_another_site_changes_no_tag(
    reader: FlaskClient, browser: FlaskClient, path: str
) -> None:
    kept(reader, tags=["todo"])
    assert browser.post(path, data={"name": "todo", "to": "x"}).status_code == 403
    assert tags(reader) == {"todo": 1}


@pytest.mark.parametrize(
    "deed", ['{"ids":"*"}', '{"ids":"AAAA"}', "{}", "[", '{"ids":"","seen":[1]}', '{"x":1}']
)
def test_what_takes_nothing_back_is_refused(browser: FlaskClient, deed: str) -> None:
    csrf = form(browser.get("/?deleted=x").text, "/notes/x/restore")
    assert browser.post("/undo", data=csrf | {"deed": deed}).status_code == 422
