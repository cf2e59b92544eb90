"""Narrowing a search by tag, colour, site and time.

The query is the one truth: whatever is chosen beside the box is written into it, in the language a
reader can type (`store.query`), and what is chosen already is read from it. So a search can be
kept, sent and typed again, and nothing is set that its reader does not see.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from server.library.counted import Counted
from store.folding import fold
from store.model import Color
from store.query import Written, written

OFFERED = 8  # tags, and sites, to choose from; any other can be typed
_PAST = (("Past week", 7), ("Past month", 31), ("Past year", 366))


class Choice(Struct, frozen=True):
    """Something to narrow by: the query it leads to. Chosen already, that is the query without."""

    label: str
    query: str
    chosen: bool = False
    count: int | None = None


class Choices(Struct, frozen=True):
    """All there is to choose from beside the box."""

    colors: list[Choice]
    tags: list[Choice]
    sites: list[Choice]
    times: list[Choice]

    @property
    def chosen(self) -> int:
        """How many are."""
        groups = (self.colors, self.tags, self.sites, self.times)
        return sum(choice.chosen for group in groups for choice in group)


def term(field: str, value: str) -> str:
    """A field as it is written in a query; '' for a value no query can say (`"` in a tag)."""
    for text in (f"{field}:{value}", f'{field}:"{value}"'):
        terms = written(text)
        if len(terms) == 1 and (terms[0].field, terms[0].value) == (field, value):
            return text
    return ""


def narrowed(q: str, field: str, value: str) -> str:
    """The query with a field more. One date takes the place of another."""
    text = term(field, value)
    if field in ("after", "before"):
        q = _without(q, [each for each in written(q) if each.field == field])
    return f"{q.strip()} {text}".strip() if text else q


def choices(q: str, counts: Counted, today: datetime) -> Choices:
    """What to offer beside a query."""
    terms = [each for each in written(q) if not each.unwanted]
    return Choices(
        [_choice(q, terms, "color", color, color.capitalize()) for color in Color],
        _offered(q, terms, "tag", counts.tags),
        _offered(q, terms, "site", counts.sites),
        [
            _choice(q, terms, "after", f"{today - timedelta(days=days):%Y-%m-%d}", label)
            for label, days in _PAST
        ],
    )


def _offered(q: str, terms: list[Written], field: str, counts: dict[str, int]) -> list[Choice]:
    """What is chosen, wherever it stands among all there are, then the commonest of the rest."""
    chosen = [
        Choice(each.value, _without(q, [each]), chosen=True)
        for each in terms
        if each.field == field and each.value
    ]
    taken = {_same(choice.label) for choice in chosen}
    more = [
        Choice(value, narrowed(q, field, value), count=counts[value])
        for value in list(counts)[: OFFERED + len(chosen)]
        if _same(value) not in taken and term(field, value)
    ]
    return chosen + more[:OFFERED]


def _choice(q: str, terms: list[Written], field: str, value: str, label: str) -> Choice:
    same = [
        each
        for each in terms
        if each.field.replace("colour", "color") == field and _same(each.value) == _same(value)
    ]
    if same:
        return Choice(label, _without(q, same), chosen=True)
    return Choice(label, narrowed(q, field, value))


def _same(value: str) -> str:
    return " ".join(fold(value).split())


def _without(q: str, terms: list[Written]) -> str:
    for each in reversed(terms):
        q = f"{q[: each.start].rstrip()} {q[each.end :].lstrip()}"
    return q.strip()
