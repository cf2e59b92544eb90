"""Notes that were read from a file -> the store.

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

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import UNSET, Struct

from server.formats.codec import Broken, Item, Note
from store import model
from store.base import AnnotationStore
from store.clock import now
from store.merge import merge
from store.model import MAX_EXTRA, MAX_OPERATIONS, Annotation, Invalid, Operation, Result, Status
from store.page_key import believed_canonical


class Outcome(StrEnum):
    """What became of an item."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class ItemResult(Struct, frozen=True, omit_defaults=True):
    """What became of one item of a file, and which note it is now.

    `number` counts the file's items from 1, `line` says where it begins in a file of lines.
    `sentence` is for people: why an item was rejected, or left as it stands here; `field` is the
    path of the value that is to blame.
    """

    number: int
    status: Outcome
    line: int = 0
    id: str = ""
    sentence: str = ""
    field: str = ""


class Tally(Struct):
    """How many items there were, by what became of them."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def count(self, result: ItemResult) -> None:
        """Count one more."""
        setattr(self, result.status, getattr(self, result.status) + 1)


def import_notes(
    store: AnnotationStore, account: str, device: str, items: Iterable[Item], *, dry_run: bool
) -> Iterator[ItemResult]:
    """Bring items into an account, and say of each, in their order, what became of it.

    They are written in batches, each durable before its results are told. `dry_run` writes nothing
    and says what would become of them. Raises what `store.apply` raises; what was told of by then
    stands.
    """
    importing = _Rehearsing(store, account) if dry_run else _Writing(store, account, device)
    for item in items:
        if isinstance(item, Broken):
            yield from importing.take(
                ItemResult(item.number, Outcome.REJECTED, item.line, "", item.sentence, item.field)
            )
            continue
        try:
            yield from importing.note(item, id_of(item))
        except Invalid as invalid:
            yield from importing.take(_rejected(item, invalid))
    yield from importing.settle()


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


class _Importing:
    """What writing and rehearsing have in common: results leave in the order of the items."""

    def __init__(self, store: AnnotationStore, account: str) -> None:
        self._store = store
        self._account = account

    def take(self, result: ItemResult) -> Iterator[ItemResult]:
        """A result that needs nothing written."""
        yield result

    def note(self, note: Note, id: str) -> Iterator[ItemResult]:
        raise NotImplementedError

    def settle(self) -> Iterator[ItemResult]:
        """The results that are still open."""
        yield from ()

    def _standing(self, id: str) -> Annotation | None:
        return self._store.get(self._account, id)


class _Writing(_Importing):
    def __init__(self, store: AnnotationStore, account: str, device: str) -> None:
        super().__init__(store, account)
        self._device = f"{_SIGN}{device.removeprefix(_SIGN)}"
        self._results: list[ItemResult | tuple[ItemResult, Operation]] = []
        self._ids: set[str] = set()

    def take(self, result: ItemResult) -> Iterator[ItemResult]:
        self._results.append(result)
        if len(self._results) >= MAX_OPERATIONS:
            yield from self.settle()

    def note(self, note: Note, id: str) -> Iterator[ItemResult]:
        if id in self._ids:
            yield from self.settle()  # what it is to be held against is about to be written
        made = _operation(note, id, self._standing(id))
        if isinstance(made, ItemResult):
            yield from self.take(made)
            return
        self._ids.add(id)
        self._results.append((_told(note, Outcome.CREATED, id, _left_out(note)), made))
        if len(self._results) >= MAX_OPERATIONS:
            yield from self.settle()

    def settle(self) -> Iterator[ItemResult]:
        operations = [one[1] for one in self._results if isinstance(one, tuple)]
        applied = iter(
            self._store.apply(self._account, self._device, operations) if operations else []
        )
        results, self._results, self._ids = self._results, [], set()
        for one in results:
            yield _settled(one[0], next(applied)) if isinstance(one, tuple) else one


class _Rehearsing(_Importing):
    def __init__(self, store: AnnotationStore, account: str) -> None:
        super().__init__(store, account)
        self._now = now()
        self._seen: dict[bytes, tuple[bytes, str]] = {}  # what each id's note would be by now

    def note(self, note: Note, id: str) -> Iterator[ItemResult]:
        key, print_ = UUID(id).bytes, _fingerprint(note)
        before = self._seen.get(key)
        record = None if before else self._standing(id)
        made = _operation(note, id, record)
        if isinstance(made, ItemResult):
            yield made
            return
        outcome = merge(record, made, device=_SIGN, seq=made.base or 1, now=self._now)
        if outcome.status is Status.REJECTED:
            yield _told(note, Outcome.REJECTED, "", outcome.reason, _plain(outcome.field))
            return
        status = Outcome.CREATED if record is None else Outcome.UPDATED
        if before is not None:
            newer = print_ != before[0] and not (note.updated and note.updated < before[1])
            status = Outcome.UPDATED if newer else Outcome.UNCHANGED
        if status is not Outcome.UNCHANGED:
            self._seen[key] = print_, note.updated or (before[1] if before else "")
        yield _told(note, status, id, _left_out(note))


def _operation(note: Note, id: str, record: Annotation | None) -> Operation | ItemResult:
    """What has to be done for an item, or why nothing has. Raises `Invalid`."""
    if record is not None and record.deleted:
        return _told(
            note,
            Outcome.UNCHANGED,
            id,
            f"This note was deleted here; `postil trash restore {id}` brings it back.",
        )
    if note.deleted:
        return _told(note, Outcome.UNCHANGED, id, "The file says that this note was deleted.")
    values, tags = _fields(note), list(dict.fromkeys(note.tags))
    at = note.updated or note.created
    if record is None:
        made = {"id": id, "base": 0, "set": values, "tags_add": tags}
        return _held(made | ({"at": at} if at else {}))
    differing = _differing(record, values)
    add = [tag for tag in tags if tag not in record.tags]
    remove = [tag for tag in record.tags if tag not in tags]
    if not (differing or add or remove):
        return _told(note, Outcome.UNCHANGED, id)
    if not record.device.startswith(_SIGN):
        return _told(
            note, Outcome.UNCHANGED, id, "It was changed here since, and stays as it is here."
        )
    if at and at < record.updated:
        return _told(note, Outcome.UNCHANGED, id, "What is here already is newer.")
    made = {
        "id": id,
        "base": record.rev,
        "set": differing,
        "tags_add": add,
        "tags_remove": remove,
    }
    return _held(made | ({"at": at} if at else {}))


def _held(made: dict[str, Any]) -> Operation:
    """An operation, held to the limits. Raises `Invalid`."""
    try:
        data = model.encode(made)
    except UnicodeEncodeError:
        return model.convert(made, Operation)  # which names the field with half a surrogate pair
    return model.decode(data, Operation)  # which looks at each text only where it has to


def _fields(note: Note) -> dict[str, Any]:
    """What a note sets, of all it says. What only surrounds the reader's own words is cut to what
    is kept; the words themselves never are."""
    values: dict[str, Any] = {"url": note.url, "note": note.note}
    if note.title:
        values["title"] = note.title[:1024]
    if note.canonical and len(note.canonical) <= 4096:
        values["canonical"] = note.canonical
    if note.quote is not None and note.quote.exact:
        values["quote"] = {
            "exact": note.quote.exact,
            "prefix": note.quote.prefix[-256:],
            "suffix": note.quote.suffix[:256],
        }
    if note.position is not None:
        values["position"] = msgspec.to_builtins(note.position)
    if note.color is not None:
        values["color"] = note.color.value
    if note.created or note.updated:
        values["created"] = note.created or note.updated
    if note.conflict_of:
        values["conflict_of"] = note.conflict_of
    if note.extra and not _left_out(note):
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
        if isinstance(standing, Struct):
            standing = msgspec.to_builtins(standing)
        if value is not UNSET and value != standing:
            differing[name] = value
    return differing


def _left_out(note: Note) -> str:
    """A sentence where what Postil has no use for is more than it keeps."""
    if note.extra and len(model.encode(note.extra)) > MAX_EXTRA:
        return "What else the file says of it is over 16 KiB, and was left out."
    return ""


def _settled(told: ItemResult, result: Result) -> ItemResult:
    if result.status is not Status.REJECTED:
        return msgspec.structs.replace(told, status=_OUTCOMES[result.status])
    reason, field = str(result.reason or ""), str(result.field or "")
    return msgspec.structs.replace(
        told, status=Outcome.REJECTED, id="", sentence=reason, field=_plain(field)
    )


_OUTCOMES = {
    Status.CREATED: Outcome.CREATED,
    Status.UPDATED: Outcome.UPDATED,
    Status.MERGED: Outcome.UPDATED,
    Status.CONFLICT: Outcome.UPDATED,
    Status.UNCHANGED: Outcome.UNCHANGED,
}


def _rejected(note: Note, invalid: Invalid) -> ItemResult:
    return _told(note, Outcome.REJECTED, "", _plain(str(invalid)), _plain(invalid.field))


def _plain(path: str) -> str:
    """A field as a record has it, not the operation that brings it."""
    return path.replace("set.", "", 1).replace("tags_add", "tags", 1)


def _told(
    note: Note, status: Outcome, id: str = "", sentence: str = "", field: str = ""
) -> ItemResult:
    return ItemResult(note.number, status, note.line, id, sentence, field)


def _fingerprint(note: Note) -> bytes:
    said = msgspec.structs.replace(note, number=0, line=0)
    return hashlib.blake2b(repr(said).encode("utf-8", "replace"), digest_size=12).digest()


_PLAIN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SIGN = "import:"
_SPACE = UUID("5b0d2b5e-4f8c-5c1a-9d43-0e6f7a1c9b20")
