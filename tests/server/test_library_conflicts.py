"""Conflicts in the library: what differs is found quickly, and many are turned."""

from __future__ import annotations

import re
import time

import pytest
from asking import note
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.library.difference import difference


def own(text: str, other: str) -> list[str]:
    return [run.text for run in difference(text, other)[0] if run.own]


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("the second text", "the third text", ["second"]),
        ("same", "same", []),
        ("", "all of it", []),
        ("all of it", "", ["all of it"]),
        ("One. Two is here. Three.", "One. Two was here. Three.", ["is"]),
        ("a\nb\nc\n", "a\nc\n", ["b\n"]),
        ("一。二三。四。", "一。二五。四。", ["二三"]),
    ],
)
def test_what_only_one_text_says_is_marked(one: str, other: str, differs: list[str]) -> None:
    assert own(one, other) == differs


@given(st.text("ab .\n", max_size=60), st.text("ab .\n", max_size=60))
def test_both_texts_come_out_whole_and_agree_on_what_they_share(one: str, other: str) -> None:
    left, right = difference(one, other)
    assert "".join(run.text for run in left) == one
    assert "".join(run.text for run in right) == other
    shared = ["".join(run.text for run in side if not run.own) for side in (left, right)]
    assert shared[0] == shared[1]


def test_one_word_in_a_long_text_is_found_among_thousands() -> None:
    sentences = [f"Sentence {n} goes on for a while." for n in range(3000)]
    one = " ".join(sentences)
    assert own(one, one.replace("Sentence 1500 goes", "Sentence 1500 went")) == ["goes"]


def test_the_longest_texts_take_no_longer_than_a_reader_waits() -> None:
    one = " ".join(f"word{n * 7919 % 1000}" for n in range(10_000))
    other = " ".join(f"word{n * 104_729 % 1000}" for n in range(10_000))
    began = time.process_time()
    for text in (one, one.replace(" ", "\n"), one.replace(" ", ". "), "\n" * 100_000):
        difference(text, other)
    assert time.process_time() - began < 2


def test_many_conflicts_are_turned(reader: FlaskClient, browser: FlaskClient) -> None:
    for number in range(12):
        made = reader.post("/api/annotations", json=note(note="first")).json
        reader.patch(f"/api/annotations/{made['id']}", json={"note": "mine"})
        late = {
            "op": 1000 + number,
            "id": made["id"],
            "base": made["rev"],
            "set": {"note": f"theirs {number}"},
        }
        reader.post("/api/changes", json={"operations": [late]})
    first, second = (browser.get(f"/conflicts?page={page}").text for page in (1, 2))
    assert "1 of 2; 12 conflicts" in first
    assert "12 conflicts" in browser.get("/").text
    found = [re.findall(r'id="conflict-([0-9a-f-]+)"', page) for page in (first, second)]
    assert [len(set(ids)) for ids in found] == [10, 2]
