"""Narrowing a search: what is chosen stands in the query."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from test_library_forms import kept

from server.library.narrowing import narrowed, term
from store.query import parse


def chips(page: str) -> dict[str, str]:
    """The choices of a page, by label, and the query each leads to; chosen ones with a star."""
    found = re.findall(r'<li><a href="/search\?([^"]*)"([^>]*)>([^<]*)', page)
    return {
        unescape(label) + "*" * ("aria-current" in more): unescape(query)
        for query, more, label in found
    }


@pytest.mark.parametrize(
    ("q", "field", "value", "wanted"),
    [
        ("", "tag", "python", "tag:python"),
        ("margin", "tag", "to do", 'margin tag:"to do"'),
        ("margin ", "site", "example.com", "margin site:example.com"),
        ("after:2025 margin", "after", "2026-10-24", "margin after:2026-10-24"),
        ("before:2026", "after", "2025", "before:2026 after:2025"),
        ("margin", "tag", 'a "quoted" one', "margin"),
    ],
)
def test_a_choice_is_written_into_the_query(q: str, field: str, value: str, wanted: str) -> None:
    assert narrowed(q, field, value) == wanted


@pytest.mark.parametrize("tag", ["a", "two words", "c++", "-x", "a:b", "日本語", "x*", "(", "“x”"])
def test_what_is_written_means_that_tag(tag: str) -> None:
    text = term("tag", tag)
    assert not text or parse(text) == parse("", [("tag", tag)])


def test_choices_lead_to_a_narrower_search_and_back(
    reader: FlaskClient, browser: FlaskClient
) -> None:
    kept(reader, tags=["to do", "art"], color="pink")
    kept(reader, tags=["art"], url="https://blog.example.com:8080/a")
    offered = chips(browser.get("/search?q=margin").text)
    assert offered["art"] == "q=margin+tag:art"
    assert offered["to do"] == "q=margin+tag:%22to+do%22"
    assert offered["Pink"] == "q=margin+color:pink"
    assert offered["blog.example.com:8080"] == "q=margin+site:blog.example.com:8080"
    assert {"Past week", "Past month", "Past year"} <= offered.keys()
    page = browser.get(f"/search?{offered['Pink']}").text
    assert "1 note<" in page
    assert chips(page)["Pink*"] == "q=margin"
    page = browser.get("/search?q=Tag:%22To%20Do%22%20-tag:art%20margin").text
    assert chips(page)["To Do*"] == "q=-tag:art+margin"
    assert "art*" not in chips(page)


def test_what_is_typed_beside_the_box_goes_into_it(browser: FlaskClient) -> None:
    typed = {"q": "margin", "sort": "newest", "tag": "to do", "site": "", "before": "2026-10-24"}
    answer = browser.get("/search", query_string=typed)
    assert answer.status_code == 303
    assert answer.location == ("/search?q=margin+tag:%22to+do%22+before:2026-10-24&sort=newest")
