"""A search finds the same in the database as in the embedded store, in the same order."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.answers import Sort
from store.model import Color, Invalid
from store.query import parse
from store.sql.lexemes import MANY
from store.sql.store import SqlStore
from store.tiny import TinyStore
from tests.store.making import highlight, operation

VECTORS = json.loads(Path(__file__).with_name("queries.json").read_text())


@pytest.fixture(scope="module")
def both(cluster, tmp_path_factory):
    stores = SqlStore(cluster.database()), TinyStore(tmp_path_factory.mktemp("search") / "n.json")
    yield stores
    for store in stores:
        store.close()


@pytest.fixture(scope="module")
def vectors(both):
    note = dict(VECTORS["note"])
    made = highlight(at=note.pop("updated"), tags_add=note.pop("tags"), **note)
    both[0].apply("vectors", "A", [made])
    return both[0]


@pytest.mark.parametrize(("written", "found"), VECTORS["match"])
def test_a_note_is_found_by_what_it_says(vectors, written, found):
    assert bool(vectors.search("vectors", parse(written)).annotations) == found


WORDS = [
    *["margin", "margins", "note", "Écrire", "漢字", "字", "читать", "c++", "re-read", "o'clock"],
    *["100%", "a_b", "back\\slash", "🔥", "→", "© 2026", "«»", "don't", "\ue000"],
]
words = st.sampled_from(WORDS)
texts = st.lists(words, max_size=8).map(" ".join)
sites = st.sampled_from(["https://example.com/a", "https://blog.example.com/b", "file:///c"])
notes = st.fixed_dictionaries(
    {"note": texts, "title": texts, "exact": texts.map(lambda t: t or "-"), "url": sites}
    | {"tags_add": st.lists(words, max_size=2), "color": st.sampled_from(Color)}
)
terms = st.one_of(
    words,
    words.map(lambda word: word[:3] + "*"),
    st.lists(words, min_size=1, max_size=3).map(lambda some: f'"{" ".join(some)}"'),
    st.lists(words, min_size=1, max_size=2).map(lambda some: f'"{" ".join(some)[:-1]}"*'),
    st.sampled_from(["tag:margin", 'tag:"re-read"', "color:green", "site:example.com"]),
)
queries = st.lists(st.tuples(st.sampled_from(["", "", "-"]), terms), max_size=4).map(
    lambda parts: " ".join(sign + term for sign, term in parts)
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(kept=st.lists(notes, max_size=6), asked=st.lists(queries, max_size=8))
def test_whatever_is_asked_both_stores_answer_alike(both, kept, asked):
    operations = [
        highlight(at=f"2026-10-{day:02d}T08:00:00Z", **fields)
        for day, fields in enumerate(kept, start=1)
    ]
    for store in both:
        standing = [note.id for note in store.live("default")]
        gone = [operation(id, delete=True) for id in standing]
        store.apply("default", "A", gone + operations)
    for query in asked:
        for sort in Sort:
            first, second = (said(store, query, sort) for store in both)
            assert first == second, (query, sort)


def said(store, query, sort):
    try:
        found = store.search("default", parse(query), sort=sort, limit=4)
    except Invalid as error:
        return str(error)
    return [note.id for note in found.annotations], found.total, found.cursor


def test_a_text_of_very_many_words_is_found_too(both):
    characters = [chr(code) for code in range(0x4E00, 0x9000)] + [
        chr(code) for code in range(0x20000, 0x2A000)
    ]
    long = "".join(characters)[: MANY + 10_000]
    word = "x" * 60_000
    made = [highlight(note=long), highlight(note=f"{word}y"), highlight(note="short 一")]
    for store in both:
        store.apply("long", "A", made)
        for query, found in (
            ("\u4e00\u4e01", [made[0].id]),
            ("\u4e01\u4e00", []),
            ("short -\u4e05", [made[2].id]),
            ("-short -\u4e05", [made[1].id]),
            (f"{word[:900]}*", [made[1].id]),
            (word[:900], []),
        ):
            answered = store.search("long", parse(query), sort=Sort.NEWEST).annotations
            assert [note.id for note in answered] == found, query[:20]
