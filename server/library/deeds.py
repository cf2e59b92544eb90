"""One deed done to many notes, and the deeds that take it back.

A reader who renames a tag, or ticks a page full of notes, changes many at once. Each note gets its
own operation, by `store.apply` as everything does, in batches as large as a device may send. What
was changed so can be taken back: the answer carries deeds that do in a form, so that neither a
restart nor another server process forgets them.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from server.auth import device
from server.current import services
from store.errors import StoreError
from store.model import (
    MAX_OPERATIONS,
    Annotation,
    Color,
    Fields,
    Invalid,
    Operation,
    Result,
    Status,
    Tags,
)
from store.model import Sequence as Revision

IN_ONE_FORM = 50_000  # notes: their ids are a megabyte of the two that a request may carry
EDITED_MEANWHILE = "Edited on another device meanwhile."


class Deed(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is done to each of some notes.

    `ids` are packed (see `packed`). `seen` are the revisions that the reader had before them, where
    it matters: an edit they had not seen beats their deletion.
    """

    ids: str
    add: Tags = []
    remove: Tags = []
    color: Color | UnsetType = UNSET
    delete: bool | UnsetType = UNSET
    seen: list[Revision] = []


class Done(Struct):
    """What became of deeds: how many notes changed, why others did not (and how many each), and
    what takes it back. `stopped` says why some were not even come to."""

    changed: int = 0
    left: Counter[str] = msgspec.field(default_factory=Counter)
    undo: list[Deed] = []
    stopped: str = ""


def perform(deeds: Iterable[Deed]) -> Done:
    """Do them for the device that asks; what is changed already when the disk fails is told."""
    done, back = Done(), _Back()
    for deed in deeds:
        work = _with_seen(deed)
        while batch := list(islice(work, MAX_OPERATIONS)):
            try:
                _perform(deed, batch, done, back)
            except StoreError as error:
                if not done.changed:
                    raise
                done.stopped = str(error)
                return msgspec.structs.replace(done, undo=back.deeds())
    return msgspec.structs.replace(done, undo=back.deeds())


def packed(ids: Iterable[str]) -> str:
    """Ids as a form carries them: sixteen bytes each, in base64."""
    return base64.urlsafe_b64encode(b"".join(UUID(id).bytes for id in ids)).decode()


def unpacked(ids: str) -> list[str]:
    """The ids again. Raises `Invalid` for what are none."""
    try:
        data = base64.b64decode(ids.encode(), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Invalid("`ids` are not ids of notes.", "ids") from None
    if len(data) % 16:
        raise Invalid("`ids` are not ids of notes.", "ids")
    return [str(UUID(bytes=data[at : at + 16])) for at in range(0, len(data), 16)]


class _Back:
    """The deeds that take back what was done, as they are collected."""

    def __init__(self) -> None:
        self._ids: dict[tuple[tuple[str, ...], tuple[str, ...], str, bool | None], list[str]] = {}

    def take(self, deed: Deed, before: Annotation, after: Annotation) -> None:
        """One note was changed: remember what it was, of what the deed is about."""
        add = tuple(tag for tag in deed.remove if tag in before.tags)
        remove = tuple(tag for tag in deed.add if tag not in before.tags)
        recoloured = deed.color is not UNSET and before.color != deed.color
        delete = before.deleted if before.deleted != after.deleted else None
        key = (add, remove, before.color if recoloured else "", delete)
        self._ids.setdefault(key, []).append(before.id)

    def deeds(self) -> list[Deed]:
        return [
            Deed(
                packed(ids[at : at + IN_ONE_FORM]),
                list(add),
                list(remove),
                Color(color) if color else UNSET,
                UNSET if delete is None else delete,
            )
            for (add, remove, color, delete), ids in self._ids.items()
            for at in range(0, len(ids), IN_ONE_FORM)
        ]


def _perform(deed: Deed, batch: list[tuple[str, int | None]], done: Done, back: _Back) -> None:
    me, store = device(), services().store
    notes = [(store.get(me.account, id), seen) for id, seen in batch]
    wanted_dead = deed.delete is False
    there = [
        (note, seen) for note, seen in notes if note is not None and note.deleted is wanted_dead
    ]
    if gone := len(notes) - len(there):
        done.left["Restored already." if wanted_dead else "Deleted meanwhile."] += gone
    if not there:
        return
    results = store.apply(me.account, me.id, [_operation(deed, *each) for each in there])
    services().metrics.applied(results)
    for (before, _), result in zip(there, results, strict=True):
        if why := _why_left(deed, result):
            done.left[why] += 1
        elif result.status is not Status.UNCHANGED and result.annotation is not UNSET:
            done.changed += 1
            back.take(deed, before, result.annotation)


def _with_seen(deed: Deed) -> Iterator[tuple[str, int | None]]:
    """Each id of a deed with the revision that was seen of it, once."""
    ids = unpacked(deed.ids)
    if deed.seen and len(deed.seen) != len(ids):
        raise Invalid("`seen` must have as many revisions as there are ids.", "seen")
    seen: Sequence[int | None] = deed.seen or [None] * len(ids)
    return iter(dict(zip(ids, seen, strict=True)).items())


def _operation(deed: Deed, note: Annotation, seen: int | None) -> Operation:
    return Operation(
        id=note.id,
        base=note.rev if seen is None else seen,
        set=Fields(color=deed.color),
        tags_add=deed.add,
        tags_remove=deed.remove,
        delete=deed.delete,
    )


def _why_left(deed: Deed, result: Result) -> str:
    if result.status is Status.REJECTED:
        return "It could not be changed." if result.reason is UNSET else result.reason
    after = result.annotation
    if deed.delete is True and after is not UNSET and not after.deleted:
        return EDITED_MEANWHILE
    return ""
