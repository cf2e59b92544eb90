"""Annotations as Hypothesis has them: rows of its API's search, and what its client exports.

The same shape goes both ways. An id is a UUID in base64 for addresses (22 characters), so ours can
be theirs and come back; older ones of 20 characters are no UUIDs, and get one of ours. What
Hypothesis has no place for (colour, the page's canonical address...) travels under a member of our
own, `postil`, which it passes over.

Its positions count UTF-16 units of the whole page's text, ours code points of the text a reader
sees: either is a hint to the other, and the quotation decides.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from uuid import UUID

from msgspec import UNSET

from server.formats.codec import Broken, Item, Note, Options, Source
from server.formats.dates import moment
from server.formats.json_items import Piece, decoded, json_items
from server.formats.loose import items, members, number, text
from server.formats.writing import json_list
from store.model import Annotation, Color, Position, Quote

MEDIA_TYPE = "application/json"


def write(_source: Source, annotations: Iterable[Annotation], _options: Options) -> Iterator[bytes]:
    """`{"rows": [...], "total": N}`. The end comes last: what was cut short does not parse."""
    yield from json_list(b'{"rows":[', map(row, annotations), b'],"total":%d}\n')


def read(file: BinaryIO) -> Iterator[Item]:
    """Rows of the API (one answer, or a list of rows), or the client's export."""
    for piece in json_items(file, (), ("rows",), ("annotations",)):
        yield piece if isinstance(piece, Broken) else _item(piece)


def recognises(head: bytes) -> bool:
    """Whether the file begins as either of these."""
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    known = (b'"rows"', b'"export_userid"', b'"client_version"')
    if first.startswith(b"{"):
        return any(name in first[:2048] for name in known) and b"Annotation" not in first[:300]
    return first.startswith(b"[") and b'"uri"' in first and b'"target"' in first


def row(annotation: Annotation) -> dict[str, Any]:
    """One note as a row."""
    target: dict[str, Any] = {"source": annotation.url}
    selectors: list[dict[str, Any]] = []
    if annotation.position is not None:
        position = annotation.position
        selectors.append(
            {"type": "TextPositionSelector", "start": position.start, "end": position.end}
        )
    if annotation.quote is not None:
        quote = annotation.quote
        selectors.append(
            {
                "type": "TextQuoteSelector",
                "exact": quote.exact,
                "prefix": quote.prefix,
                "suffix": quote.suffix,
            }
        )
    if selectors:
        target["selector"] = selectors
    return {
        "id": _short(annotation.id),
        "created": _time(annotation.created),
        "updated": _time(annotation.updated),
        "user": "",
        "group": "__world__",
        "uri": annotation.url,
        "text": annotation.note,
        "tags": annotation.tags,
        "references": [],
        "document": {"title": [annotation.title]} if annotation.title else {},
        "target": [target],
        "postil": _own(annotation),
    }


def _own(annotation: Annotation) -> dict[str, Any]:
    told: dict[str, Any] = {"color": annotation.color}
    for name in ("canonical", "conflict_of", "extra"):
        value = getattr(annotation, name)
        if value is not UNSET:
            told[name] = value
    return told


def _item(piece: Piece) -> Item:
    said = decoded(piece)
    if isinstance(said, Broken):
        return said
    url = text(said, "uri") or text(_first(said, "target"), "source")
    if not url:
        sentence = "This is no annotation of Hypothesis': it has no `uri`."
        return Broken(number=piece.number, line=piece.line, sentence=sentence, field="uri")
    target = _first(said, "target")
    selectors = [one for one in items(target, "selector") if isinstance(one, dict)]
    document, own = members(said, "document"), members(said, "postil")
    titles = items(document, "title") or [document.get("title")]
    id = text(said, "id")
    long = _long(id)
    return Note(
        number=piece.number,
        line=piece.line,
        id=long,
        source=f"hypothesis:{id}" if id and not long else "",
        url=url,
        canonical=text(own, "canonical"),
        title=next((title for title in titles if isinstance(title, str)), ""),
        quote=_quote(selectors),
        position=_position(selectors),
        note=text(said, "text"),
        tags=[tag for tag in items(said, "tags") if isinstance(tag, str) and tag],
        color=Color(own["color"]) if own.get("color") in _COLORS else None,
        created=moment(said.get("created")),
        updated=moment(said.get("updated")),
        conflict_of=text(own, "conflict_of"),
        extra=members(own, "extra") or _kept(said, selectors),
    )


def _kept(said: dict[str, Any], selectors: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What we have no use for: who wrote it, what it answers, where else it stands."""
    kept = {name: said[name] for name in ("user", "references") if said.get(name)}
    if (group := said.get("group")) not in (None, "", "__world__"):
        kept["group"] = group
    others = [one for one in selectors if one.get("type") not in _OURS]
    if others:
        kept["selector"] = others
    return {"hypothesis": kept} if kept else None


def _quote(selectors: list[dict[str, Any]]) -> Quote | None:
    for one in selectors:
        if one.get("type") == "TextQuoteSelector" and text(one, "exact"):
            return Quote(text(one, "exact"), text(one, "prefix"), text(one, "suffix"))
    return None


def _position(selectors: list[dict[str, Any]]) -> Position | None:
    for one in selectors:
        start, end = number(one, "start"), number(one, "end")
        if one.get("type") == "TextPositionSelector" and 0 <= start <= end:
            return Position(start, end)
    return None


def _short(id: str) -> str:
    return base64.urlsafe_b64encode(UUID(id).bytes).decode().rstrip("=")


def _long(id: str) -> str:
    if len(id) != 22 or not id.isascii():
        return ""
    try:
        return str(UUID(bytes=base64.urlsafe_b64decode(id + "==")))
    except ValueError:
        return ""


def _time(moment: str) -> str:
    return f"{moment[:-1]}+00:00"


def _first(said: Any, name: str) -> Any:
    return next(iter(items(said, name)), None)


_COLORS = frozenset(Color)
_OURS = frozenset({"TextQuoteSelector", "TextPositionSelector"})
