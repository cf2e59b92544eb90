"""Files of other programs, read. The samples were made for these tests, odd cases included."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.formats import READERS, UnreadableFile, recognised
from server.formats.codec import Broken, Item, Note
from server.formats.dates import moment
from server.formats.kindle_dates import date_in
from server.import_operation import id_of
from server.importing import import_notes
from store.base import AnnotationStore, open_store
from store.model import Color, Position, Quote

SAMPLES = Path(__file__).parent / "samples"
MARGINS = "https://example.org/essays/margins"
FORMATS = {
    path.name: recognised(path.read_bytes()[: 64 * 1024]) for path in sorted(SAMPLES.iterdir())
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnnotationStore]:
    made = open_store(f"tinydb://{tmp_path / 'notes.json'}")
    yield made
    made.close()


def items(name: str, data: bytes | None = None, format: str = "") -> list[Item]:
    read = READERS[format or FORMATS[name]].read
    assert read is not None
    return list(read(io.BytesIO((SAMPLES / name).read_bytes() if data is None else data)))


def notes(name: str) -> list[Note]:
    return [item for item in items(name) if isinstance(item, Note)]


def broken(name: str) -> list[Broken]:
    return [item for item in items(name) if isinstance(item, Broken)]


def test_each_file_tells_by_its_beginning_what_it_is() -> None:
    assert FORMATS == {
        "hypothesis-api.json": "hypothesis",
        "hypothesis-client.json": "hypothesis",
        "instapaper.csv": "instapaper",
        "karakeep.json": "karakeep",
        "kindle.txt": "kindle",
        "obsidian-clipper-storage.json": "obsidian-clipper",
        "obsidian-clipper.json": "obsidian-clipper",
        "omnivore.zip": "omnivore",
        "pocket.csv": "pocket",
        "pocket.html": "pocket",
        "pocket.zip": "pocket",
        "readwise-export.csv": "readwise",
        "readwise-import.csv": "readwise",
        "wallabag.json": "wallabag",
    }
    assert recognised(b"Hello") == recognised(b"") == recognised(b"\xff\xfe\x00") == ""


@pytest.mark.parametrize("name", FORMATS)
def test_every_sample_comes_in_and_a_second_time_adds_nothing(
    store: AnnotationStore, name: str
) -> None:
    def taken() -> list[str]:
        results = import_notes(store, "default", "laptop", items(name), dry_run=False)
        return [result.status.value for result in results]

    first, held = taken(), list(store.live("default"))
    assert first == ["created" if isinstance(item, Note) else "rejected" for item in items(name)]
    assert taken() == [status.replace("created", "unchanged") for status in first]
    assert list(store.live("default")) == held


@pytest.mark.parametrize("name", FORMATS)
def test_items_are_counted_and_what_is_broken_is_said_in_a_sentence(name: str) -> None:
    found = items(name)
    assert [item.number for item in found] == list(range(1, len(found) + 1))
    for item in found:
        if isinstance(item, Broken):
            assert item.sentence.endswith(".")


@pytest.mark.parametrize("format", READERS)
@settings(max_examples=25)
@given(data=st.data())
def test_no_file_whatever_breaks_a_reader(format: str, data: st.DataObject) -> None:
    """Bytes cut out of a sample, put in the place of others, or of no file at all."""
    path = data.draw(st.sampled_from(sorted(SAMPLES.iterdir())))
    whole = path.read_bytes()
    at, end = sorted(data.draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
    damaged = whole[:at] + data.draw(st.binary(max_size=20)) + whole[end:]
    read = READERS[format].read
    assert read is not None
    with suppress(UnreadableFile):
        for item in read(io.BytesIO(damaged)):
            assert isinstance(item, Note | Broken)
            if isinstance(item, Note):
                assert len(id_of(item)) == 36


def test_hypothesis_keeps_ids_dates_tags_and_what_we_do_not_understand() -> None:
    first, old, reply = notes("hypothesis-api.json")
    assert first.id == "917ddb42-f1e7-11ee-b2d5-9b53d2af705e"
    assert (first.url, first.title) == (MARGINS, "On margins")
    assert first.quote == Quote("the margin is a room", "they knew that ", " with")
    assert first.position == Position(120, 140)
    assert (first.note, first.tags) == ("A *room* with a view.", ["margins", "to do"])
    assert first.created == "2024-03-01T08:15:30.123456Z"
    assert first.extra is not None
    assert first.extra["hypothesis"]["selector"][0]["type"] == "RangeSelector"
    assert (old.id, old.source) == ("", "hypothesis:AVv-1a2b3c4d5e6f7g8h")
    assert old.quote == Quote("older than UUIDs")
    assert reply.quote is None
    assert reply.extra is not None
    assert reply.extra["hypothesis"]["references"] == [first.id and "kX3bQvHnEe6y1ZtT0q9wXg"]
    assert [item.field for item in broken("hypothesis-api.json")] == ["uri"]


def test_the_api_and_the_client_of_hypothesis_mean_the_same_note() -> None:
    (exported,) = notes("hypothesis-client.json")
    assert id_of(exported) == id_of(notes("hypothesis-api.json")[0])


def test_readwise_rows_may_span_lines_and_books_have_no_address() -> None:
    first, second = notes("readwise-export.csv")
    assert first.quote == Quote("Attention is trained,\r\nnot given.")
    assert first.note == 'Key "idea"'
    assert (first.tags, first.color) == (["focus", "deep work"], Color.BLUE)
    assert first.created == "2023-10-05T10:15:30.000000Z"
    assert first.url.startswith("urn:postil:book:the-slow-page-mara-ellison-")
    assert (second.url, second.note, second.tags) == (first.url, "", ["c1", "c2"])
    (empty,) = broken("readwise-export.csv")
    assert empty.line == 6
    (own,) = notes("readwise-import.csv")
    assert (own.url, own.note, own.tags) == (MARGINS, "So it is.", ["reading"])


def test_wallabag_gives_annotations_and_articles_without_any() -> None:
    marked, second, page = notes("wallabag.json")
    assert (marked.quote, marked.note) == (Quote("the margin is a room"), "So it is.")
    assert (marked.title, marked.tags) == ("On margins", ["reading", "long form"])
    assert marked.created == "2022-01-01T12:00:00.000000Z"
    assert second.quote == Quote("a second & last passage")
    assert (page.url, page.quote) == ("https://example.org/unread", None)
    assert page.tags == ["Later", "starred"]
    assert [item.field for item in broken("wallabag.json")] == ["quote", "url"]


def test_karakeep_gives_bookmarks_and_texts() -> None:
    page, own = notes("karakeep.json")
    assert (page.url, page.note, page.tags) == (MARGINS, "So it is.", ["reading", "To do"])
    assert page.created == "2023-11-14T22:13:20.000000Z"
    assert own.url.startswith("urn:")
    assert own.note == "A thought of my own"
    assert len(broken("karakeep.json")) == 1


def test_the_clipper_keeps_passages_as_html_of_which_the_words_count() -> None:
    first, second = notes("obsidian-clipper.json")
    assert first.quote == Quote("the margin is\na room")
    assert (first.note, first.title) == ("So it is.", "On margins")
    assert first.created == "2024-11-02T09:30:00.000000Z"
    assert second.quote == Quote("1 < 2 and a > b")
    assert second.created == ""
    (kept,) = notes("obsidian-clipper-storage.json")
    assert (kept.url, kept.quote, kept.color) == (MARGINS, Quote("the margin"), Color.PINK)
    assert kept.created == "2024-11-02T09:33:20.000000Z"


def test_omnivore_gives_highlights_with_labels_and_pages_without_any() -> None:
    first, second, page = notes("omnivore.zip")
    assert first.quote == Quote("the margin is a room")
    assert first.tags == ["reading", "architecture", "to do"]
    assert first.note == "So it is.\n\nTwice."
    assert first.created == "2024-01-02T03:04:05.000000Z"
    assert second.quote == Quote("first paragraph\nsecond paragraph")
    assert second.note == "With a note"
    assert (page.url, page.quote, page.tags) == ("https://example.org/unmarked", None, [])


def test_an_archive_that_is_none_of_theirs_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("picture.png", b"")
    for format in ("omnivore", "pocket"):
        with pytest.raises(UnreadableFile):
            items("", packed.getvalue(), format)
        with pytest.raises(UnreadableFile):
            items("", packed.getvalue()[:-10], format)


def test_an_archive_that_would_unpack_without_end_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata_0_to_20.json", "[]")
    bomb = bytearray(packed.getvalue())
    entry = bomb.index(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = (0xF0000000).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="1 GiB"):
        items("", bytes(bomb), "omnivore")


def test_saved_pages_become_notes_on_the_whole_page() -> None:
    for name in ("pocket.csv", "pocket.html"):
        first, bare = notes(name)
        assert first.url.startswith(MARGINS)
        assert first.tags == ["reading", "to do"]
        assert first.created == "2021-12-18T02:19:56.000000Z"
        assert (bare.title, bare.quote, bare.note) == ("", None, "")
    assert notes("pocket.html")[0].url == f"{MARGINS}?a=1&b=2"
    assert notes("pocket.html")[0].title == "On & around margins"
    assert [item.line for item in broken("pocket.csv")] == [4]


def test_pockets_archive_has_the_highlights_too() -> None:
    assert [note.quote for note in notes("pocket.zip")] == [
        Quote("the margin is a room"), None, None,
    ]  # fmt: skip


def test_instapaper_gives_selections_folders_and_tags() -> None:
    first, bare = notes("instapaper.csv")
    assert first.quote == Quote("the margin is a room")
    assert first.tags == ["Essays", "reading", "to do"]
    assert (bare.tags, bare.created) == ([], "")


def test_a_note_on_a_kindle_belongs_to_the_highlight_it_was_written_at() -> None:
    first = notes("kindle.txt")[0]
    assert first.quote == Quote("It is not that we have a short time to live.")
    assert first.note == "Quite so.\nSecond line."
    assert first.title == "On the Shortness of Life (Penguin (Great Ideas)) (Seneca)"
    assert first.url.startswith("urn:postil:book:on-the-shortness-of-life-penguin-great-ideas-se")
    assert first.created == "2019-03-03T22:12:22.000000Z"


def test_a_highlight_drawn_anew_on_a_kindle_counts_as_it_was_last() -> None:
    walden = [note for note in notes("kindle.txt") if note.title == "Walden"]
    assert [note.quote for note in walden] == [Quote("I went to the woods")]


def test_kindles_of_many_languages_are_understood() -> None:
    told = {note.title.split(" (")[0]: note.created for note in notes("kindle.txt")[2:]}
    assert told == {
        "Der Zauberberg": "2025-03-04T08:00:00.000000Z",
        "L'Étranger": "2021-08-06T14:00:00.000000Z",
        "Don Quijote": "2021-01-05T03:24:35.000000Z",
        "Le città invisibili": "2019-09-30T18:00:39.000000Z",
        "Os Lusíadas": "2024-03-01T10:30:45.000000Z",
        "Max Havelaar": "2019-03-04T18:00:39.000000Z",
        "Анна Каренина": "2020-05-01T10:30:45.000000Z",
        "論語": "2017-01-12T23:39:43.000000Z",
        "こころ": "2021-05-06T07:08:09.000000Z",
    }
    zauberberg = [n for n in notes("kindle.txt") if n.title.startswith("Der Zauberberg")]
    assert [(n.quote is None, n.note) for n in zauberberg] == [(False, ""), (True, "Ein Geheimnis")]


def test_what_kindle_did_not_keep_is_told() -> None:
    limit, torn = broken("kindle.txt")
    assert "limit" in limit.sentence
    assert "no line" in torn.sentence


def test_a_kindle_file_may_be_of_windows_or_utf_16() -> None:
    text = (SAMPLES / "kindle.txt").read_text(encoding="utf-8").replace("\r\n", "\n")
    assert [n.quote for n in items("", text.encode("utf-16"), "kindle") if isinstance(n, Note)] == [
        note.quote for note in notes("kindle.txt")
    ]
    old = "Düsseldorf\n- Your Highlight on Location 1 | Added on x\n\ncafé – ok\n==========\n"
    (note,) = items("", old.encode("cp1252"), "kindle")
    assert isinstance(note, Note)
    assert (note.title, note.quote) == ("Düsseldorf", Quote("café – ok"))


@pytest.mark.parametrize(
    ("format", "begin"),
    [
        ("kindle", b"A title\n- Your Highlight on page 1 | Added on x\n\n"),
        ("readwise", b"Highlight,Title\n"),
        ("pocket", b"<title>Pocket Export</title><a "),
        ("ndjson", b'{"url": "https://example.org/", "note": "'),
        ("hypothesis", b'{"rows": [{"uri": "'),
    ],
)
def test_a_file_without_an_end_in_sight_takes_no_more_memory_than_one_with(
    format: str, begin: bytes
) -> None:
    tracemalloc.start()
    with suppress(UnreadableFile):
        assert [type(item) for item in items("", begin + b"x" * 20_000_000, format)] == [Broken]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80_000_000


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2020-01-02", "2020-01-02T00:00:00.000000Z"),
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05.000000Z"),
        ("2020-01-02T03:04", "2020-01-02T03:04:00.000000Z"),
        ("2020-01-02 03:04:05+0200", "2020-01-02T01:04:05.000000Z"),
        ("2020-01-02T03:04:05.123456789-05:00", "2020-01-02T08:04:05.123456Z"),
        ("Tue, 03 Mar 2020 10:00:00 +0100", "2020-03-03T09:00:00.000000Z"),
        ("March 4, 2021 5:06 PM", "2021-03-04T17:06:00.000000Z"),
        ("2021/3/4 05:06", "2021-03-04T05:06:00.000000Z"),
        (1_600_000_000, "2020-09-13T12:26:40.000000Z"),
        (1_600_000_000_123, "2020-09-13T12:26:40.123000Z"),
        ("1600000000", "2020-09-13T12:26:40.000000Z"),
        *[(wrong, "") for wrong in ("", "x", "0000-00-00", "2020-02-31", -5, 1e400, True, None)],
        *[("9999-12-31T23:59:59-10:00", ""), ([], ""), ("1" * 400, "")],
    ],
)
def test_dates_of_all_kinds_are_one_kind(said: object, meant: str) -> None:
    assert moment(said) == meant


@settings(max_examples=100)
@given(st.text(max_size=60) | st.floats() | st.integers())
def test_no_date_whatever_breaks_anything(said: object) -> None:
    for made in (moment(said), date_in(str(said))):
        assert made == "" or made.endswith("Z")
