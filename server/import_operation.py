"""What is to be done for a note that was read from a file, if anything.

What wins, and why
------------------
An item is known again by its id: the file's own, or one derived from what never changes about it.
So a file can be imported twice, or imported again when it has grown, and only what is new is added.

    no note of that id                      it is created, with its own dates
    the same note                           unchanged
    a note that only imports ever touched   updated, unless the file calls its own version older
    a note the reader changed here since    unchanged: what was written here is what counts, for
                                            nobody can tell whether the file knew of it
    a note the reader deleted here          unchanged: it can be restored from the trash; an
                                            import never brings back what was thrown out

Whether the reader changed a note since is seen from its `device`: an import signs what it writes
as `import:` and the device that ran it, and whatever the reader does is signed by another.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import UNSET

from server.formats.codec import Note
from store import model
from store.model import MAX_CONTEXT, MAX_EXTRA, Annotation, Operation, Quote
from store.page_key import believed_canonical

SIGN = "import:"


def id_of(note: Note) -> str:
    """The id a note has here: its own, or always the same one made of what tells it from others."""
    if _PLAIN_ID.fullmatch(note.id):
        return note.id
    with suppress(ValueError):
        return str(UUID(note.id))
    if note.id or note.source:
        told: Any = [note.source, note.id]
    else:
        told = msgspec.to_builtins([note.url, note.quote, note.position, note.note])
    return str(uuid5(_SPACE, json.dumps(told)))


def operation_for(note: Note, id: str, record: Annotation | None) -> Operation | str:
    """What has to be done for a note, or why nothing has: '' where all of it stands already.

    Raises `Invalid` for what cannot be kept.
    """
    if record is not None and record.deleted:
        return f"This note was deleted here; `postil trash restore {id}` brings it back."
    if note.deleted:
        return "The file says that this note was deleted."
    values, tags = _fields(note), list(dict.fromkeys(note.tags))
    at = note.updated or note.created
    if record is None:
        made = {"id": id, "base": 0, "set": values, "tags_add": tags}
        return _held(made | ({"at": at} if at else {}))
    differing = _differing(record, values)
    add = [tag for tag in tags if tag not in record.tags]
    remove = [tag for tag in record.tags if tag not in tags]
    if not (differing or add or remove):
        return ""
    if not record.device.startswith(SIGN):
        return "It was changed here since, and stays as it is here."
    if at and at < record.updated:
        return "What is here already is newer."
    made = {
        "id": id,
        "base": record.rev,
        "set": differing,
        "tags_add": add,
        "tags_remove": remove,
    }
    return _held(made | ({"at": at} if at else {}))


def left_out(note: Note) -> str:
    """A sentence where what Postil has no use for is more than it keeps."""
    if note.extra and len(model.encode(note.extra)) > MAX_EXTRA:
        return "What else the file says of it is over 16 KiB, and was left out."
    return ""


def _held(made: dict[str, Any]) -> Operation:
    """An operation, held to the limits. Raises `Invalid`."""
    try:
        data = model.encode(made)
    except UnicodeEncodeError:
        # This names the field with half a surrogate pair.
        return model.convert(msgspec.to_builtins(made), Operation)
    return model.decode(data, Operation)  # which looks at each text only where it has to


def _fields(note: Note) -> dict[str, Any]:
    """What a note sets, of all it says. What only surrounds the reader's own words is cut to what
    is kept; the words themselves never are."""
    values: dict[str, Any] = {"url": note.url, "note": note.note}
    if note.title:
        values["title"] = note.title[:1024]
    if note.canonical and len(note.canonical) <= 4096:
        values["canonical"] = note.canonical
    if (quote := note.quote) is not None and quote.exact:
        if len(quote.prefix) > MAX_CONTEXT or len(quote.suffix) > MAX_CONTEXT:
            quote = Quote(quote.exact, quote.prefix[-MAX_CONTEXT:], quote.suffix[:MAX_CONTEXT])
        values["quote"] = quote
    if note.position is not None:
        values["position"] = note.position
    if note.color is not None:
        values["color"] = note.color
    if note.created or note.updated:
        values["created"] = note.created or note.updated
    if note.conflict_of:
        values["conflict_of"] = note.conflict_of
    if note.extra and not left_out(note):
        values["extra"] = note.extra
    return values


def _differing(record: Annotation, values: dict[str, Any]) -> dict[str, Any]:
    """What of these values is not what stands."""
    differing = {}
    for name, said in values.items():
        standing = getattr(record, name)
        value = said
        if name == "canonical":
            value = believed_canonical(record.url, said) or UNSET
        if value is not UNSET and value != standing:
            differing[name] = value
    return differing


_PLAIN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SPACE = UUID("5b0d2b5e-4f8c-5c1a-9d43-0e6f7a1c9b20")
