"""Devices in the library: who is there, letting one more in, and taking a key away."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import segno
from asking import Clock
from flask import Flask
from flask.testing import FlaskClient
from test_library_forms import form

from server.current import services
from server.library.wording import ago
from store.clock import timestamp

Pair = Callable[[str], FlaskClient]


def revoke(browser: FlaskClient, name: str) -> Any:
    page = browser.get("/devices").text
    found = re.search(rf"<h2[^>]*>{re.escape(name)}.*?action=\"([^\"]+)\"", page, re.DOTALL)
    assert found, page
    return browser.post(found[1], data=form(page, found[1]))


def test_devices_are_listed_with_this_browser_first(
    pair: Pair, browser: FlaskClient, clock: Clock
) -> None:
    pair("<laptop>")
    clock.forward(3 * 3600)
    pair("telephone").get("/api/tags")
    page = browser.get("/devices").text
    assert re.findall(r'<h2 dir="auto">([^<]+)', page) == [
        "A browser ",
        "telephone",
        "&lt;laptop&gt;",
    ]
    assert "this browser" in page
    assert "Seen <time" in page
    assert "3 hours ago" in page
    assert "Program" in page


def test_a_revoked_device_is_out_at_once(pair: Pair, browser: FlaskClient) -> None:
    laptop = pair("laptop")
    answer = revoke(browser, "laptop")
    assert (answer.status_code, answer.location) == (303, "/devices")
    assert "laptop" not in browser.get("/devices").text
    assert laptop.get("/api/tags").status_code == 401


def test_revoking_this_browser_signs_it_out(browser: FlaskClient) -> None:
    answer = revoke(browser, "A browser")
    assert answer.location == "/sign-in"
    assert browser.get("/").status_code == 302


def test_a_device_that_is_gone_is_said(pair: Pair, browser: FlaskClient) -> None:
    pair("laptop")
    page = browser.get("/devices").text
    _, action = re.findall(r'action="(/devices/[^"]+/revoke)"', page)
    revoke(browser, "laptop")
    assert browser.post(action, data=form(page, action)).status_code == 404


def test_no_account_revokes_what_is_anothers(app: Flask, browser: FlaskClient) -> None:
    parts = services(app)
    parts.store.add_account("ada")
    code = parts.access.pairing_code("ada")
    token, hers = parts.access.pair(code, "hers", "api", "") or pytest.fail("not paired")
    page = browser.get("/devices").text
    assert "hers" not in page
    fields = form(page, "/devices/code")
    assert browser.post(f"/devices/{hers.id}/revoke", data=fields).status_code == 404
    assert parts.access.holder(token) is not None


def code_page(browser: FlaskClient, **named: Any) -> Any:
    fields = form(browser.get("/devices", **named).text, "/devices/code")
    return browser.post("/devices/code", data=fields, **named)


def test_a_code_pairs_one_browser(client: FlaskClient, browser: FlaskClient) -> None:
    answer = code_page(browser)
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.text
    [code] = re.findall(r"<code>(\w{4}-\w{4})</code>", page)
    assert f"http://localhost/pair#{code}" in page
    assert "for 10 minutes" in page
    assert "known on this machine only" in page
    said = {"code": code, "name": "telephone"}
    assert client.post("/api/pair", json=said).status_code == 201
    assert "telephone" in browser.get("/devices").text
    assert client.post("/api/pair", json=said).status_code == 403


def test_the_picture_is_the_link_and_nothing_the_policy_forbids(browser: FlaskClient) -> None:
    page = code_page(browser).text
    [picture] = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert "<title>QR code of the pairing link</title>" in picture
    assert "style" not in picture
    [link] = re.findall(r'<code class="link">([^<]+)', page)
    assert dark_modules(picture) == expected_modules(unescape(link))


def dark_modules(picture: str) -> int:
    """How many modules the strokes of a picture cover."""
    [path] = re.findall(r'<path[^>]*stroke="#000"[^>]*>', picture)
    return sum(int(length) for length in re.findall(r"h(\d+)", path))


def expected_modules(link: str) -> int:
    return sum(map(sum, segno.make_qr(link, error="m").matrix))


def test_the_link_names_the_address_readers_use(app: Flask) -> None:
    far = app.test_client()
    at = "https://notes.example"
    far.get(f"/sign-in/{services(app).access.sign_in_secret()}", base_url=at)
    page = code_page(far, base_url=at, headers={"Origin": at}).text
    assert "https://notes.example/pair#" in page
    assert "known on this machine only" not in page


def test_a_form_of_another_site_makes_no_code_and_revokes_nothing(
    pair: Pair, browser: FlaskClient
) -> None:
    pair("laptop")
    page = browser.get("/devices").text
    for path in ("/devices/code", *re.findall(r'action="(/devices/[^"]+/revoke)"', page)):
        assert browser.post(path).status_code == 403


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=100), "just now"),
        (timedelta(minutes=2), "2 minutes ago"),
        (timedelta(minutes=80), "an hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(hours=25), "yesterday"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=40), "on 15 October 2026"),
    ],
)
def test_times_are_told_in_words(past: timedelta, words: str) -> None:
    now = datetime(2026, 11, 24, 20, tzinfo=UTC)
    assert ago(timestamp(now - past), now) == words
