"""Karakeep's (once Hoarder's) export: bookmarks with tags and a note each.

A bookmark is a note on a whole page. One that is a text of its own has no page, and gets a `urn:`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from server.formats.codec import Broken, Item, Note
from server.formats.dates import moment
from server.formats.json_items import Piece, decoded, json_items
from server.formats.loose import members, text, words
from server.formats.tables import page_address


def read(file: BinaryIO) -> Iterator[Item]:
    """Every bookmark."""
    for piece in json_items(file, ("bookmarks",)):
        said = piece if isinstance(piece, Broken) else decoded(piece)
        if isinstance(piece, Broken) or isinstance(said, Broken):
            yield said
        else:
            yield _bookmark(said, piece)


def recognises(head: bytes) -> bool:
    """Whether it is an object with a list of bookmarks."""
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return first.startswith(b"{") and b'"bookmarks"' in first[:4096] and b'"content"' in head


def _bookmark(said: Any, piece: Piece) -> Item:
    content, title = members(said, "content"), " ".join(text(said, "title").split())
    url, own = text(content, "url"), text(content, "text")
    if not (url or own):
        sentence = "This bookmark has no address: pictures and files are not in the export."
        return Broken(number=piece.number, line=piece.line, sentence=sentence, field="content")
    created = moment(said.get("createdAt"))
    note = "\n\n".join(part for part in (own, text(said, "note")) if part)
    archived = said.get("archived") is True
    return Note(
        number=piece.number,
        line=piece.line,
        source=f"karakeep:{url}" if url else "",
        url=page_address(url, title or own[:80]),
        title=title,
        note=note,
        tags=words(said, "tags"),
        created=created,
        updated=created,
        extra={"karakeep": {"archived": True}} if archived else None,
    )
