"""Notes ticked in a list of the library: changed together, and taken back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from asking import ARTICLE
from flask import Flask
from flask.testing import FlaskClient
from test_library_forms import form, kept, now

from server.current import services


def ticked(page: str) -> list[str]:
    """What the ticks of a page would send, were all of them set."""
    return re.findall(r'<input type="checkbox" form="many" name="note" value="([^"]+)"', page)


def do(
    browser: FlaskClient, wish: str, notes: list[str], path: str = "/search?q=", **more: str
) -> Any:
    page = browser.get(path).text
    [action] = re.findall(r'<form id="many"[^>]*action="([^"]+)"', page)
    fields = form(page, action) | {"note": notes, "do": wish}
    return browser.post(unescape(action), data=fields | more, follow_redirects=True)


def undo(browser: FlaskClient, answer: Any) -> Any:
    return browser.post("/undo", data=form(answer.text, "/undo"), follow_redirects=True)


@pytest.fixture
def three(reader: FlaskClient) -> list[dict[str, Any]]:
    return [
        kept(reader, tags=["a"], color="pink"),
        kept(reader, tags=["a", "b"], color="blue"),
        kept(reader, tags=[], color="pink"),
    ]


def state(reader: FlaskClient, notes: list[dict[str, Any]]) -> list[tuple[set[str], str]]:
    found = [now(reader, note["id"]) for note in notes]
    return [(set(note["tags"]), note["color"]) for note in found]


@pytest.mark.parametrize(
    ("wish", "tag", "after", "words"),
    [
        ("tag", "b,  c d", [{"a", "b", "c d"}, {"a", "b", "c d"}, {"b", "c d"}], "now carry"),
        ("untag", "a", [set(), {"b"}, set()], "2 notes no longer carry “a”"),
        ("green", "", ["green"] * 3, "3 notes are green now"),
        ("blue", "", ["blue"] * 3, "2 notes are blue now"),
    ],
)
def test_what_was_ticked_is_changed_and_taken_back(
    reader: FlaskClient,
    browser: FlaskClient,
    three: list[dict[str, Any]],
    wish: str,
    tag: str,
    after: list[Any],
    words: str,
) -> None:
    before = state(reader, three)
    answer = do(browser, wish, ticked(browser.get("/search?q=").text), tag=tag)
    assert words in answer.text
    changed = state(reader, three)
    assert [tags if tag else color for tags, color in changed] == after
    undo(browser, answer)
    assert state(reader, three) == before


def test_what_was_not_ticked_stays(reader: FlaskClient, browser: FlaskClient, three: Any) -> None:
    do(browser, "delete", [f"{three[0]['id']} {three[0]['rev']}"])
    statuses = [reader.get(f"/api/annotations/{note['id']}").status_code for note in three]
    assert statuses == [410, 200, 200]


def test_deleted_notes_come_back_as_they_were(
    reader: FlaskClient, browser: FlaskClient, three: Any
) -> None:
    before, path = state(reader, three), f"/page?of={ARTICLE}"
    answer = do(browser, "delete", ticked(browser.get(path).text), path)
    assert "3 notes are in the trash" in answer.text
    assert browser.get(path).status_code == 404
    assert "3 notes are as before" in undo(browser, answer).text
    assert state(reader, three) == before
    again = undo(browser, answer)
    assert "Nothing changed" not in again.text
    assert "Restored already" in again.text


def test_an_edit_the_reader_has_not_seen_beats_their_deletion(
    reader: FlaskClient, browser: FlaskClient, three: Any
) -> None:
    notes = ticked(browser.get("/search?q=").text)
    reader.patch(f"/api/annotations/{three[1]['id']}", json={"note": "Edited."})
    answer = do(browser, "delete", notes)
    assert "2 notes are in the trash" in answer.text
    assert "1 note stays as it is: Edited on another device meanwhile." in answer.text
    assert now(reader, three[1]["id"])["note"] == "Edited."


def test_a_note_deleted_meanwhile_does_not_come_back_by_a_tag(
    reader: FlaskClient, browser: FlaskClient, three: Any
) -> None:
    notes = ticked(browser.get("/search?q=").text)
    reader.delete(f"/api/annotations/{three[0]['id']}")
    answer = do(browser, "tag", notes, tag="new")
    assert "1 note stays as it is: Deleted meanwhile." in answer.text
    assert reader.get(f"/api/annotations/{three[0]['id']}").status_code == 410


def test_a_note_that_has_all_the_tags_it_can_have_is_told_of(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    kept(reader, tags=[f"t{n}" for n in range(64)])
    kept(reader, tags=[])
    answer = do(browser, "tag", ticked(browser.get("/search?q=").text), tag="one more")
    assert "1 note now carries “one more”" in answer.text
    assert "64 is the most" in answer.text


def test_all_on_a_page_are_ticked_without_a_script(
    reader: FlaskClient, browser: FlaskClient, three: Any
) -> None:
    page = browser.get("/search?q=margin&sort=newest").text
    assert len(ticked(page)) == 3
    [link] = re.findall(r'<a class="all" href="([^"]+)"', page)
    whole = browser.get(unescape(link)).text
    assert len(re.findall(r'name="note" value="[^"]+" checked>', whole)) == 3
    assert 'value="margin"' in whole


def test_the_answer_is_told_in_the_list(
    reader: FlaskClient, browser: FlaskClient, three: Any
) -> None:
    for path in ("/search?q=margin&sort=newest", f"/page?of={ARTICLE}"):
        answer = do(browser, "green", ticked(browser.get(path).text), path)
        assert answer.request.full_path.startswith(path.partition("?")[0])
        assert "notes are green now" in answer.text
        assert len(ticked(answer.text)) == 3
        do(browser, "pink", ticked(answer.text), path)


def test_what_is_told_is_told_by_this_session_alone(
    app: Flask, reader: FlaskClient, browser: FlaskClient, three: Any
) -> None:
    answer = do(browser, "delete", ticked(browser.get("/search?q=").text))
    done = answer.request.args["done"]
    said = "3 notes are in the trash"
    assert said in browser.get("/", query_string={"done": done}).text
    text, _, seal = done.partition(".")
    broken = seal[:-1] + ("1" if seal.endswith("0") else "0")
    for forged in ("", "x", "x.y", f"{text}.", f"{text[:-4]}AAA=.{seal}", f"{text}.{broken}"):
        page = browser.get("/", query_string={"done": forged})
        assert page.status_code == 200
        assert said not in page.text
    other = app.test_client()
    other.get(f"/sign-in/{services(app).access.sign_in_secret()}")
    assert said not in other.get("/", query_string={"done": done}).text


@pytest.mark.parametrize(
    ("wish", "notes", "tag"),
    [
        ("delete", [], ""),
        ("delete", ["x 1"], ""),
        ("delete", ["0190f3a0-0000-7000-8000-000000000001"], ""),
        ("delete", ["0190f3a0-0000-7000-8000-000000000001 99999999999999999"], ""),
        ("tag", ["0190f3a0-0000-7000-8000-000000000001 1"], " , "),
        ("tag", ["0190f3a0-0000-7000-8000-000000000001 1"], "x" * 129),
        ("mauve", ["0190f3a0-0000-7000-8000-000000000001 1"], ""),
        ("", ["0190f3a0-0000-7000-8000-000000000001 1"], ""),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    reader: FlaskClient, browser: FlaskClient, three: Any, wish: str, notes: list[str], tag: str
) -> None:
    before = state(reader, three)
    answer = do(browser, wish, notes, tag=tag)
    assert answer.status_code == 422
    assert state(reader, three) == before


def test_a_form_of_another_site_changes_no_ticked_note(
    reader: FlaskClient, browser: FlaskClient, three: Any
) -> None:
    notes = ticked(browser.get("/search?q=").text)
    assert browser.post("/notes/many", data={"note": notes, "do": "delete"}).status_code == 403
    assert reader.get("/api/search").json["total"] == 3
