"""What a reader types, and how it is understood."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.folding import fold
from store.model import Color, Invalid
from store.query import MAX_LENGTH, MAX_TERMS, Query, Terms, Text, parse


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("marginal notes", Terms((Text("marginal"), Text("notes")))),
        ("annot*", Terms((Text("annot", prefix=True),))),
        ('"read in the mar"*', Terms((Text("read in the mar", prefix=True),))),
        ("a*", Terms((Text("a"),))),
        ("漢*", Terms((Text("漢"),))),
        ('"never closed', Terms((Text("never closed"),))),
        ("Ünïcode", Terms((Text("unicode"),))),
        ("漢字", Terms((Text("漢 字"),))),
        ("https://example.com", Terms((Text("https://example.com"),))),
        ("TAG:Python", Terms(tags=("python",))),
        ('tag:"to  do"', Terms(tags=("to do",))),
        ("color:yellow color:blue", Terms(colors=(Color.YELLOW, Color.BLUE))),
        ("site:Example.COM", Terms(sites=("example.com",))),
        ("same same", Terms((Text("same"),))),
        ("tag: site:", Terms()),
        ("- -- +++ \0 \ud800 \ue000", Terms()),
    ],
)
def test_what_is_wanted(text, wanted):
    assert parse(text) == Query(wanted)


def test_what_is_not_wanted():
    query = parse('-draft -"first draft" -tag:old -color:pink -site:example.com')
    texts = (Text("draft"), Text("first draft"))
    assert query.unwanted == Terms(texts, ("old",), ("example.com",), (Color.PINK,))
    assert not query.wanted


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("after:2026", "2026-01-01T00:00:00.000000Z", None),
        ("before:2026-3", None, "2026-03-01T00:00:00.000000Z"),
        ("after:2026-02-28 after:2025", "2026-02-28T00:00:00.000000Z", None),
        ("before:2026-01-01T12:00:00+02:00", None, "2026-01-01T10:00:00.000000Z"),
    ],
)
def test_times(text, after, before):
    assert parse(text) == Query(after=after, before=before)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("color:mauve", "there are yellow, green, blue, pink, purple"),
        ("before:yesterday", "write before:2026"),
        ("after:2026-13", "is not a date"),
        ("after:2026-02-30", "is not a date"),
        ("after:0000", "is not a date"),
        ("-after:2026", "write `before:2026`"),
        ("site::::", "is not a site"),
        ("x" * (MAX_LENGTH + 1), "over 1024 characters"),
        ("x " * (MAX_TERMS + 1), "over 64 terms"),
    ],
)
def test_what_cannot_be_meant_is_said(text, sentence):
    with pytest.raises(Invalid, match=sentence):
        parse(text)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    with suppress(Invalid):
        assert isinstance(parse(text), Query)


@given(st.text())
def test_folding_what_is_folded_changes_nothing_that_counts(text):
    assert fold(fold(text)).split() == fold(text).split()


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F)))
def test_capitals_make_no_difference(text):
    assert fold(text.upper()) == fold(text.lower().upper())
