"""Which notes are taken out: all, those on a page, those a query finds."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from store.answers import Sort
from store.base import AnnotationStore
from store.model import Annotation
from store.page_key import page_key
from store.query import Query, parse
from store.reading_order import reading_order

_AT_ONCE = 500


class Selection(Struct, frozen=True):
    """What is asked for. Empty, it is everything; `url` and `query` each narrow it."""

    url: str = ""
    query: Query = Query()


def selection(url: str, q: str, fields: list[tuple[str, str]] | None = None) -> Selection:
    """Read a selection. Raises `Invalid` naming what cannot be meant."""
    if url:
        page_key(url)
    return Selection(url, parse(q, fields or []))


def selected(store: AnnotationStore, account: str, chosen: Selection) -> Iterator[Annotation]:
    """The live notes that were chosen, page after page, each page in reading order."""
    if chosen.query == Query():
        if not chosen.url:
            return store.live(account)
        return iter(store.on_page(account, [page_key(chosen.url)]))
    found = _found(store, account, chosen.query)
    if not chosen.url:
        return _one_by_one(store, account, found)
    on_page = store.on_page(account, [page_key(chosen.url)])
    wanted = set(found)
    return iter([note for note in on_page if note.id in wanted])


def _found(store: AnnotationStore, account: str, query: Query) -> list[str]:
    """The ids of what a query finds. Only they are held, for it may find a million notes; and they
    are gathered before the first is written, for a note that changes meanwhile moves among them."""
    places: dict[str, tuple[object, ...]] = {}
    cursor: str | None = None
    while True:
        page = store.search(account, query, sort=Sort.OLDEST, limit=_AT_ONCE, cursor=cursor)
        places.update({note.id: (note.page, reading_order(note)) for note in page.annotations})
        cursor = page.cursor
        if cursor is None:
            return sorted(places, key=places.__getitem__)


def _one_by_one(store: AnnotationStore, account: str, ids: list[str]) -> Iterator[Annotation]:
    for id in ids:
        note = store.get(account, id)
        if note is not None and not note.deleted:
            yield note
