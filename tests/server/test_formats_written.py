"""What notes look like when they are taken away."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from records import ID, record, records

from server.formats import READERS, WRITERS, Options, Source
from server.formats.codec import Note
from store.model import Annotation, Color, Invalid, Quote

SOURCE = Source("0190f3c5-0000-7000-8000-000000000000", "default")
OTHER = "https://example.org/other"


def written(format: str, *notes: Annotation, template: str = "") -> bytes:
    write = WRITERS[format].write
    assert write is not None
    return b"".join(write(SOURCE, notes, Options(template)))


def text(format: str, *notes: Annotation, template: str = "") -> str:
    return written(format, *notes, template=template).decode()


def unpacked(*notes: Annotation) -> dict[str, str]:
    archive = zipfile.ZipFile(io.BytesIO(written("markdown-zip", *notes)))
    assert archive.testzip() is None
    return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("format", WRITERS)
def test_every_format_says_what_it_is_and_writes_nothing_as_well(format: str) -> None:
    codec = WRITERS[format]
    assert all((codec.title, codec.use, codec.media_type, codec.suffix))
    assert isinstance(written(format), bytes)


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=15)
@given(notes=st.lists(records(), max_size=3))
def test_whatever_a_note_holds_it_can_be_written(format: str, notes: list[Annotation]) -> None:
    data = written(format, *notes)
    if format != "markdown-zip":
        data.decode()


@pytest.mark.parametrize("format", WRITERS)
def test_it_is_written_as_it_is_read_from_the_store(format: str) -> None:
    taken = 0

    def many() -> Any:
        nonlocal taken
        for n in range(600):
            taken += 1
            yield record(id=f"{ID[:-4]}{n:04}", url=f"{OTHER}/{n}", note="n" * 900)

    write = WRITERS[format].write
    assert write is not None
    chunks = write(SOURCE, many(), Options())
    next(chunks)
    first = taken
    assert sum(map(len, chunks)) > 0
    assert first < taken == 600 or format == "markdown-zip"


def test_markdown_quotes_the_passage_and_keeps_the_note_as_written() -> None:
    assert text("markdown", record(), record(url=OTHER, title="", quote=None, tags=[])) == (
        "# [On margins](<https://example.org/essays/margins>)\n\n"
        "> the margin is a room\n\n"
        "So it *is*.\n\n"
        "#reading #to-do 2026-10-24 "
        "[↗](<https://example.org/essays/margins#:~:text=the%20margin%20is%20a%20room>)\n\n"
        f"# [https://example.org/other](<{OTHER}>)\n\nSo it *is*.\n\n2026-10-24\n"
    )


def test_words_of_a_page_are_no_markdown() -> None:
    said = text("markdown", record(quote=Quote("# no *heading*\n1. <b>\n- [x]"), note=""))
    assert "> \\# no \\*heading\\*\n> 1\\. \\<b\\>\n> \\- \\[x\\]\n" in said


def test_a_template_says_how_a_note_looks() -> None:
    template = (
        "{{ quote | quoted }}\n{% if note %}{{ note | upper }}{% else %}-{% endif %}\n"
        "{% for tag in tags %}[[{{ tag }}]]{% if not loop.last %}, {% endif %}{% endfor %}"
        " {{ created | day }} {{ color }} {{ title }}"
    )
    said = text("markdown", record(), template=template)
    assert said.endswith(
        "> the margin is a room\nSO IT *IS*.\n[[reading]], [[to do]] 2026-10-24 green On margins\n"
    )


@pytest.mark.parametrize(
    "template",
    [
        "{{ quote",
        "{{ config }}",
        "{{ note.__class__ }}",
        "{{ ''.__class__ }}",
        "{{ note * 1000000 }}",
        "{{ note ~ note }}",
        "{{ note | indent(1000000000) }}",
        "{{ note | replace('', note) }}",
        "{{ note | join(note) }}",
        "{{ range(100000) }}",
        "{% for a in note %}{% endfor %}",
        "{% for a in tags %}{% for b in tags %}{{ b }}{% endfor %}{% endfor %}",
        "{% include 'secret' %}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{{ loop.last }}",
        "{% for t in tags %}{{ loop.cycle }}{% endfor %}",
    ],
)
def test_a_template_can_do_nothing_else(template: str) -> None:
    with pytest.raises(Invalid) as refused:
        written("markdown", record(), template=template)
    assert refused.value.field == "template"


def test_each_page_is_a_file_with_what_notebooks_read_before_it() -> None:
    odd = 'He said: "no"\u2028\u0085: [x] # {y}'
    files = unpacked(
        record(),
        record(id=ID[:-1] + "2", created="2026-09-01T00:00:00.000000Z"),
        record(url=OTHER, title=odd, tags=["a b/c:d"]),
    )
    assert list(files) == ["On margins.md", "He said no x {y}.md"]
    head, body = files["On margins.md"].split("---\n")[1:]
    assert head == (
        'title: "On margins"\nurl: "https://example.org/essays/margins"\n'
        'created: 2026-09-01\nupdated: 2026-10-25\ntags:\n  - "reading"\n  - "to-do"\n'
    )
    assert body.count("> the margin is a room") == 2
    line = files["He said no x {y}.md"].splitlines()[1]
    assert json.loads(line.removeprefix("title: ")) == " ".join(odd.split())
    assert '  - "a-b/c-d"\n' in files["He said no x {y}.md"]


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["a", "A", "a"], ["a", "A 2", "a 3"]),
        (["x 2", "x", "x"], ["x 2", "x", "x 3"]),
        (["../../etc/passwd", "C:\\x", "con", ".."], ["etc passwd", "C x", "con_", "Page"]),
        (["ä" * 200], ["ä" * 60]),
    ],
)
def test_names_of_files_are_what_every_system_takes(titles: list[str], names: list[str]) -> None:
    notes = [record(url=f"{OTHER}/{n}", title=title) for n, title in enumerate(titles)]
    assert list(unpacked(*notes)) == [f"{name}.md" for name in names]


def test_plain_text_is_plain() -> None:
    assert text("text", record()) == (
        "On margins\n==========\nhttps://example.org/essays/margins\n\n"
        "    the margin is a room\n\nSo it *is*.\n\n2026-10-24  [reading, to do]\n"
    )


class Page(HTMLParser):
    """What is in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names.update(name for name, _ in attrs)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def test_html_needs_nothing_beside_it_and_runs_nothing() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>"
    said = text(
        "html",
        record(note=f"[x](javascript:alert(1)) {evil}", quote=Quote(evil), title=evil, tags=[evil]),
        record(url="javascript:alert(1)", note="a **b**"),
    )
    page = Page(said)
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert not [name for name in page.names if name.startswith("on")]
    assert all(address.startswith("https://example.org/") for address in page.addresses)
    assert page.addresses
    assert "default-src 'none'" in said
    assert "<strong>b</strong>" in said
    assert said.endswith("</html>\n")
    assert {"prefers-color-scheme: dark", "@media print"} <= {
        found for found in ("prefers-color-scheme: dark", "@media print") if found in said
    }


def test_readwise_gets_the_columns_it_documents() -> None:
    notes = [
        record(note='He said: "no",\nand left.'),
        record(quote=None, position=None, note="Alone", tags=[]),
    ]
    first, second = csv.DictReader(io.StringIO(text("readwise", *notes), newline=""))
    assert first == {
        "Highlight": "the margin is a room",
        "Title": "On margins",
        "Author": "",
        "URL": "https://example.org/essays/margins",
        "Note": '.reading .to-do\nHe said: "no",\nand left.',
        "Location": "120",
        "Date": "2026-10-24 08:15:30",
    }
    assert (second["Highlight"], second["Note"]) == ("Alone", "")


def test_hypothesis_gets_rows_as_its_api_has_them() -> None:
    said = json.loads(written("hypothesis", record(), record(quote=None, position=None)))
    assert said["total"] == 2
    row, page_note = said["rows"]
    assert re.fullmatch(r"[\w-]{22}", row["id"])
    assert row["created"] == "2026-10-24T08:15:30.123456+00:00"
    assert (row["uri"], row["text"]) == ("https://example.org/essays/margins", "So it *is*.")
    (target,) = row["target"]
    assert target["source"] == row["uri"]
    assert [one["type"] for one in target["selector"]] == [
        "TextPositionSelector", "TextQuoteSelector",
    ]  # fmt: skip
    assert row["document"] == {"title": ["On margins"]}
    assert "selector" not in page_note["target"][0]


@pytest.mark.parametrize("format", ["ndjson", "hypothesis"])
@settings(max_examples=30)
@given(notes=st.lists(records(), max_size=3))
def test_what_was_written_is_read_again_the_same(format: str, notes: list[Annotation]) -> None:
    read = READERS[format].read
    assert read is not None
    found = list(read(io.BytesIO(written(format, *notes))))
    assert [one for one in found if isinstance(one, Note)] == found
    same = "id url title quote position note tags color created updated".split()
    for note, item in zip(notes, found, strict=True):
        for name in same:
            assert getattr(item, name) == getattr(note, name)
        for name in ("canonical", "conflict_of", "extra"):
            assert (getattr(item, name) or UNSET) == getattr(note, name)


@settings(max_examples=30)
@given(notes=st.lists(records(), max_size=3))
def test_readwise_rows_come_back_with_passage_and_page(notes: list[Annotation]) -> None:
    kept = [one for one in notes if one.quote is not None and one.quote.exact.strip()]
    read = READERS["readwise"].read
    assert read is not None
    found = list(read(io.BytesIO(written("readwise", *kept))))
    assert [one.url for one in found if isinstance(one, Note)] == [one.url for one in kept]
    for note, item in zip(kept, found, strict=True):
        assert isinstance(item, Note)
        assert note.quote is not None
        assert item.quote == Quote(note.quote.exact.strip())
        assert item.color in (None, *Color)
