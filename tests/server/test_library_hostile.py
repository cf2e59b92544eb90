"""Whatever a note, a tag, a device or a file is called, a page of the library says it as text; and
nobody's pages ever show what is another account's."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from asking import ARTICLE
from flask import Flask
from flask.testing import FlaskClient
from test_library_forms import CORPUS, form, kept

from server.current import services
from server.markup import TAGS

Pair = Callable[[str], FlaskClient]


class _Reading(HTMLParser):
    """What a browser would make of a page: its elements, and what in them would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.runs: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attributes:
            scheme = (value or "").strip().partition(":")[0].lower()
            leads = name in ("href", "src", "action", "formaction", "cite", "data", "xlink:href")
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.runs.append(name)
            if leads and scheme in ("javascript", "data", "vbscript"):
                self.runs.append(f"{name}={value}")


def harmless(page: str, plain: str) -> bool:
    """Whether a page has no element that it would not have for plain words, and none that runs."""
    reading = _Reading(page)
    return reading.elements <= _Reading(plain).elements | TAGS and not reading.runs


def said(text: str) -> str:
    """As a tag or the name of a device may say it."""
    return " ".join(text.replace("\0", "").split())[:128] or "nothing"


PATHS = ("/", "/tags", "/devices", "/reading", "/export", "/import", f"/page?of={ARTICLE}")


def test_pages_say_what_is_hostile_as_text(
    pair: Pair, reader: FlaskClient, browser: FlaskClient
) -> None:
    kept(reader, tags=["plain"])
    kept(reader, url="https://example.org/other", tags=["plain"])
    plain = {path: browser.get(path).text for path in PATHS}
    plain["/search"] = browser.get("/search?q=").text
    for number, evil in enumerate(CORPUS):
        kept(reader, title=said(evil), note=evil, tags=[said(evil)], quote={"exact": evil})
        if number % 20 == 0:  # pairing is slowed down for who tries too often
            pair(said(evil))
    assert browser.get("/devices").text.count("<li>") > 5
    paths = [*PATHS, "/tags?page=2", *(f"/page?of={ARTICLE}&page={n}" for n in range(2, 7))]
    for path in paths:
        page = browser.get(path)
        assert page.status_code == 200
        assert harmless(page.text, plain[path.partition("&")[0].partition("?page")[0]]), path
    for evil in CORPUS[::5]:
        page = browser.get("/search", query_string={"q": evil, "sort": "newest"})
        assert harmless(page.text, plain["/search"]), evil


def test_answers_say_what_is_hostile_as_text(reader: FlaskClient, browser: FlaskClient) -> None:
    id = kept(reader, tags=["plain"])["id"]
    csrf = form(browser.get("/search?q=").text, "/notes/many")["csrf"]

    def told(words: str) -> list[str]:
        fields = {"csrf": csrf, "note": [f"{id} 1"], "do": "tag", "tag": words}
        answer = browser.post("/notes/many", data=fields, follow_redirects=True)
        lines = f"{json.dumps({'id': words})}\n".encode()
        upload = {"file": (io.BytesIO(lines), words), "csrf": csrf, "format": "ndjson"}
        return [answer.text, browser.post("/import", data=upload).text]

    plain = told("plain words")
    for evil in CORPUS[::7]:
        for page, harmless_page in zip(told(said(evil)), plain, strict=True):
            assert harmless(page, harmless_page), evil
            assert "</main>" in page


def paths_of(app: Flask) -> list[str]:
    """Every page of the library that can be asked for without knowing an id."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("library.")
        and "GET" in (rule.methods or ())
        and not rule.arguments
    ]


def test_no_page_shows_what_is_anothers(
    app: Flask, reader: FlaskClient, browser: FlaskClient, pair: Pair
) -> None:
    secret = kept(reader, title="Secret", note="secret", tags=["secret"], quote={"exact": "secret"})
    gone = kept(reader, note="secret")
    reader.delete(f"/api/annotations/{gone['id']}")
    parts = services(app)
    parts.store.add_account("ada")
    ada = app.test_client()
    ada.get(f"/sign-in/{parts.access.sign_in_secret('ada')}")
    named = {"q": "secret", "of": ARTICLE, "format": "ndjson", "wait": "0", "since": ""}
    assert len(paths_of(app)) > 10
    for path in paths_of(app):
        for query in ({}, named, {"of": ARTICLE}, {"name": "secret"}):
            answer = ada.get(path, query_string=query)
            shown = unescape(answer.text).replace('value="secret"', "").replace("q=secret", "")
            assert "secret" not in shown.lower() or path == "/search", (path, query)
            assert secret["id"] not in shown
    found = ada.get("/search?q=secret").text
    assert "Nothing found" in found


@pytest.mark.parametrize("path", ["/notes/many", "/undo", "/tag/delete", "/tag/rename"])
def test_nobody_changes_what_is_anothers(
    app: Flask, reader: FlaskClient, browser: FlaskClient, path: str
) -> None:
    note = kept(reader, tags=["mine"])
    parts = services(app)
    parts.store.add_account("ada")
    ada = app.test_client()
    ada.get(f"/sign-in/{parts.access.sign_in_secret('ada')}")
    told = browser.post(
        "/notes/many",
        data=form(browser.get("/search?q=").text, "/notes/many")
        | {"note": [f"{note['id']} {note['rev']}"], "do": "pink"},
        follow_redirects=True,
    )
    [deed] = re.findall(r'name="deed" value="([^"]+)"', told.text)
    before = reader.get(f"/api/annotations/{note['id']}").json
    fields: dict[str, Any] = {
        "csrf": form(ada.get("/devices").text, "/devices/code")["csrf"],
        "note": [f"{note['id']} {note['rev']}"],
        "do": "delete",
        "deed": unescape(deed),
        "name": "mine",
        "to": "hers",
    }
    assert ada.post(path, data=fields, follow_redirects=True).status_code in (200, 404)
    assert reader.get(f"/api/annotations/{note['id']}").json == before
