"""What formats share: notes page by page, bytes in chunks, links that lead back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Any
from urllib.parse import quote, urlsplit

from store import model
from store.model import Annotation

_CHUNK = 64 * 1024
_LONG = 200  # characters of a passage above which only its ends go into a link


def by_page(annotations: Iterable[Annotation]) -> Iterator[tuple[Annotation, Iterator[Annotation]]]:
    """The notes of each page, with the first of them, which says what page it is."""
    for _, notes in groupby(annotations, key=lambda note: note.page):
        yield _opened(notes)


def in_chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """Pieces of text as UTF-8, some of them together; at least one chunk."""
    buffer = bytearray()
    for part in parts:
        buffer += part.encode()
        if len(buffer) > _CHUNK:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


def json_list(head: bytes, items: Iterable[Any], tail: bytes) -> Iterator[bytes]:
    """A JSON document around one long list, in chunks; `tail` takes the number of items as `%d`.

    The closing brackets come last and only after everything went well: what was cut short by an
    error or a dropped connection never parses as a smaller one.
    """
    buffer = bytearray(head)
    total = 0
    for item in items:
        buffer += b",\n" if total else b"\n"
        buffer += model.encode(item)
        total += 1
        if len(buffer) > _CHUNK:
            yield bytes(buffer)
            buffer.clear()
    buffer += tail % total
    yield bytes(buffer)


def title_of(annotation: Annotation) -> str:
    """The page's title on one line; its address where it has none."""
    return " ".join(annotation.title.split()) or annotation.url


def is_web(url: str) -> bool:
    """Whether an address may be made a link: `javascript:` must never be."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def link_to(annotation: Annotation) -> str:
    """An address by which a browser finds the passage (a text fragment), where there is one."""
    url = annotation.url
    if annotation.quote is None or not is_web(url) or "#" in url:
        return url
    exact = " ".join(annotation.quote.exact.split())
    if len(exact) <= _LONG:
        return f"{url}#:~:text={_directive(exact)}"
    words = exact.split(" ")
    if len(words) < 12:
        return url
    return f"{url}#:~:text={_directive(' '.join(words[:5]))},{_directive(' '.join(words[-5:]))}"


def day(moment: str) -> str:
    """The day of a moment, `2026-11-24`."""
    return moment[:10]


def _directive(text: str) -> str:
    """A hyphen, comma or ampersand would be read as a part of the directive's own grammar."""
    return quote(text, safe="").replace("-", "%2D")


def _opened(notes: Iterator[Annotation]) -> tuple[Annotation, Iterator[Annotation]]:
    first = next(notes)
    return first, chain([first], notes)
