"""What a reader changes in the library."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from asking import note
from flask.testing import FlaskClient

Pair = Callable[[str], FlaskClient]
CORPUS: list[str] = json.loads((Path(__file__).parents[1] / "xss.json").read_text())


def kept(reader: FlaskClient, **fields: Any) -> Any:
    answer = reader.post("/api/annotations", json=note(**fields))
    assert answer.status_code == 201, answer.text
    return answer.json


def now(reader: FlaskClient, id: str) -> Any:
    return reader.get(f"/api/annotations/{id}").json


def form(page: str, action: str) -> dict[str, Any]:
    """What a browser would send of the form with that action if nobody touched it."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, page
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", found[1]):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if attributes.get("type") in ("radio", "checkbox") and "checked" not in tag:
            continue
        fields.setdefault(attributes["name"], []).append(unescape(attributes.get("value", "")))
    for name, text in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', found[1], re.DOTALL
    ):
        fields[name] = [unescape(text).replace("\n", "\r\n")]
    return fields


def edit(browser: FlaskClient, id: str, **changes: Any) -> Any:
    page = browser.get(f"/notes/{id}")
    assert page.status_code == 200, page.text
    return browser.post(f"/notes/{id}", data=form(page.text, f"/notes/{id}") | changes)


def test_a_note_is_edited(reader: FlaskClient, browser: FlaskClient) -> None:
    id = kept(reader, tags=["reading", "with, comma"])["id"]
    answer = edit(browser, id, note="Edited\r\nhere", color="pink", tags="new,  two words , new")
    assert answer.status_code == 303
    assert answer.location == f"/#note-{id}"
    edited = now(reader, id)
    assert (edited["note"], edited["color"]) == ("Edited\nhere", "pink")
    assert edited["tags"] == ["reading", "with, comma", "new", "two words"]


def test_a_long_note_is_saved(reader: FlaskClient, browser: FlaskClient) -> None:
    id = kept(reader)["id"]
    long = "余白" * 50_000  # each of them nine bytes in a form
    assert edit(browser, id, note=long).status_code == 303
    assert now(reader, id)["note"] == long


def test_a_form_nobody_touched_changes_nothing(reader: FlaskClient, browser: FlaskClient) -> None:
    before = kept(reader, note="\n one\r\ntwo\rthree & <four>\n", tags=['"x" & <y>'])
    assert edit(browser, before["id"]).status_code == 303
    assert now(reader, before["id"]) == before


def test_tags_are_taken_off(reader: FlaskClient, browser: FlaskClient) -> None:
    id = kept(reader, tags=["a", "b"])["id"]
    edit(browser, id, tag=["b"])
    assert now(reader, id)["tags"] == ["b"]


def test_a_colour_chosen_here_leaves_the_text_another_device_wrote(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    id = kept(reader)["id"]
    page = browser.get(f"/notes/{id}").text
    reader.patch(f"/api/annotations/{id}", json={"note": "written meanwhile"})
    browser.post(f"/notes/{id}", data=form(page, f"/notes/{id}") | {"color": "blue"})
    edited = now(reader, id)
    assert (edited["note"], edited["color"]) == ("written meanwhile", "blue")
    assert "0 conflicts" not in browser.get("/").text


def test_two_texts_are_both_kept_and_shown_side_by_side(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    id = kept(reader, note="the first text")["id"]
    page = browser.get(f"/notes/{id}").text
    reader.patch(f"/api/annotations/{id}", json={"note": "the second text"})
    browser.post(f"/notes/{id}", data=form(page, f"/notes/{id}") | {"note": "the third text"})
    assert "1 conflict" in browser.get("/").text
    shown = browser.get("/conflicts").text
    assert "the <ins>second</ins> text" in shown
    assert "the <ins>third</ins> text" in shown


def test_what_was_written_on_a_note_deleted_meanwhile_brings_it_back(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    id = kept(reader, note="before", tags=["a"])["id"]
    page = browser.get(f"/notes/{id}").text
    reader.delete(f"/api/annotations/{id}")
    untouched = form(page, f"/notes/{id}")
    assert browser.post(f"/notes/{id}", data=untouched).status_code == 410
    assert reader.get(f"/api/annotations/{id}").status_code == 410
    assert browser.post(f"/notes/{id}", data=untouched | {"note": "at length"}).status_code == 303
    assert (now(reader, id)["note"], now(reader, id)["tags"]) == ("at length", ["a"])


@pytest.fixture
def conflict(reader: FlaskClient, browser: FlaskClient) -> tuple[str, str]:
    """Ids of a note ("mine") and of the copy beside it ("theirs")."""
    id = kept(reader, note="first")["id"]
    page = browser.get(f"/notes/{id}").text
    reader.patch(f"/api/annotations/{id}", json={"note": "mine"})
    browser.post(f"/notes/{id}", data=form(page, f"/notes/{id}") | {"note": "theirs"})
    [copy] = re.findall(r'id="conflict-([0-9a-f-]+)"', browser.get("/conflicts").text)
    return id, copy


@pytest.mark.parametrize(
    ("keep", "texts", "trashed"),
    [
        ("note", ["mine"], "theirs"),
        ("copy", ["theirs"], "theirs"),
        ("both", ["mine", "theirs"], ""),
    ],
)
def test_a_conflict_is_settled(
    reader: FlaskClient,
    browser: FlaskClient,
    conflict: tuple[str, str],
    keep: str,
    texts: list[str],
    trashed: str,
) -> None:
    id, copy = conflict
    data = form(browser.get("/conflicts").text, f"/conflicts/{copy}") | {"keep": keep}
    assert browser.post(f"/conflicts/{copy}", data=data).status_code == 303
    live = reader.get("/api/search").json["annotations"]
    assert sorted(one["note"] for one in live) == texts
    assert now(reader, id)["note"] == texts[0]
    assert "No conflicts" in browser.get("/conflicts").text
    assert trashed in browser.get("/trash").text
    assert browser.post(f"/conflicts/{copy}", data=data).status_code == 404


def test_a_conflict_whose_note_is_gone_can_still_be_kept(
    reader: FlaskClient, browser: FlaskClient, conflict: tuple[str, str]
) -> None:
    id, copy = conflict
    reader.delete(f"/api/annotations/{id}")
    page = browser.get("/conflicts").text
    assert "deleted since" in page
    browser.post(f"/conflicts/{copy}", data=form(page, f"/conflicts/{copy}") | {"keep": "both"})
    assert now(reader, copy)["note"] == "theirs"
    assert "No conflicts" in browser.get("/conflicts").text


def test_a_deletion_can_be_undone(reader: FlaskClient, browser: FlaskClient) -> None:
    id = kept(reader, note="back again")["id"]
    fields = form(browser.get(f"/notes/{id}").text, f"/notes/{id}")
    after = browser.post(f"/notes/{id}/delete?page=1", data=fields)
    assert after.location == f"/?deleted={id}"
    page = browser.get(after.location).text
    assert "back again" not in page
    assert "back again" in browser.get("/trash").text
    browser.post(f"/notes/{id}/restore", data=form(page, f"/notes/{id}/restore"))
    assert now(reader, id)["note"] == "back again"


def test_the_trash_is_emptied_of_what_was_shown(reader: FlaskClient, browser: FlaskClient) -> None:
    first, second = kept(reader)["id"], kept(reader, note="later")["id"]
    reader.delete(f"/api/annotations/{first}")
    page = browser.get("/trash").text
    assert "1 note will be gone" in page
    reader.delete(f"/api/annotations/{second}")
    browser.post("/trash/empty", data=form(page, "/trash/empty"))
    page = browser.get("/trash").text
    assert "later" in page
    assert "1 note will be gone" in page


@pytest.mark.parametrize("path", ["", "/delete", "/restore"])
def test_a_form_of_another_site_changes_nothing(
    reader: FlaskClient, browser: FlaskClient, path: str
) -> None:
    before = kept(reader)
    for data in ({"note": "forged"}, {"note": "forged", "csrf": "0" * 64}):
        answer = browser.post(f"/notes/{before['id']}{path}", data=data)
        assert answer.status_code == 403
        assert "not from this session" in answer.text
    assert now(reader, before["id"]) == before


def test_a_form_of_another_session_changes_nothing(
    reader: FlaskClient, browser: FlaskClient, app: Any
) -> None:
    before = kept(reader)
    fields = form(browser.get(f"/notes/{before['id']}").text, f"/notes/{before['id']}")
    browser.delete_cookie("postil")
    answer = browser.post(f"/notes/{before['id']}", data=fields | {"note": "forged"})
    assert answer.status_code in (302, 403)
    assert now(reader, before["id"]) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"color": "mauve"}, "color"),
        ({"note": "x" * 100_001}, "note"),
        ({"note": "a\0b"}, "NUL"),
        ({"tags": "x" * 129}, "128"),
        ({"tags": ",".join(map(str, range(65)))}, "64"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(
    reader: FlaskClient, browser: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    before = kept(reader)
    answer = edit(browser, before["id"], **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert now(reader, before["id"]) == before


def test_a_note_that_is_not_there_is_said(reader: FlaskClient, browser: FlaskClient) -> None:
    id = kept(reader)["id"]
    reader.delete(f"/api/annotations/{id}")
    assert browser.get(f"/notes/{id}").status_code == 410
    assert browser.get("/notes/nothing").status_code == 404


def test_search_shows_what_it_finds_by_page(reader: FlaskClient, browser: FlaskClient) -> None:
    kept(reader, note="of margins", title="One page")
    kept(reader, note="of something", title="Another", url="https://example.com/b")
    page = browser.get("/search?q=margins").text
    assert "of margins" in page
    assert "One page" in page
    assert "of something" not in page
    assert "Nothing found" in browser.get("/search?q=nowhere").text
    assert 'value="&#34;a&#34;&lt;b"' in browser.get('/search?q="a"<b').text


def test_a_search_that_cannot_be_meant_says_so_beside_the_box(browser: FlaskClient) -> None:
    answer = browser.get("/search?q=color:mauve")
    assert answer.status_code == 422
    assert "yellow, green, blue" in answer.text
    assert 'value="color:mauve"' in answer.text


def test_what_is_sought_is_shown_again_as_text(browser: FlaskClient) -> None:
    names = re.compile(r"<([a-z]+)(?= [^<>]*>|>)")
    plain = set(names.findall(browser.get("/search?q=zzzz").text)) | {"p"}
    for evil in CORPUS:
        page = browser.get("/search", query_string={"q": evil}).text
        box = re.search(r'<input id="q"[^>]* value="([^"]*)"', page)
        assert box is not None
        assert unescape(box[1]) == evil
        assert set(names.findall(page)) <= plain, evil


def test_many_results_are_turned(reader: FlaskClient, browser: FlaskClient) -> None:
    for n in range(35):
        kept(reader, note=f"no. {n}.")
    seen: list[str] = []
    path = "/search?q=no&sort=newest"
    while path:
        page = browser.get(path).text
        seen += re.findall(r"no\. (\d+)\.", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = unescape(found[1]) if found else ""
    assert sorted(map(int, seen)) == list(range(35))


def test_an_open_page_is_told_of_changes(reader: FlaskClient, browser: FlaskClient) -> None:
    since = re.search(r'data-since="([^"]+)"', browser.get("/").text)
    assert since is not None
    assert browser.get(f"/news?since={since[1]}&wait=0").json == {"changed": False}
    kept(reader)
    assert browser.get(f"/news?since={since[1]}&wait=30").json == {"changed": True}
    assert browser.get("/news?since=nonsense").status_code == 410
