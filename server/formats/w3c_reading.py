"""Files of Web Annotations: a collection with its page, a page, a list, or a single annotation.

The annotations are the objects in a list that is the whole file, in `items` (or `@graph`), or in
`items` within `first`. Each is taken by itself, so that a broken one spoils no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5

from server.formats.codec import Broken, Item, Note
from server.formats.json_items import decoded, json_items
from server.formats.w3c import understood
from server.formats.w3c_foreign import CONTEXT
from server.formats.w3c_plain import plain_note
from store.model import Invalid

_LISTS = ((), ("items",), ("@graph",), ("first", "items"))


def read(file: BinaryIO) -> Iterator[Item]:
    """Every annotation of a file, in its order."""
    for piece in json_items(file, *_LISTS):
        if isinstance(piece, Broken):
            yield piece
            continue
        if (plain := plain_note(piece.data, piece.number, piece.line)) is not None:
            yield plain
            continue
        value = decoded(piece)
        if isinstance(value, Broken):
            yield value
        elif isinstance(value, str):
            sentence = "Only the address of this annotation is in the file, not the annotation."
            yield Broken(number=piece.number, line=piece.line, sentence=sentence)
        else:
            yield note_of(value, piece.number, piece.line)


def recognises(head: bytes) -> bool:
    """Whether a file that begins so speaks of annotations in the model's own context."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and CONTEXT.encode() in head


def note_of(value: Any, number: int, line: int = 0) -> Item:
    """One annotation, decoded, as a note that was found."""
    try:
        made = understood(value)
    except Invalid as invalid:
        return Broken(number=number, line=line, sentence=str(invalid), field=invalid.field)
    return Note(
        number=number,
        line=line,
        # What `extension/src/formats/uuid5.ts` makes of it, so that both bring in one note.
        id=made.id or (str(uuid5(NAMESPACE_URL, made.iri)) if made.iri else ""),
        url=made.url,
        canonical=made.canonical,
        title=made.title,
        quote=made.quote,
        position=made.position,
        note=made.note,
        tags=made.tags,
        color=made.color,
        created=made.created or made.modified,
        updated=made.modified,
        conflict_of=made.conflict_of,
        extra=made.extra,
    )
