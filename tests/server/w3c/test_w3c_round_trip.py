"""What is taken out as Web Annotations and put in again is the same."""

from __future__ import annotations

import io

from any_record import records
from foreign import stored
from hypothesis import given, settings
from hypothesis import strategies as st

from server.formats import Note, w3c
from server.formats.w3c_reading import read
from store.model import (
    Annotation,
)

EPOCH = "0190f3a0-0000-7000-8000-000000000000"


@settings(max_examples=50, derandomize=True)
@given(st.lists(records(), max_size=3, unique_by=lambda one: one.id))
def test_what_is_taken_out_and_put_into_an_empty_store_is_the_same(kept: list[Annotation]) -> None:
    file = b"".join(w3c.export(EPOCH, "default", kept))
    found = list(read(io.BytesIO(file)))
    assert all(isinstance(item, Note) for item in found), found
    assert [stored(item) for item in found if isinstance(item, Note)] == kept
