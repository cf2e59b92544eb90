"""What any AnnotationStore must find: `search`, as tests."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.answers import Sort
from store.folding import fold
from store.model import Color, Invalid
from store.query import parse
from tests.store.making import highlight, operation

# A vocabulary small enough that random queries find something.
WORDS = ["margin", "margins", "note", "Écrire", "漢字", "字体", "читать", "c++", "re-read"]
words = st.sampled_from(WORDS)
texts = st.lists(words, max_size=6).map(" ".join)


# One store takes all examples of a property, and every store is asked.
ASKED_OF_EACH = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]


class Search:
    def found(self, store, query, **how):
        return [note.note for note in store.search("default", parse(query), **how).annotations]

    def keep(self, store, *notes, **fields):
        """Notes of these texts, each on a page of its own, the last one changed last."""
        for text in notes:
            at = fields.get("at", f"2026-10-{10 + self.kept:02d}T08:00:00Z")
            self.kept += 1
            given_fields = {"exact": f"quote {self.kept}", "title": "", **fields, "at": at}
            store.apply("default", "A", [highlight(note=text, **given_fields)])

    kept = 0

    @pytest.mark.parametrize(
        ("query", "text", "other"),
        [
            ("margin", "in the margin", "in the margins"),
            ("MARGIN", "in the margin", "elsewhere"),
            ("écrire", "Ecrire", "crire"),
            ("ecrire", "E\N{COMBINING ACUTE ACCENT}crire", "crire"),
            ("strasse", "Straße", "Stras"),
            ("marg*", "in the margins", "in the mar"),
            ('"the margin"', "in the margin", "the small margin"),
            ('"the mar"*', "in the margin", "the small margin"),
            ("in margin", "the margin is in it", "the margin"),
            ("margin -draft", "margin", "margin, a draft"),
            ('margin -"first draft"', "margin of a draft, first", "margin: first draft"),
            ("漢字", "これは漢字です", "字と漢"),
            ("字", "これは漢字です", "これは"),
            ("한국", "한국어를 배우다", "국한"),
            ("กาแฟ", "ดื่มกาแฟร้อน", "แฟกา"),
            ("🔥", "hot 🔥🔥", "hot"),
            ("https://example.com/x", "see https://example.com/x", "see https example"),
            ("note:x", "note: x", "x note"),
            ("don't", "I don't know", "I do not know"),
            ("\u201cthe margin\u201d", "in the margin", "the small margin"),
            ("привет", "ПРИВЕТ", "мир"),
            ("مرحبا", "مَرْحَبًا", "سلام"),
        ],
    )
    def test_a_query_finds_what_it_says(self, store, query, text, other):
        self.keep(store, other, text)
        assert self.found(store, query) == [text]

    def test_quote_note_title_and_tags_are_all_sought(self, store):
        self.keep(store, "a", exact="alpha")
        self.keep(store, "alpha")
        self.keep(store, "c", title="alpha")
        self.keep(store, "d", tags_add=["alpha"])
        assert sorted(self.found(store, "alpha")) == ["a", "alpha", "c", "d"]

    def test_words_may_stand_in_different_fields_and_phrases_may_not(self, store):
        self.keep(store, "alpha", title="beta")
        assert self.found(store, "alpha beta") == ["alpha"]
        assert self.found(store, '"alpha beta"') == []

    def test_tags_are_whole_and_all_of_them(self, store):
        self.keep(store, "one", tags_add=["To Do", "python"])
        self.keep(store, "two", tags_add=["to", "python"])
        assert self.found(store, 'tag:"to do"') == ["one"]
        assert self.found(store, "tag:to") == ["two"]
        assert self.found(store, "tag:python tag:TO") == ["two"]
        assert self.found(store, "tag:python -tag:to") == ["one"]
        assert self.found(store, "-tag:python") == []

    def test_colours_are_either(self, store):
        for color in ("yellow", "green", "blue"):
            self.keep(store, color, color=color)
        assert self.found(store, "color:yellow") == ["yellow"]
        assert sorted(self.found(store, "colour:green color:Blue")) == ["blue", "green"]
        assert sorted(self.found(store, "-color:green")) == ["blue", "yellow"]

    def test_a_site_is_all_below_it(self, store):
        self.keep(store, "root", url="https://example.com/a")
        self.keep(store, "blog", url="https://Blog.Example.com/b")
        self.keep(store, "other", url="https://notexample.com/c")
        self.keep(store, "local", url="http://localhost:5000/d")
        self.keep(store, "umlaut", url="https://bücher.example/e")
        assert sorted(self.found(store, "site:example.com")) == ["blog", "root"]
        assert self.found(store, "site:blog.example.com") == ["blog"]
        assert self.found(store, "site:https://blog.example.com/x") == ["blog"]
        assert self.found(store, "site:localhost") == ["local"]
        assert self.found(store, "site:localhost:5000 -site:example.com") == ["local"]
        assert self.found(store, "site:localhost:5001") == []
        assert self.found(store, "site:BÜCHER.example") == ["umlaut"]
        assert "other" in self.found(store, "-site:example.com")

    def test_a_canonical_site_is_a_site_too(self, store):
        url, canonical = "https://amp.example.com/a", "https://example.com/a"
        self.keep(store, "amp", url=url, canonical=canonical)
        self.keep(store, "other", url="https://amp.other.org/a")
        assert self.found(store, "site:example.com") == ["amp"]

    def test_times_are_of_the_last_change_from_and_up_to(self, store):
        for at in ("2025-12-31T23:59:59.999999Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"):
            self.keep(store, at[:10], at=at)
        assert self.found(store, "after:2026") == ["2026-02-01", "2026-01-01"]
        assert self.found(store, "before:2026") == ["2025-12-31"]
        assert self.found(store, "after:2026-01 before:2026-02-01") == ["2026-01-01"]
        assert self.found(store, "after:2026-01-01T00:00:01Z") == ["2026-02-01"]
        assert self.found(store, "after:2030") == []

    def test_nothing_asked_for_is_everything_the_newest_first(self, store):
        self.keep(store, "old", "new")
        for query in ("", "   ", "+++", '""', "tag:"):
            assert self.found(store, query) == ["new", "old"]

    def test_relevance_is_how_much_of_a_note_it_is(self, store):
        self.keep(store, "margin", "a margin among very many other words that dilute it a lot")
        assert self.found(store, "margin")[0] == "margin"
        self.keep(store, "tagged", tags_add=["margin"])
        assert self.found(store, "margin")[0] == "tagged"

    def test_newest_and_oldest(self, store):
        self.keep(store, "margin 1", "margin 2", "margin margin 3")
        newest = ["margin margin 3", "margin 2", "margin 1"]
        assert self.found(store, "margin", sort=Sort.NEWEST) == newest
        assert self.found(store, "margin", sort=Sort.OLDEST) == newest[::-1]

    @pytest.mark.parametrize("sort", list(Sort))
    def test_pages_add_up_to_everything_once(self, store, sort):
        store.apply("default", "A", [highlight(note=f"margin {n}") for n in range(23)])
        seen, cursor = [], None
        while True:
            found = store.search("default", parse("margin"), sort=sort, limit=5, cursor=cursor)
            assert found.total == 23
            seen += [note.note for note in found.annotations]
            if (cursor := found.cursor) is None:
                break
        assert sorted(seen) == sorted(f"margin {n}" for n in range(23))

    @pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "٣", "9" * 40])
    def test_what_is_no_cursor_is_refused(self, store, cursor):
        with pytest.raises(Invalid, match="cursor"):
            store.search("default", parse("x"), cursor=cursor)

    def test_what_was_just_written_is_found_and_what_is_gone_is_not(self, opened):
        store = opened()
        op = highlight(note="first")
        store.apply("default", "A", [op])
        assert self.found(store, "first") == ["first"]
        store.apply("default", "A", [operation(op.id, set={"note": "second"})])
        assert (self.found(store, "first"), self.found(store, "second")) == ([], ["second"])
        store = opened()
        store.apply("default", "A", [operation(op.id, delete=True)])
        assert self.found(store, "second") == self.found(store, "") == []
        store.apply("default", "A", [operation(op.id, delete=False)])
        assert self.found(opened(), "second") == ["second"]

    def test_accounts_find_their_own_only(self, store):
        store.apply("one", "A", [highlight(note="margin")])
        store.apply("two", "A", [highlight(note="margin")])
        assert store.search("one", parse("margin")).total == 1
        assert store.search("three", parse("margin")).total == 0

    @settings(suppress_health_check=ASKED_OF_EACH)
    @given(st.text(st.sampled_from("\"*()^:{}+-~\0'\\ANDORNEaé漢 "), max_size=30) | st.text())
    def test_no_query_breaks_it(self, store, text):
        with suppress(Invalid):
            store.search("default", parse(text))

    @settings(max_examples=60, suppress_health_check=ASKED_OF_EACH)
    @given(
        notes=st.lists(st.tuples(texts, texts, st.sampled_from(Color)), max_size=8),
        wanted=st.lists(words, max_size=2),
        phrase=st.lists(words, max_size=2),
        unwanted=st.lists(words, max_size=1),
        color=st.none() | st.sampled_from(Color),
    )
    def test_it_finds_what_reading_every_note_would(
        self, store, notes, wanted, phrase, unwanted, color
    ):
        standing = [note.id for note in store.live("default")]
        store.apply("default", "A", [operation(id, delete=True) for id in standing])
        ops = [highlight(note=n, title=t, color=c, exact="-") for n, t, c in notes]
        store.apply("default", "A", ops)
        query = " ".join([*wanted, *(f"-{w}" for w in unwanted)])
        query += f' "{" ".join(phrase)}"' + (f" color:{color}" if color else "")

        def stands(text, note):
            run = _tokens(text)
            return any(
                run == tokens[at : at + len(run)]
                for tokens in (_tokens(note[0]), _tokens(note[1]))
                for at in range(len(tokens))
            )

        expected = {
            op.id
            for op, note in zip(ops, notes, strict=True)
            if all(stands(text, note) for text in [*wanted, *([" ".join(phrase)] * bool(phrase))])
            and not any(stands(text, note) for text in unwanted)
            and color in (None, note[2])
        }
        found = store.search("default", parse(query))
        assert ({note.id for note in found.annotations}, found.total) == (expected, len(expected))


def _tokens(text):
    """Words as anybody would cut them."""
    return "".join(c if c.isalnum() else " " for c in fold(text)).split()
