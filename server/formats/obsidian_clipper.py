"""Highlights of Obsidian's Web Clipper: its export, or what it keeps in the browser's storage.

    [{"url": "...", "highlights": [{"text": "...", "timestamp": "...", "notes": ["..."]}]}]
    {"https://...": {"url": "...", "title": "...", "highlights": [{"id": "1730000000000",
        "content": "<p>...</p>", "notes": [], "xpath": "..."}]}}

The same shape, with `quote` and `created_at`, holds the highlights in Pocket's last export. A
passage is often kept as HTML; its words are what counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO

from server.formats.codec import Broken, Item, Note
from server.formats.dates import moment
from server.formats.html_text import words_of
from server.formats.json_items import EACH, Piece, decoded, json_items
from server.formats.loose import items, text
from store.model import Color, Quote


def read(file: BinaryIO, numbers: count[int] | None = None) -> Iterator[Item]:
    """Every highlight of every page."""
    numbers = numbers or count(1)
    for piece in json_items(file, (), (EACH,), ("highlights", EACH)):
        page = piece if isinstance(piece, Broken) else decoded(piece)
        if isinstance(piece, Broken) or isinstance(page, Broken):
            yield Broken(number=next(numbers), line=page.line, sentence=page.sentence)
            continue
        url = text(page, "url") or (piece.key if ":" in piece.key else "")
        if not url or not isinstance(page, dict) or "highlights" not in page:
            sentence = "This is no page with highlights: it has no `url`."
            yield Broken(number=next(numbers), line=piece.line, sentence=sentence, field="url")
            continue
        for said in items(page, "highlights"):
            yield _highlight(said, url, text(page, "title"), piece, next(numbers))


def recognises(head: bytes) -> bool:
    """Whether it begins with a page and its highlights."""
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:8192]
    marked = b'"text"' in first or b'"content"' in first or b'"quote"' in first
    return first.startswith((b"[", b"{")) and b'"highlights"' in first and marked


def _highlight(said: Any, url: str, title: str, piece: Piece, number: int) -> Item:
    exact = words_of(text(said, "text", "content", "quote"))
    notes = [one.strip() for one in items(said, "notes") if isinstance(one, str) and one.strip()]
    if not (exact or notes):
        sentence = "This highlight has no text."
        return Broken(number=number, line=piece.line, sentence=sentence, field="text")
    color = text(said, "color").lower()
    when = moment(said.get("timestamp") or said.get("created_at") or said.get("id"))
    return Note(
        number=number,
        line=piece.line,
        source=f"clipper:{url}\n{exact}" if exact else "",
        url=url,
        title=" ".join(title.split()),
        quote=Quote(exact) if exact else None,
        note="\n\n".join(notes) or text(said, "note"),
        color=Color(color) if color in set(Color) else None,
        created=when,
        updated=when,
    )
