"""Notes brought in from a file: what is added, what is left alone, and what is said of each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from server.formats.codec import Broken, Item, Note, Options, Source
from server.formats.native import read, write
from server.import_results import ItemResult, Outcome
from server.importing import Tally, import_notes
from store import model
from store.base import AnnotationStore, open_store
from store.model import Annotation, Color, Operation, Position, Quote

ID = "018f0000-0000-7000-8000-000000000001"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[AnnotationStore]:
    made = open_store(f"tinydb://{tmp_path / 'notes.json'}")
    yield made
    made.close()


def note(number: int = 1, **fields: Any) -> Note:
    return Note(
        **{
            "number": number,
            "id": ID,
            "url": "https://example.org/a",
            "title": "A",
            "quote": Quote("a passage", "before ", " after"),
            "position": Position(7, 16),
            "note": "So it is.",
            "tags": ["reading"],
            "color": Color.PINK,
            "created": "2020-01-02T03:04:05.000000Z",
            "updated": "2021-01-02T03:04:05.000000Z",
        }
        | fields
    )


def taken(store: AnnotationStore, *items: Item, dry_run: bool = False) -> list[ItemResult]:
    return list(import_notes(store, "default", "laptop", items, dry_run=dry_run))


def statuses(results: list[ItemResult]) -> list[str]:
    return [result.status.value for result in results]


def kept(store: AnnotationStore, id: str = ID) -> Annotation:
    found = store.get("default", id)
    assert found is not None
    return found


def edit(store: AnnotationStore, **fields: Any) -> None:
    made = model.convert({"id": ID} | fields, Operation)
    store.apply("default", "laptop", [made])


def test_a_note_comes_in_with_its_dates_tags_and_colour(store: AnnotationStore) -> None:
    (result,) = taken(store, note())
    assert (result.status, result.id, result.number) == (Outcome.CREATED, ID, 1)
    made = kept(store)
    assert (made.created, made.updated) == (note().created, note().updated)
    assert (made.tags, made.color, made.note) == (["reading"], Color.PINK, "So it is.")
    assert (made.quote, made.position) == (note().quote, note().position)


def test_importing_twice_adds_nothing(store: AnnotationStore) -> None:
    items = [note(), note(2, id="", source="tool:7"), note(3, id="", source="")]
    assert statuses(taken(store, *items)) == ["created"] * 3
    before = list(store.live("default"))
    assert statuses(taken(store, *items)) == ["unchanged"] * 3
    assert list(store.live("default")) == before


def test_a_newer_version_of_what_only_imports_touched_takes_its_place(
    store: AnnotationStore,
) -> None:
    taken(store, note())
    newer = note(note="So it was.", tags=["past"], updated="2022-01-01T00:00:00.000000Z")
    assert statuses(taken(store, newer)) == ["updated"]
    assert (kept(store).note, kept(store).tags) == ("So it was.", ["past"])
    (older,) = taken(store, note())
    assert older.status is Outcome.UNCHANGED
    assert "newer" in older.sentence
    assert kept(store).note == "So it was."


def test_what_the_reader_changed_since_is_never_overwritten(store: AnnotationStore) -> None:
    taken(store, note())
    edit(store, set={"note": "Mine."})
    before = kept(store)
    (result,) = taken(store, note(note="Theirs.", updated="2026-01-01T00:00:00.000000Z"))
    assert result.status is Outcome.UNCHANGED
    assert "stays as it is" in result.sentence
    assert kept(store) == before
    assert store.count("default") == 1


def test_what_the_reader_deleted_stays_deleted(store: AnnotationStore) -> None:
    taken(store, note())
    edit(store, delete=True)
    (result,) = taken(store, note())
    assert result.status is Outcome.UNCHANGED
    assert f"postil trash restore {ID}" in result.sentence
    assert kept(store).deleted


def test_what_the_file_calls_deleted_is_not_added(store: AnnotationStore) -> None:
    assert statuses(taken(store, note(deleted=True))) == ["unchanged"]
    assert store.get("default", ID) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "no address"}, "url"),
        ({"note": "x" * 100_001}, "note"),
        ({"note": "a\0b"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"tags": ["fine", "x" * 129]}, "tags[1]"),
        ({"created": "2020-02-31T00:00:00Z"}, "created"),
        ({"quote": Quote("x" * 20_001)}, "quote.exact"),
    ],
)
def test_a_note_that_cannot_be_kept_is_rejected_alone_with_its_field(
    store: AnnotationStore, fields: dict[str, Any], field: str
) -> None:
    bad = note(2, id="", line=9, **fields)
    for dry_run in (True, False):
        results = taken(store, note(1), bad, note(3, id="", source="x:3"), dry_run=dry_run)
        assert statuses(results) == ["created", "rejected", "created"]
        assert (results[1].number, results[1].line) == (2, 9)
        assert results[1].field == field
        assert "set." not in results[1].sentence
    assert store.count("default") == 2


def test_a_broken_item_is_told_in_its_place(store: AnnotationStore) -> None:
    broken = Broken(number=2, line=4, sentence="This is no note.")
    results = taken(store, note(1), broken, note(3, id="", source="x:3"))
    assert [(r.number, r.status.value) for r in results] == [
        (1, "created"), (2, "rejected"), (3, "created"),
    ]  # fmt: skip
    assert results[1].sentence == "This is no note."


def test_a_dry_run_says_the_same_and_writes_nothing(store: AnnotationStore) -> None:
    taken(store, note())
    items = [
        note(1),
        note(2, note="Other.", updated="2022-01-01T00:00:00.000000Z"),
        note(3, id="", source="x:3"),
        note(4, id="", source="x:3"),
        note(5, id="", source="x:3", note="Newer.", updated="2023-01-01T00:00:00.000000Z"),
    ]
    before = list(store.live("default"))
    rehearsed = taken(store, *items, dry_run=True)
    assert list(store.live("default")) == before
    assert rehearsed == taken(store, *items)
    assert statuses(rehearsed) == ["unchanged", "updated", "created", "unchanged", "updated"]


def test_what_surrounds_the_readers_words_is_cut_to_what_is_kept(store: AnnotationStore) -> None:
    quote = Quote("exact", "p" * 300 + "!", "!" + "s" * 300)
    (result,) = taken(store, note(title="t" * 2000, quote=quote, extra={"x": "y" * 20_000}))
    assert result.status is Outcome.CREATED
    assert "16 KiB" in result.sentence
    made = kept(store)
    assert made.quote == Quote("exact", "p" * 255 + "!", "!" + "s" * 255)
    assert len(made.title) == 1024


def test_many_are_written_in_batches_and_told_as_they_stand(store: AnnotationStore) -> None:
    tally = Tally()
    items = (note(n, id="", source=f"x:{n}") for n in range(1, 1201))
    for result in import_notes(store, "default", "laptop", items, dry_run=False):
        tally.count(result)
        assert store.get("default", result.id) is not None
    assert (tally.created, store.count("default")) == (1200, 1200)


def test_the_record_of_one_store_is_the_record_of_another(store: AnnotationStore) -> None:
    made = replace(note(), canonical="https://example.org/canonical", extra={"a": [1, {"b": ""}]})
    taken(store, made, note(2, id="", source="x", conflict_of=ID, quote=None, color=None))
    written = b"".join(write(Source("e", "default"), store.live("default"), Options()))
    results = import_notes(store, "other", "laptop", read(io.BytesIO(written)), dry_run=False)
    assert statuses(list(results)) == ["created", "created"]
    for one, other in zip(store.live("default"), store.live("other"), strict=True):
        assert replace(other, rev=one.rev, clock=one.clock) == one
