"""Records of every kind a store may hold, nasty ones first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from foreign import LATER
from hypothesis import strategies as st
from msgspec import UNSET

from store.merge import merge
from store.model import Annotation, Color, Fields, Operation, Position, Quote

_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_TEXT = st.text(_CHARACTERS, max_size=30)
_SOME = st.text(_CHARACTERS, min_size=1, max_size=30)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)
_NAMES = st.sampled_from(
    "body bodyValue target motivation type stylesheet via canonical creator id created @context "
    "@graph urn:postil:extra generator".split()
)
_EXTRA = st.one_of(
    st.just(UNSET),
    st.dictionaries(_TEXT, _JSON, min_size=1, max_size=2),
    st.builds(lambda kept: {"w3c": kept}, st.dictionaries(_NAMES, _JSON, max_size=3)),
)


@st.composite
def records(draw: st.DrawFn, extra: st.SearchStrategy[Any] = _EXTRA) -> Annotation:
    """Any record a store may hold."""
    start = draw(st.integers(0, 2**50))
    fields = Fields(
        url=f"https://example.org/{draw(_TEXT)}",
        canonical=draw(st.just(UNSET) | st.builds("https://example.org/{}".format, _SOME)),
        title=draw(_TEXT),
        quote=draw(st.none() | st.builds(Quote, _SOME, _TEXT, _TEXT)),
        position=draw(st.none() | st.just(Position(start, start + 5))),
        note=draw(_TEXT),
        color=draw(st.sampled_from(Color)),
        created=draw(st.sampled_from(["2019-02-28T23:59:59Z", "2026-11-24T08:15:30.123456Z"])),
        conflict_of=draw(st.sampled_from([UNSET, str(UUID(int=9))])),
        extra=draw(extra),
    )
    tags = draw(st.lists(_SOME, max_size=3, unique=True))
    id = str(UUID(int=draw(st.integers(0, 2**128 - 1))))
    at = "2026-11-24T09:00:00.5Z"
    operation = Operation(id=id, base=0, set=fields, tags_add=tags, at=at)
    outcome = merge(None, operation, device="d", seq=1, now=LATER)
    assert outcome.record is not None
    return outcome.record
