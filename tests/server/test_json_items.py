"""A large JSON file is split into its items."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.formats import UnreadableFile
from server.formats.codec import Broken
from server.formats.json_items import EACH, MOST_ITEM, Piece, decoded, json_items


class Dribbling(io.BytesIO):
    """A file that comes a few bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(3 if size is None or size < 0 else min(size, 3))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(items=st.lists(values, max_size=4), indent=st.sampled_from([None, 1]), around=values)
def test_every_item_comes_whole_however_the_file_arrives(
    items: list[object], indent: int | None, around: object
) -> None:
    text = json.dumps({"a": around, "first": {"x": around, "items": items}, "z": 1}, indent=indent)
    for file in (io.BytesIO(text.encode()), Dribbling(text.encode())):
        pieces = list(json_items(file, ("first", "items")))
        assert [decoded(piece) for piece in pieces if isinstance(piece, Piece)] == items
        assert [piece.number for piece in pieces] == list(range(1, len(items) + 1))


def test_a_list_may_be_the_whole_file_and_begin_with_a_byte_order_mark() -> None:
    pieces = list(json_items(io.BytesIO(b'\xef\xbb\xbf [\n1,\n{"a": "]"}]\n'), ()))
    assert [(piece.line, decoded(piece)) for piece in pieces] == [(2, 1), (3, {"a": "]"})]


def test_the_members_of_an_object_may_be_the_items() -> None:
    file = io.BytesIO(b'{"version": 3, "https://a.example/": {"n": 1}, "b": [2]}')
    pieces = list(json_items(file, (EACH,)))
    assert [(p.key, decoded(p)) for p in pieces] == [("https://a.example/", {"n": 1}), ("b", [2])]


def test_a_list_that_is_named_is_no_item_beside_others() -> None:
    file = io.BytesIO(b'{"a": {"n": 1}, "inside": {"b": {"n": 2}, "c": {"n": 3}}}')
    pieces = list(json_items(file, (EACH,), ("inside", EACH)))
    assert [piece.key for piece in pieces if isinstance(piece, Piece)] == ["a", "b", "c"]


def test_an_object_without_the_list_is_the_only_item() -> None:
    assert [decoded(p) for p in json_items(Dribbling(b' {"id": [1]}\n'), ("rows",))] == [
        {"id": [1]}
    ]
    assert list(json_items(io.BytesIO(b'{"rows": []}'), ("rows",))) == []


def test_a_broken_item_does_not_spoil_the_next() -> None:
    file = io.BytesIO(b'[{"a": nonsense}, {"b": "\xff"}, {"c": 1}]')
    read = [decoded(piece) for piece in json_items(file, ())]
    assert [isinstance(one, Broken) for one in read] == [True, True, False]
    assert [one.number for one in read[:2]] == [1, 2]


def test_a_file_that_breaks_off_gives_what_it_has_and_says_where() -> None:
    whole, broken = json_items(io.BytesIO(b'[{"a": 1},\n{"b": "'), ())
    assert decoded(whole) == {"a": 1}
    assert isinstance(broken, Broken)
    assert (broken.number, broken.line) == (2, 2)
    assert "breaks off" in broken.sentence


LONG = {
    "a text": b'"' + b'\\"' * MOST_ITEM + b'"',
    "a list": b"[" + b'"abcdefg",' * (MOST_ITEM // 4) + b"1]",
    "an object": b'{"html": ["' + b"x" * (2 * MOST_ITEM) + b'", 1]}',
}


@pytest.mark.parametrize("what", LONG)
def test_an_item_that_is_far_too_large_is_passed_over(what: str) -> None:
    first, second = json_items(io.BytesIO(b"[" + LONG[what] + b', {"a": 1}]'), ())
    assert isinstance(first, Broken)
    assert "MiB" in first.sentence
    assert decoded(second) == {"a": 1}


def test_deep_nesting_is_an_item_like_any_other_broken_one() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    (piece,) = json_items(io.BytesIO(b"[" + deep + b"]"), ())
    assert "nested" in decoded(piece).sentence


@pytest.mark.parametrize("text", [b"", b"  ", b"Hello", b"\x00\x01", b'"text"', b"\xff\xfe{\x00"])
def test_what_is_not_json_at_all_is_refused(text: bytes) -> None:
    with pytest.raises(UnreadableFile):
        list(json_items(io.BytesIO(text), ()))
