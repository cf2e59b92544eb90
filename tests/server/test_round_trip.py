"""What is exported from one store and imported into an empty one is there again, field by field."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace
from records import records

from server.formats import READERS, WRITERS, Options, Source
from server.importing import import_notes
from store import model
from store.base import AnnotationStore, open_store
from store.model import Annotation, Operation, Status

ACCOUNTS = count()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnnotationStore]:
    made = open_store(f"tinydb://{tmp_path_factory.mktemp('store') / 'notes.json'}")
    yield made
    made.close()


def operation(note: Annotation) -> Operation:
    """What makes this note anew."""
    names = "url title quote position note color created canonical conflict_of extra".split()
    said: dict[str, Any] = {name: getattr(note, name) for name in names}
    values = {name: value for name, value in said.items() if value is not UNSET}
    made = {"id": note.id, "set": values, "tags_add": note.tags, "at": note.updated}
    return model.convert(msgspec.to_builtins(made), Operation)


@pytest.mark.parametrize("format", ["ndjson", "hypothesis", "w3c"])
@settings(max_examples=15)
@given(notes=st.lists(records(), max_size=3, unique_by=lambda note: note.id))
def test_every_field_comes_back(
    store: AnnotationStore, format: str, notes: list[Annotation]
) -> None:
    write, read = WRITERS[format].write, READERS[format].read
    assert write is not None
    assert read is not None
    here, there = f"here{next(ACCOUNTS)}", f"there{next(ACCOUNTS)}"
    made = store.apply(here, "laptop", [operation(note) for note in notes])
    assert {result.status for result in made} <= {Status.CREATED}

    written = b"".join(write(Source(store.epoch(), here), store.live(here), Options()))
    list(import_notes(store, there, "other", read(io.BytesIO(written)), dry_run=False))

    before, after = list(store.live(here)), list(store.live(there))
    own = {"rev": 0, "clock": {}, "device": ""}
    assert [replace(note, **own) for note in after] == [replace(note, **own) for note in before]
