"""The language of searches, as vectors that the extension's own search runs too."""

import json
from pathlib import Path

import pytest

from store.folding import fold
from store.model import Invalid
from store.query import Query, Terms, Text, parse
from store.tiny import TinyStore
from tests.store.making import highlight

VECTORS = json.loads(Path(__file__).with_name("queries.json").read_text())


def text(written):
    return Text(written.removesuffix("*"), prefix=written.endswith("*"))


def terms(texts=(), tags=(), sites=(), colors=()):
    return Terms(tuple(text(one) for one in texts), tuple(tags), tuple(sites), tuple(colors))


@pytest.mark.parametrize(("written", "folded", "why"), VECTORS["fold"])
def test_a_word_is_folded(written, folded, why):
    assert fold(written) == folded, why


@pytest.mark.parametrize(("written", "meant", "why"), VECTORS["parse"])
def test_a_query_is_read(written, meant, why):
    wanted, unwanted = (terms(**meant.get(name, {})) for name in ("wanted", "unwanted"))
    assert parse(written) == Query(wanted, unwanted, meant.get("after"), meant.get("before")), why


@pytest.mark.parametrize(("written", "_why"), VECTORS["invalid"])
def test_what_cannot_be_meant_is_refused(written, _why):
    with pytest.raises(Invalid):
        parse(written)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    note = dict(VECTORS["note"])
    made = highlight(at=note.pop("updated"), tags_add=note.pop("tags"), **note)
    opened = TinyStore(tmp_path_factory.mktemp("queries") / "notes.json")
    opened.apply("default", "A", [made])
    yield opened
    opened.close()


@pytest.mark.parametrize(("written", "found"), VECTORS["match"])
def test_a_note_is_found_by_what_it_says(store, written, found):
    assert bool(store.search("default", parse(written)).annotations) == found
