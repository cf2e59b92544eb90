"""What has been annotated: each page's notes added up, and again only where one changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

import msgspec
from msgspec import Struct

from store.model import Color, Page


class PageSummaries:
    """The pages of one account that have live notes."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Page] = {}

    def forget(self, page: str) -> None:
        """One of this page's notes changed."""
        self._known.pop(page, None)

    def all(
        self, by_page: Mapping[Hashable, Iterable[str]], notes: Mapping[str, bytes]
    ) -> list[Page]:
        """All of them, in no order, from the ids on each page and the notes by id."""
        for key in by_page.keys() - self._known.keys():
            self._known[key] = _added_up(notes[id] for id in by_page[key])
        return list(self._known.values())


class _Note(Struct, frozen=True):
    """The part of a note its page is told by."""

    page: str
    url: str
    title: str
    color: Color
    updated: str


def _added_up(documents: Iterable[bytes]) -> Page:
    notes = [_decode(document) for document in documents]
    newest = max(notes, key=lambda note: note.updated)
    colors = Counter(note.color for note in notes)
    return Page(newest.page, newest.url, newest.title, len(notes), dict(colors), newest.updated)


_decode = msgspec.json.Decoder(_Note).decode
