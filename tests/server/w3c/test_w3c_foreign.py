"""What Postil does not understand of a Web Annotation is kept and given back."""

from __future__ import annotations

from foreign import FOREIGN, PAGE, foreign, given_back, note_in, stored

from server.formats.w3c_foreign import fitting
from store.model import (
    MAX_EXTRA,
    Color,
    Quote,
    encode,
)


def test_a_foreign_annotation_is_understood_as_far_as_it_goes() -> None:
    note = note_in(FOREIGN)
    assert note.id == "2a5e402f-3309-52ba-b698-946a29a8f0da"
    assert note.url == PAGE + "#part"
    assert note.quote == Quote("a room", ("x" * 300 + "it is ")[-256:], "")
    assert (note.note, note.tags, note.color) == ("Is that so?", ["doubt"], None)
    assert note.created == "2015-01-31T11:03:45.000000Z"


def test_what_is_not_understood_is_given_back_unchanged() -> None:
    back = given_back(FOREIGN)
    changed = {"id", "created", "@context"}
    assert {name: back[name] for name in FOREIGN if name not in changed} == {
        name: value for name, value in FOREIGN.items() if name not in changed
    }
    assert back["via"] == FOREIGN["id"]


def test_it_is_still_there_when_the_reader_has_written_something_else() -> None:
    back = given_back(FOREIGN, note="No.")
    ours, *others = FOREIGN["body"]
    assert back["body"] == [{**ours, "value": "No."}, others[1], others[0]]
    assert back["target"] == FOREIGN["target"]
    assert back["creator"] == FOREIGN["creator"]
    assert back["motivation"] == FOREIGN["motivation"]


def test_a_new_colour_leaves_the_foreign_selectors_where_they_are() -> None:
    back = given_back(FOREIGN, color=Color.PINK)
    assert back["target"] == {**FOREIGN["target"], "styleClass": ["postil-pink", "red"]}
    assert back["stylesheet"][0] == FOREIGN["stylesheet"]
    assert ".postil-pink" in back["stylesheet"][1]["value"]


def test_selectors_of_another_passage_go_when_the_note_moves() -> None:
    back = given_back(FOREIGN, quote=Quote("two rooms", "", ""))
    assert back["target"]["selector"] == [{"type": "TextQuoteSelector", "exact": "two rooms"}]


def test_a_tag_taken_away_is_gone_and_a_new_one_there() -> None:
    back = given_back(FOREIGN, tags=["sure"])
    assert {"type": "TextualBody", "value": "sure", "purpose": "tagging"} in back["body"]
    assert FOREIGN["body"][2] not in back["body"]
    assert FOREIGN["body"][1] in back["body"]


def test_a_text_taken_away_leaves_no_empty_body() -> None:
    value = foreign(body={"type": "TextualBody", "value": "y" * 2000, "language": "en"})
    assert "body" not in given_back(value, note="")
    assert given_back(value, note="z")["body"] == {**value["body"], "value": "z"}


def test_a_long_text_is_not_kept_twice() -> None:
    value = foreign(body={"type": "TextualBody", "value": "y" * 90_000, "language": "en"})
    assert len(encode(stored(note_in(value)).extra)) < 3000
    assert given_back(value)["body"] == value["body"]


def test_what_is_too_much_goes_and_that_is_said() -> None:
    value = foreign(body=None, **{"ex:large": "y" * 20_000, "ex:small": "z"})
    extra = note_in(value).extra
    assert extra is not None
    assert len(encode(extra)) <= MAX_EXTRA
    assert extra["w3c"]["urn:postil:dropped"] == "ex:large"
    back = given_back(value)
    assert back["urn:postil:dropped"] == "ex:large"
    assert back["ex:small"] == "z"
    assert fitting({"a": 1}) == {"a": 1}
