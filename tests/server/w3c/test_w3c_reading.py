"""Files of Web Annotations, of every shape and in any state."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from foreign import foreign

from server.formats import Broken, Note, UnreadableFile
from server.formats.w3c_reading import read, recognises

ONE = foreign(id=None)


@pytest.mark.parametrize(
    ("file", "found"),
    [
        (ONE, "n"),
        ([ONE, ONE], "nn"),
        ([], ""),
        ({"type": "AnnotationPage", "items": [ONE, ONE]}, "nn"),
        ({"type": "AnnotationPage", "items": []}, ""),
        ({"first": {"type": "AnnotationPage", "items": [ONE]}, "total": 1}, "n"),
        ({"@graph": [ONE]}, "n"),
        ({"items": [ONE, "http://example.org/anno", {"type": "Annotation"}, ONE]}, "nbbn"),
        ([foreign(body={"type": "Choice", "items": [{"value": "}]{["}]}), ONE], "nn"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"\r\n "])
def test_files_of_every_shape(file: Any, found: str, indent: int | None, start: bytes) -> None:
    data = start + json.dumps(file, indent=indent).encode()
    items = list(read(io.BytesIO(data)))
    assert "".join("n" if isinstance(item, Note) else "b" for item in items) == found
    assert [item.number for item in items] == list(range(1, len(items) + 1))
    if indent and found:
        text = data.decode("utf-8-sig").splitlines()
        assert all(text[item.line - 1].strip()[:1] in ("{", '"') for item in items[1:])


class Dripping(io.RawIOBase):
    """A file that comes a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data, self.step = data, step

    def read(self, size: int = -1) -> bytes:
        given, self.data = self.data[: self.step], self.data[self.step :]
        return given


@pytest.mark.parametrize("step", [1, 7, 100])
def test_a_file_may_come_in_pieces(step: int) -> None:
    data = json.dumps({"first": {"items": [ONE, foreign(body='a\\"}]'), ONE]}}, indent=1).encode()
    whole, dripped = list(read(io.BytesIO(data))), list(read(Dripping(data, step)))
    assert dripped == whole
    assert len(whole) == 3


def test_a_file_cut_short_gives_what_came_and_says_that_it_ends() -> None:
    data = json.dumps({"first": {"items": [ONE, ONE, ONE]}}).encode()
    items = list(read(io.BytesIO(data[: len(data) - 40])))
    assert [type(item) for item in items] == [Note, Note, Broken]
    assert items[-1].number == 3


def test_a_broken_annotation_spoils_no_other() -> None:
    one = json.dumps(ONE)
    for broken in ('{"a": nul}', '{"a": "\\ud800"}', '{"a":' + "[" * 5000 + "]" * 5000 + "}"):
        items = list(read(io.BytesIO(f"[{one},{broken},{one}]".encode())))
        assert [type(item) for item in items] == [Note, Broken, Note], broken[:20]


@pytest.mark.parametrize("data", [b"", b"  ", b"<html>", b"5", b'"text"'])
def test_what_holds_no_annotations_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        list(read(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b'{"@context":"http://www.w3.org/ns/anno.jsonld"', True),
        (b'\xef\xbb\xbf [ {"@context": ["http://www.w3.org/ns/anno.jsonld", {}]', True),
        (b'{"@context":"http://schema.org/"', False),
        (b"<!-- http://www.w3.org/ns/anno.jsonld -->", False),
        (b"", False),
    ],
)
def test_a_file_of_annotations_is_known_by_its_beginning(head: bytes, known: bool) -> None:
    assert recognises(head) is known
