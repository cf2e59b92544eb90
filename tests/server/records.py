"""Records for tests of formats: plain ones, and ones that hypothesis makes as nasty as may be."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from store.model import Annotation, Color, Position, Quote
from store.page_key import page_key

ID = "018f0000-0000-7000-8000-000000000001"


def record(**fields: Any) -> Annotation:
    """A note as a store has it; `fields` replace what it says."""
    made = Annotation(
        id=ID,
        url="https://example.org/essays/margins",
        page="",
        title="On margins",
        quote=Quote("the margin is a room", "they knew that ", " with"),
        position=Position(120, 140),
        note="So it *is*.",
        tags=["reading", "to do"],
        color=Color.GREEN,
        created="2026-10-24T08:15:30.123456Z",
        updated="2026-10-25T08:15:30.000000Z",
        device="laptop",
        rev=7,
        clock={"*": 7},
    )
    made = replace(made, **fields)
    return replace(made, page=page_key(made.url))


NASTY = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("\"\\\n\r\t{}[],:'<>&=*_`#|\u2028\u2029\ufeff\U0001f600\u202e"),
    max_size=30,
)
SOME = NASTY.filter(bool)
TIMES = st.datetimes().map(lambda moment: moment.isoformat(timespec="microseconds") + "Z")
JSON = st.dictionaries(SOME, NASTY | st.booleans() | st.none() | st.integers(0, 2**53), max_size=3)


@st.composite
def records(draw: st.DrawFn) -> Annotation:
    """Any record a store may hold, alive."""
    start = draw(st.integers(0, 2**40))
    quoted = draw(st.booleans())
    path = draw(st.sampled_from(["a", "b?q=1&r=%20x", "#/route", "ü/日本"]))
    created, updated = sorted(
        f"20{draw(st.integers(10, 25))}{draw(TIMES)[4:]}".replace("-02-29", "-02-28")
        for _ in range(2)
    )
    return record(
        id=str(draw(st.uuids())),
        url=f"https://example.org/{path}",
        title=draw(NASTY),
        quote=Quote(draw(SOME), draw(NASTY), draw(NASTY)) if quoted else None,
        position=Position(start, start + 9) if quoted and draw(st.booleans()) else None,
        note=draw(NASTY),
        tags=draw(st.lists(SOME, max_size=4, unique=True)),
        color=draw(st.sampled_from(list(Color))),
        created=created,
        updated=updated,
        canonical=draw(st.just(UNSET) | st.just("https://example.org/canonical")),
        conflict_of=draw(st.just(UNSET) | st.uuids().map(str)),
        extra=draw(st.just(UNSET) | JSON.filter(bool)),
    )
