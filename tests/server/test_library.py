"""The pages a reader opens in a browser."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from asking import ARTICLE, Clock, note
from flask import Flask
from flask.testing import FlaskClient
from web_annotation import check_collection

import server
from server.current import services
from server.formats import WRITERS


def sign_in(app: Flask, client: FlaskClient) -> str:
    return f"/sign-in/{services(app).access.sign_in_secret()}"


def test_a_stranger_is_told_in_words_how_to_get_in(client: FlaskClient) -> None:
    away = client.get("/")
    assert away.status_code == 302
    assert away.location == "/sign-in"
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert "postil sign-in" in page.text


def test_a_link_lets_a_browser_in(app: Flask, client: FlaskClient) -> None:
    answer = client.get(sign_in(app, client))
    assert answer.status_code == 200  # not a redirect: a Strict cookie would not survive it
    assert '<meta http-equiv="refresh" content="0; url=/">' in answer.text
    assert client.get("/").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(app: Flask, client: FlaskClient) -> None:
    cookie = client.get(sign_in(app, client)).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie


def test_over_https_the_cookie_stays_there(app: Flask, client: FlaskClient) -> None:
    answer = client.get(sign_in(app, client), base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_two_servers_on_one_host_do_not_share_a_cookie(app: Flask, client: FlaskClient) -> None:
    first = client.get(sign_in(app, client), base_url="http://localhost:4477")
    second = client.get(sign_in(app, client), base_url="http://localhost:4478")
    names = [answer.headers["Set-Cookie"].partition("=")[0] for answer in (first, second)]
    assert names == ["postil-4477", "postil-4478"]


def test_a_link_works_once(app: Flask, client: FlaskClient) -> None:
    link = sign_in(app, client)
    client.get(link)
    again = app.test_client().get(link)
    assert again.status_code == 403
    assert again.mimetype == "text/html"
    assert "used already" in again.text


def test_a_link_lasts_a_day(app: Flask, client: FlaskClient, clock: Clock) -> None:
    link = sign_in(app, client)
    clock.forward(24 * 3600 + 1)
    assert client.get(link).status_code == 403


def test_guessing_links_ends_none_and_is_slowed_down(app: Flask, client: FlaskClient) -> None:
    link = sign_in(app, client)
    for guess in range(19):
        assert client.get(f"/sign-in/{guess}").status_code == 403
    assert client.get(link).status_code == 200
    assert client.get("/sign-in/x").status_code == 429


def test_a_session_ends_after_ninety_days_unseen(browser: FlaskClient, clock: Clock) -> None:
    clock.forward(60 * 24 * 3600)
    assert browser.get("/").status_code == 200
    clock.forward(91 * 24 * 3600)
    assert browser.get("/").status_code == 302


def test_a_session_can_be_revoked(reader: FlaskClient, browser: FlaskClient) -> None:
    devices = reader.get("/api/devices").json["devices"]
    (session,) = [device for device in devices if device["kind"] == "library"]
    reader.delete(f"/api/devices/{session['id']}")
    assert browser.get("/").status_code == 302


def test_the_token_of_a_device_is_no_session(app: Flask, reader: FlaskClient) -> None:
    assert reader.get("/").status_code == 302


def test_an_empty_library_says_how_to_begin(browser: FlaskClient) -> None:
    assert "Select a sentence" in browser.get("/").text


def test_pages_are_shown_with_their_notes_in_reading_order(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    for start in (30, 10, 20):
        reader.post(
            "/api/annotations",
            json=note(note=f"at **{start}**", position={"start": start, "end": start + 1}),
        )
    page = browser.get("/").text
    assert re.findall(r"at <strong>(\d+)</strong>", page) == ["10", "20", "30"]
    assert "On margins" in page
    assert "<mark>the margin is a room</mark>" in page
    assert "3 notes" in page
    assert f"{ARTICLE}#:~:text=the%20margin%20is%20a%20room" in page


def test_the_page_changed_last_comes_first(reader: FlaskClient, browser: FlaskClient) -> None:
    for name in ("first", "second"):
        url = f"https://example.org/{name}"
        reader.post("/api/annotations", json=note(url=url, title=f"The {name}"))
    page = browser.get("/").text
    assert page.index("The second") < page.index("The first")


def test_a_heading_holds_the_beginning_of_a_long_title(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    title = "On margins, at length. " * 40
    reader.post("/api/annotations", json=note(title=title))
    [heading] = re.findall(r"<h2 [^>]*>(.*?)</h2>", browser.get("/").text, re.DOTALL)[:1]
    shown = unescape(re.sub(r"<[^>]*>", "", heading)).strip()
    assert shown.endswith("…")
    assert title.startswith(shown[:-1])
    assert 100 < len(shown) < 200
    assert f'title="{title}"' in browser.get("/").text


def test_many_pages_are_turned(reader: FlaskClient, browser: FlaskClient) -> None:
    operations = [
        {
            "op": number,
            "id": f"0190f3a0-0000-7000-8000-{number:012}",
            "base": 0,
            "set": {"url": f"https://example.org/{number}", "title": f"No. {number}."},
            "at": "2026-11-24T10:00:00Z",
        }
        for number in range(1, 46)
    ]
    assert reader.post("/api/changes", json={"operations": operations}).status_code == 200
    seen: list[str] = []
    for turn in (1, 2, 3):
        page = browser.get(f"/?page={turn}").text
        assert f"{turn} of 3" in page
        seen += re.findall(r"No\. (\d+)\.</a>", page)
    assert sorted(map(int, seen)) == list(range(1, 46))
    assert "3 of 3" in browser.get("/?page=99").text
    assert browser.get("/?page=x").status_code == 422


def test_nothing_a_note_holds_runs(reader: FlaskClient, browser: FlaskClient) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    reader.post(
        "/api/annotations",
        json=note(
            note=evil,
            title=evil,
            tags=[evil],
            quote={"exact": evil},
            url=f"https://example.org/{evil}",
        ),
    )
    reader.post("/api/annotations", json=note(url="javascript:alert(1)", title="Run me"))
    page = browser.get("/").text
    assert (
        page.count("<script") == page.count('<script src="/static/library.js" type="module">') == 1
    )
    assert "<img" not in page
    assert "Run me" in page
    assert not re.search(r"(?:href|cite)=\"javascript:", page)


def test_a_page_not_changed_is_304(browser: FlaskClient) -> None:
    etag = browser.get("/").headers["ETag"]
    assert browser.get("/", headers={"If-None-Match": etag}).status_code == 304


def test_everything_can_be_taken_out_in_every_format(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    reader.post("/api/annotations", json=note())
    page = unescape(browser.get("/export").text)
    for codec in WRITERS.values():
        assert codec.title in page
        assert codec.use in page
        link = f"/export?format={codec.name}"
        assert f'href="{link}"' in page
        answer = browser.get(link)
        assert answer.headers["Content-Disposition"].endswith(f'.{codec.suffix}"')
        assert answer.data
    answer = browser.get("/export?format=w3c")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="postil-')
    assert len(check_collection(json.loads(answer.data))) == 1
    assert browser.get("/export?format=docx").status_code == 422


def test_what_a_search_finds_and_what_is_on_a_page_can_be_taken_out(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    reader.post("/api/annotations", json=note(note="of margins"))
    reader.post("/api/annotations", json=note(note="of peat", url="https://example.org/peat"))
    for page in ("/search?q=peat", "/page?of=https://example.org/peat"):
        [link] = re.findall(r'href="(/export\?[^"]+)"', browser.get(page).text)
        choice = browser.get(unescape(link)).text
        assert "1 note " in choice
        [download] = re.findall(r'href="(/export\?format=w3c[^"]*)"', choice)
        taken = browser.get(unescape(download)).text
        assert "of peat" in taken
        assert "of margins" not in taken
    assert browser.get("/export?q=color:mauve").status_code == 422


def test_a_stranger_takes_nothing_out(client: FlaskClient) -> None:
    assert client.get("/export").status_code == 302
    assert client.get("/export?format=w3c").status_code == 302


def test_pairing_is_explained(client: FlaskClient) -> None:
    page = client.get("/pair", base_url="http://localhost:4477").text
    assert "http://localhost:4477" in page
    assert "postil pair" in page


@pytest.mark.parametrize(
    "name",
    "tones.css library.css notes.css forms.css lists.css many.css narrow.css bringing.css "
    "pairing.css reading.css reference.css postil.svg "
    "library.js bringing.js following.js keys.js picking.js waiting.js writing.js".split(),
)
def test_what_the_pages_need_is_there_for_all(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 200


def test_a_long_page_shows_its_first_notes_and_has_a_page_of_its_own(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    operations = [
        {
            "op": number,
            "id": f"0190f3a0-0000-7000-8000-{number:012}",
            "base": 0,
            "set": {
                "url": ARTICLE,
                "title": "On margins",
                "note": f"no. {number}.",
                "position": {"start": number, "end": number},
            },
        }
        for number in range(1, 61)
    ]
    reader.post("/api/changes", json={"operations": operations})
    page = browser.get("/").text
    assert re.findall(r"no\. (\d+)\.", page) == [str(n) for n in range(1, 9)]
    own = re.search(r'href="(/page\?of=[^"]+)">All 60 notes', page)
    assert own is not None
    shown = browser.get(own[1]).text + browser.get(f"{own[1]}&page=2").text
    assert re.findall(r"no\. (\d+)\.", shown) == [str(n) for n in range(1, 61)]
    assert "2 of 2" in browser.get(f"{own[1]}&page=99").text


def test_a_page_without_notes_is_said(browser: FlaskClient) -> None:
    assert browser.get("/page?of=https://example.org/none").status_code == 404
    assert browser.get("/page").status_code == 404


def test_every_page_is_documented(app: Flask) -> None:
    readme = (Path(server.__file__).parent / "README.md").read_text()
    documented = set(re.findall(r"`(/[a-z-]*)(?:\?[^`]*)?`", readme.partition("## The library")[2]))
    pages = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("library.")
        and "GET" in (rule.methods or ())
        and not rule.arguments
    }
    assert pages - {"/news"} <= documented
