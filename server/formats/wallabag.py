"""wallabag's export in JSON: a list of articles, each with what was marked in it.

An article nobody marked anything in comes in as a note on its whole page, with its tags. An
annotation is text and passage; where it stands is told by paths in wallabag's own copy of the page,
which are kept (`extra`) but say nothing about the page itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO

from server.formats.codec import Broken, Item, Note
from server.formats.dates import moment
from server.formats.html_text import words_of
from server.formats.json_items import decoded, json_items
from server.formats.loose import items, number, text, words
from store.model import Quote


def read(file: BinaryIO) -> Iterator[Item]:
    """Every annotation, and every article without one."""
    numbers = count(1)
    for piece in json_items(file, (), ("_embedded", "items")):
        article = piece if isinstance(piece, Broken) else decoded(piece)
        if isinstance(article, Broken):
            yield Broken(number=next(numbers), line=article.line, sentence=article.sentence)
            continue
        url = text(article, "url", "given_url", "origin_url")
        if not url:
            sentence = "This is no article of wallabag's: it has no `url`."
            yield Broken(number=next(numbers), line=piece.line, sentence=sentence, field="url")
            continue
        marked = items(article, "annotations")
        for annotation in marked:
            yield _annotation(article, url, annotation, next(numbers), piece.line)
        if not marked:
            yield _page(article, url, next(numbers), piece.line)


def recognises(head: bytes) -> bool:
    """Whether the first article has what only wallabag's have."""
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return first.startswith((b"[", b"{")) and b'"is_archived"' in head and b'"url"' in head


def _annotation(article: Any, url: str, said: Any, number_: int, line: int) -> Item:
    exact, note = words_of(text(said, "quote")), text(said, "text")
    if not (exact or note):
        sentence = "This annotation has neither a passage nor a text."
        return Broken(number=number_, line=line, sentence=sentence, field="quote")
    id, ranges = number(said, "id"), items(said, "ranges")
    return Note(
        number=number_,
        line=line,
        source=f"wallabag:{url}\n{id}" if id > 0 else "",
        url=url,
        title=" ".join(text(article, "title").split()),
        quote=Quote(exact) if exact else None,
        note=note,
        tags=words(article, "tags", "label"),
        created=moment(said.get("created_at")),
        updated=moment(said.get("updated_at")),
        extra={"wallabag": {"ranges": ranges}} if ranges else None,
    )


def _page(article: Any, url: str, number_: int, line: int) -> Note:
    starred = article.get("is_starred") in (1, True, "1")
    return Note(
        number=number_,
        line=line,
        source=f"wallabag:{url}",
        url=url,
        title=" ".join(text(article, "title").split()),
        tags=words(article, "tags", "label") + ["starred"] * starred,
        created=moment(article.get("created_at")),
        updated=moment(article.get("updated_at")),
    )
