"""What browsers could not find again: over the API, and in the library."""

from __future__ import annotations

from collections.abc import Callable

from asking import ARTICLE, note, problem
from flask.testing import FlaskClient

from server.library.passage import archived

NOBODYS = "0190f3c5-0000-7000-8000-000000000000"


def kept(reader: FlaskClient, **fields: object) -> str:
    id: str = reader.post("/api/annotations", json=note(**fields)).json["id"]
    return id


def listed(reader: FlaskClient) -> list[str]:
    return [one["id"] for one in reader.get("/api/lost").json["lost"]]


def test_what_a_browser_lost_is_listed_until_one_finds_it(
    reader: FlaskClient, pair: Callable[[str], FlaskClient]
) -> None:
    other = pair("desk")
    one, two = kept(reader), kept(reader)
    before = reader.get("/api/changes").json
    assert reader.post("/api/lost", json={"lost": [one, two]}).json == {"total": 2}
    said = reader.get("/api/lost")
    assert sorted(listed(reader)) == sorted([one, two])
    [laptop] = [each for each in reader.get("/api/devices").json["devices"] if each["current"]]
    assert {each["device"] for each in said.json["lost"]} == {laptop["id"]}
    again = reader.get("/api/lost", headers={"If-None-Match": said.headers["ETag"]})
    assert again.status_code == 304
    assert other.post("/api/lost", json={"lost": [two, NOBODYS], "found": [one]}).json["total"] == 1
    assert listed(reader) == [two]
    assert reader.get("/api/lost").json["lost"][0]["device"] == laptop["id"]
    assert reader.get("/api/changes").json == before


def test_the_list_is_paged_and_none_is_shown_twice_or_left_out(reader: FlaskClient) -> None:
    ids = [kept(reader) for _ in range(5)]
    for some in (ids[:3], ids[3:]):
        reader.post("/api/lost", json={"lost": some})
    whole = reader.get("/api/lost").json
    assert (len(whole["lost"]), whole["total"], whole["cursor"]) == (5, 5, None)
    shown: list[dict[str, str]] = []
    cursor = ""
    for asked in (2, 2, 1):
        page = reader.get(f"/api/lost?limit=2&cursor={cursor}").json
        assert len(page["lost"]) == asked
        shown += page["lost"]
        cursor = page["cursor"]
        # What is found meanwhile shifts nobody.
        reader.post("/api/lost", json={"found": [shown[0]["id"]]})
    assert shown == whole["lost"]
    assert cursor is None
    problem(reader.get("/api/lost?cursor=7"), 422, "invalid", "cursor")
    problem(reader.get("/api/lost?limit=1001"), 422, "invalid", "limit")


def test_what_is_told_is_held_to_limits(reader: FlaskClient, client: FlaskClient) -> None:
    problem(reader.post("/api/lost", json={"lost": [NOBODYS] * 501}), 422, "invalid", "lost")
    problem(reader.post("/api/lost", json={"found": ["no id"]}), 422, "invalid", "found[0]")
    problem(reader.post("/api/lost", json={"seen": []}), 422, "invalid", "seen")
    assert reader.post("/api/lost", json={}).json == {"total": 0}
    for answer in (client.get("/api/lost"), client.post("/api/lost", json={})):
        problem(answer, 401, "unauthorized")


def test_the_library_lists_it_by_page_and_marks_it_there(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    assert "Every passage stands in its place" in browser.get("/lost").text
    assert "not found again" not in browser.get("/").text
    lost, stands = kept(reader, note="of a hole"), kept(reader, note="in its place")
    reader.post("/api/lost", json={"lost": [lost]})
    page = browser.get("/lost").text
    assert "of a hole" in page
    assert "in its place</p>" not in page
    assert '<span dir="auto">laptop</span>' in page
    assert f'href="https://web.archive.org/web/*/{ARTICLE}"' in page
    assert f'href="{ARTICLE}" rel="noopener">Open the page<' in page
    assert ">1 not found again</a>" in browser.get("/").text
    own = browser.get("/page", query_string={"of": ARTICLE}).text
    before, after = own.split(f'id="note-{stands}"')
    assert before.count('class="gone"') + after.count('class="gone"') == 1
    assert "Open at this passage" in own


def test_what_is_deleted_from_the_list_is_gone_from_it_and_can_be_undone(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    id = kept(reader)
    reader.post("/api/lost", json={"lost": [id]})
    csrf = browser.get("/lost").text.split('name="csrf" value="')[1].split('"')[0]
    done = browser.post(f"/notes/{id}/delete?lost=", data={"csrf": csrf})
    assert done.headers["Location"] == f"/lost?deleted={id}"
    page = browser.get(done.headers["Location"]).text
    assert "The note is in the trash." in page
    assert "Every passage stands in its place" in page
    assert listed(reader) == []


def test_many_pages_with_something_lost_are_turned(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    ids = [kept(reader, url=f"https://example.org/{n}", note=f"hole {n}.") for n in range(25)]
    for id in ids:
        reader.post("/api/lost", json={"lost": [id]})
    first, second = (browser.get(f"/lost?page={page}").text for page in (1, 2))
    assert "1 of 2; 25 notes" in first
    assert first.index("hole 24.") < first.index("hole 5.")
    assert "hole 4." in second
    assert "hole 5." not in second
    assert f"/notes/{ids[0]}/delete?lost=&amp;page=2" in second


def test_an_archive_is_told_of_nothing_but_the_page() -> None:
    secret = "https://ada:secret@example.org/a?b=1#:~:text=what%20was%20read"
    assert archived(secret) == "https://web.archive.org/web/*/https://example.org/a?b=1"
