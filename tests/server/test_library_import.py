"""Bringing notes in from a file, in the library."""

from __future__ import annotations

import io
import json
import os
import re
import secrets
from typing import Any

import pytest
from asking import ARTICLE
from flask import Flask
from flask.testing import FlaskClient
from test_library_forms import form, kept

from server.current import services
from server.formats import READERS
from server.library.stopping import stop
from store.errors import StoreFull


def line(number: int, **fields: Any) -> str:
    id = f"0190f3a0-0000-7000-8000-{number:012}"
    return json.dumps({"id": id, "url": ARTICLE, "note": f"no. {number}."} | fields)


def bring(browser: FlaskClient, data: str, **fields: str) -> Any:
    upload = {"file": (io.BytesIO(data.encode()), "my <notes>.ndjson")}
    csrf = form(browser.get("/import").text, "/import")["csrf"]
    return browser.post("/import", data={"csrf": csrf} | fields | upload)


def figures(page: str) -> dict[str, int]:
    found = re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", page)
    return {words: int(number.replace(",", "")) for words, number in found}


def total(reader: FlaskClient) -> int:
    found = reader.get("/api/search").json["total"]
    assert isinstance(found, int)
    return found


def exported(reader: FlaskClient) -> str:
    text = reader.get("/api/export?format=ndjson").text
    assert isinstance(text, str)
    return text


def test_the_page_offers_every_format_that_is_read(browser: FlaskClient) -> None:
    page = browser.get("/import").text
    for codec in READERS.values():
        assert f'<option value="{codec.name}">{codec.title}</option>' in page


def test_what_was_taken_out_is_brought_back_in(reader: FlaskClient, browser: FlaskClient) -> None:
    id = kept(reader)["id"]
    file = exported(reader)
    assert figures(bring(browser, file).text)["as they were"] == 1
    reader.delete(f"/api/annotations/{id}")
    assert "was deleted here" in bring(browser, file).text


def test_a_file_is_looked_at_first_then_brought_in_then_taken_out_again(
    app: Flask, reader: FlaskClient, browser: FlaskClient
) -> None:
    kept(reader)
    file = exported(reader)
    services(app).store.remove_account("default")
    browser.get(f"/sign-in/{services(app).access.sign_in_secret()}")
    looked = bring(browser, file, dry_run="on").text
    assert "What would become of" in looked
    assert "my &lt;notes&gt;.ndjson" in looked
    assert figures(looked) == {"new": 1, "updated": 0, "as they were": 0, "refused": 0}
    assert "margin is a room" not in browser.get("/").text
    done = bring(browser, file)
    assert "What became of" in done.text
    assert "margin is a room" in browser.get("/").text
    undone = browser.post("/undo", data=form(done.text, "/undo"), follow_redirects=True)
    assert "1 note is as before" in undone.text
    assert "margin is a room" not in browser.get("/").text


def test_every_item_that_is_refused_is_told(reader: FlaskClient, browser: FlaskClient) -> None:
    page = bring(browser, "\n".join([line(1), "{}", line(2)]), format="ndjson").text
    assert figures(page)["new"] == 2
    assert figures(page)["refused"] == 1
    assert "Line 2, refused" in page
    assert total(reader) == 2


def test_hundreds_of_bad_items_are_counted(browser: FlaskClient) -> None:
    page = bring(browser, "\n".join([line(1), *["{}"] * 250]), format="ndjson").text
    assert figures(page)["refused"] == 250
    assert page.count("refused</span>") == 200
    assert "And 50 more" in page


@pytest.mark.parametrize(
    ("data", "fields", "sentence"),
    [
        ("neither this nor that", {}, "No format Postil reads"),
        (line(1), {"format": "docx"}, "no format of that name"),
    ],
)
def test_what_cannot_be_read_is_said(
    reader: FlaskClient, browser: FlaskClient, data: str, fields: dict[str, str], sentence: str
) -> None:
    answer = bring(browser, data, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert total(reader) == 0


def test_a_form_without_a_file_is_refused(browser: FlaskClient) -> None:
    csrf = form(browser.get("/import").text, "/import")["csrf"]
    assert browser.post("/import", data={"csrf": csrf}).status_code == 422


def test_a_file_larger_than_any_form_is_taken(reader: FlaskClient, browser: FlaskClient) -> None:
    lines = [line(number, note="long " * 4000) for number in range(1, 151)]
    data = "\n".join(lines)
    assert len(data) > 2 * 1024 * 1024
    assert figures(bring(browser, data, format="ndjson").text)["new"] == 150


def test_a_full_disk_in_the_middle_is_told_with_what_stands(
    app: Flask, reader: FlaskClient, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = services(app).store
    writes = store.apply

    def full(account: str, device: str, operations: Any) -> Any:
        if len(operations) < 500:
            raise StoreFull("The disk is full.")
        return writes(account, device, operations)

    monkeypatch.setattr(store, "apply", full)
    page = bring(browser, "\n".join(map(line, range(1, 601))), format="ndjson").text
    assert "The disk is full" in page
    assert figures(page)["new"] == 500
    monkeypatch.undo()
    assert total(reader) == 500
    browser.post("/undo", data=form(page, "/undo"))
    assert total(reader) == 0


def test_a_file_sent_by_another_site_is_not_taken(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    upload = {"file": (io.BytesIO(line(1).encode()), "notes.ndjson"), "csrf": "0" * 64}
    assert browser.post("/import", data=upload).status_code == 403
    assert total(reader) == 0


def on_the_way(browser: FlaskClient, data: str, **fields: str) -> Any:
    upload = {"file": (io.BytesIO(data.encode()), "notes.ndjson"), **fields}
    upload["csrf"] = form(browser.get("/import").text, "/import")["csrf"]
    return browser.post("/import", data=upload, headers={"Accept": "application/x-ndjson"})


def test_a_script_is_told_how_far_it_has_come_and_last_the_same_page(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    data = "\n".join([*(line(n, note="long " * 200) for n in range(1, 1200)), "{}"])
    answer = on_the_way(browser, data, format="ndjson")
    assert answer.mimetype == "application/x-ndjson"
    began, *steps, last = map(json.loads, answer.text.splitlines())
    assert began["stop"]
    assert [step["items"] for step in steps] == [250, 500, 750, 1000, 1200]
    read = [step["read"] for step in steps]
    assert 0 < read[0] < read[-1] == steps[0]["size"] == len(data)
    assert figures(last["page"])["new"] == 1199
    assert "Line 1,200, refused" in last["page"]
    csrf = form(browser.get("/import").text, "/import")["csrf"]
    over = browser.post("/import/stop", data={"csrf": csrf, "name": began["stop"]})
    assert over.json == {"stopping": False}


def test_what_a_script_sends_and_cannot_be_read_is_said_on_a_page(browser: FlaskClient) -> None:
    answer = on_the_way(browser, "neither this nor that")
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    assert "No format Postil reads" in answer.text


def test_an_import_that_is_stopped_tells_what_stands(
    app: Flask, reader: FlaskClient, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = services(app).store
    writes = store.apply

    folder = services(app).config.imports_folder
    monkeypatch.setattr(secrets, "token_urlsafe", lambda _length: "name")
    stopped: list[bool] = []

    def stopped_meanwhile(account: str, device: str, operations: Any) -> Any:
        assert not stop(folder, "another", "name")
        assert not stop(folder, account, "another")
        stopped.append(stop(folder, account, "name"))
        return writes(account, device, operations)

    monkeypatch.setattr(store, "apply", stopped_meanwhile)
    data = "\n".join(map(line, range(1, 5001)))
    page = json.loads(on_the_way(browser, data, format="ndjson").text.splitlines()[-1])["page"]
    assert "Stopped: the rest of the file was not read." in page
    assert figures(page)["new"] == total(reader) < 5000
    assert any(stopped)
    assert not any(folder.iterdir())
    monkeypatch.undo()
    browser.post("/undo", data=form(page, "/undo"))
    assert total(reader) == 0


def test_what_a_killed_process_left_of_an_import_is_swept(app: Flask, browser: FlaskClient) -> None:
    folder = services(app).config.imports_folder
    folder.mkdir()
    left, running = folder / "left", folder / "running"
    left.touch()
    running.touch()
    os.utime(left, (0, 0))
    on_the_way(browser, line(1), format="ndjson").get_data()
    assert list(folder.iterdir()) == [running]
