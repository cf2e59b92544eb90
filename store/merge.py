"""One operation + one record -> the new record, and what became of the operation.

The problem
-----------
Two laptops edit the same note while both are offline. Later both send what they did. Tools lose
notes here in four ways: they ask the laptops' clocks who was last (clocks are wrong); they let the
newest whole record win (a recolouring on one machine wipes the text typed on the other); they merge
texts into soup; or they keep a second copy each time anything is retried.

So no clock decides, fields are merged one by one, texts are never mixed, and a copy has a name that
a retry finds again. The server gives every change a number, `seq`. Each field remembers the number
it last changed at (its clock), each operation the number its writer had seen (`base`). A field
whose clock is not past `base` was not touched by anybody else: the new value is simply taken.
Otherwise two people, or one person twice, changed it without knowing:

    recolour on one, note on the other      both happen
    green on one, pink on the other         the one that arrives later
    tag `a` on one, tag `b` on the other    both tags
    the same text on both                   one note, no conflict
    text cleared on one, edited on other    the text that is there
    two different texts                     the server's stays; the other becomes a *conflict copy*,
                                            a note of its own on the same span
    deleted on one, edited on the other     the edit: a note somebody still works on is no rubbish
    the same new note sent twice            one note

Where this differs from a textbook: a last-writer-wins register for what takes one glance to see
and one click to mend (colour, title, span), a multi-value register for what cannot be typed again
(the note), an observed-remove-like set for tags without their tombstones, since a tag added twice
and removed once is a click too. Compare Shapiro et al., "A comprehensive study of Convergent and
Commutative Replicated Data Types", INRIA RR-7506, sections 3.2 and 3.3.

Everything here is pure: no store, no clock, no chance.
"""

from __future__ import annotations

import uuid
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace as _replace

from store.model import Annotation, Color, Fields, Invalid, Operation, Status
from store.page_key import believed_canonical, page_key

MAX_TAGS = 64
REST = "*"  # in a record's clock: all fields without an entry of their own


class Outcome(Struct, frozen=True, gc=False):
    """What one operation does to the store.

    `record` is the record to keep (None: leave it as it is), `copy` a conflict copy to add, `trash`
    the bodies that go to the trash, each under its own id. Whatever is live has nothing there.
    """

    status: Status
    record: Annotation | None = None
    copy: Annotation | None = None
    trash: tuple[Annotation, ...] = ()
    reason: str = ""
    code: str = ""
    field: str = ""

    @property
    def changes(self) -> int:
        """How many sequence numbers it takes."""
        return (self.record is not None) + (self.copy is not None)


def merge(
    record: Annotation | None,
    operation: Operation,
    *,
    device: str,
    seq: int,
    now: str,
    trashed: Annotation | None = None,
) -> Outcome:
    """Apply an operation to the record of its id (None: there is none yet).

    `seq` is the number the change will take (a copy beside it takes the next), `now` the server's
    time, `trashed` the body in the trash where `record` is a tombstone.
    """
    at = _earlier(operation.at, now)
    try:
        if record is None:
            return _create(operation, device, seq, at)
        if record.deleted:
            return _on_tombstone(record, operation, device, seq, at, trashed)
        return _on_live(record, operation, device, seq, at)
    except Invalid as error:
        return Outcome(Status.REJECTED, reason=str(error), code="invalid", field=error.field)


def copy_id(operation: Operation, device: str) -> str:
    """The id of the conflict copy an operation makes: the same each time it is tried."""
    made_by = str(operation.op) if operation.op else f"0:{operation.set.note}"
    return str(uuid.uuid5(uuid.UUID(operation.id), f"{device}:{made_by}"))


def tombstone(record: Annotation, *, device: str, seq: int, at: str) -> Annotation:
    """What stays of a deleted note: that it was, where, and since when it is not."""
    return Annotation(
        id=record.id,
        url=record.url,
        page=record.page,
        title="",
        quote=None,
        position=None,
        note="",
        tags=[],
        color=record.color,
        created=record.created,
        updated=at,
        device=device,
        rev=seq,
        deleted=True,
        clock={REST: seq},
    )


def _create(operation: Operation, device: str, seq: int, at: str) -> Outcome:
    if operation.delete is True:
        return Outcome(Status.UNCHANGED)
    fields = operation.set
    if fields.url is UNSET:
        return Outcome(
            Status.REJECTED,
            reason=f"There is no note {operation.id}, and without `set.url` none can be made.",
            code="unknown",
            field="set.url",
        )
    page, canonical = _address(fields.url, fields.canonical)
    record = Annotation(
        id=operation.id,
        url=fields.url,
        page=page,
        title="" if fields.title is UNSET else fields.title,
        quote=None if fields.quote is UNSET else fields.quote,
        position=None if fields.position is UNSET else fields.position,
        note="" if fields.note is UNSET else fields.note,
        tags=_tags([], operation),
        color=Color.YELLOW if fields.color is UNSET else fields.color,
        created=at if fields.created is UNSET else fields.created,
        updated=at,
        device=device,
        rev=seq,
        canonical=canonical,
        conflict_of=UNSET if fields.conflict_of is None else fields.conflict_of,
        extra=UNSET if fields.extra is None else fields.extra,
        clock={REST: seq},
    )
    return Outcome(Status.CREATED, record=record)


def _on_tombstone(
    record: Annotation,
    operation: Operation,
    device: str,
    seq: int,
    at: str,
    trashed: Annotation | None,
) -> Outcome:
    brings = _values(operation.set) or operation.tags_add or operation.tags_remove
    if not brings and operation.delete is not False:
        return Outcome(Status.UNCHANGED)
    if trashed is None:
        if operation.set.url is UNSET:
            return Outcome(
                Status.REJECTED,
                reason=f"Note {record.id} was deleted, and its text is no longer in the trash.",
                code="unknown",
            )
        if operation.delete is not True:
            return _create(operation, device, seq, at)
        trashed = record
    # Edit it as it was: what the deleter had not seen is not lost with the rest.
    body = _replace(trashed, deleted=False, rev=seq, updated=at, device=device)
    edit = _replace(operation, delete=UNSET)
    edited = _on_live(body, edit, device, seq, at)
    body = edited.record or body
    if operation.delete is True:
        return _into_trash(body, edited.copy, device, seq, at)
    if edited.copy is not None:
        copy = _replace(edited.copy, rev=seq + 1, clock={REST: seq + 1})
        return Outcome(Status.CONFLICT, record=body, copy=copy)
    restored = operation.delete is False
    return Outcome(Status.UPDATED if restored else Status.MERGED, record=body)


def _into_trash(
    body: Annotation, copy: Annotation | None, device: str, seq: int, at: str
) -> Outcome:
    """Last words of a note somebody else deleted meanwhile: they go where the note went."""
    if copy is None:
        return Outcome(Status.MERGED, trash=(body,))
    gone = tombstone(copy, device=device, seq=seq, at=at)
    return Outcome(Status.CONFLICT, copy=gone, trash=(body, copy))


def _on_live(record: Annotation, operation: Operation, device: str, seq: int, at: str) -> Outcome:
    """Edit, then delete where that is asked: the trash gets the last text, not the one before."""
    base = record.rev if operation.base is None else operation.base
    taken: dict[str, Any] = {}
    second_text = False
    for name, value in _values(operation.set).items():
        if value == getattr(record, name):
            continue
        if name == "note" and record.clock.get(name, record.clock.get(REST, 0)) > base:
            if not value:
                continue
            if record.note:
                second_text = True
                continue
        taken[name] = value
    tags = _tags(record.tags, operation)
    if tags != record.tags:
        taken["tags"] = tags

    merged = record.rev > base
    changed = record
    if taken:
        clock = {**record.clock, **dict.fromkeys(taken, seq)}
        stamps = {"updated": at, "device": device, "rev": seq, "clock": clock}
        changed = _with(record, taken | stamps)
    if operation.delete is True and not merged:
        gone = tombstone(record, device=device, seq=seq, at=at)
        return Outcome(Status.UPDATED, record=gone, trash=(changed,))

    copy = None
    if second_text:
        copy = _conflict_copy(record, operation, device, seq + bool(taken), at)
    if copy is not None:
        status = Status.CONFLICT
    elif taken or (operation.delete is True and merged):
        status = Status.MERGED if merged else Status.UPDATED
    else:
        status = Status.UNCHANGED
    return Outcome(status, record=changed if taken else None, copy=copy)


def _conflict_copy(
    record: Annotation, operation: Operation, device: str, seq: int, at: str
) -> Annotation:
    return _with(
        _replace(
            record,
            id=copy_id(operation, device),
            tags=_tags(record.tags, operation),
            created=at,
            updated=at,
            device=device,
            rev=seq,
            clock={REST: seq},
        ),
        {**_values(operation.set), "created": at, "conflict_of": record.id},
    )


_CLEARABLE = ("canonical", "conflict_of", "extra")
_FIELDS = Fields.__struct_fields__


def _values(fields: Fields) -> dict[str, Any]:
    """What an operation sets, by field; a cleared optional field is UNSET, as in the record."""
    given: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(fields, name)
        if value is not UNSET:
            given[name] = UNSET if value is None and name in _CLEARABLE else value
    return given


def _with(record: Annotation, values: dict[str, Any]) -> Annotation:
    """The record with these values, and its page key after them. Raises `Invalid`."""
    if "url" in values or "canonical" in values:
        url = values.get("url", record.url)
        page, canonical = _address(url, values.get("canonical", record.canonical))
        values = {**values, "page": page, "canonical": canonical}
    return _replace(record, **values)


def _address(url: str, claimed: str | UnsetType | None) -> tuple[str, str | UnsetType]:
    """The page key of a note at `url`, and what the page claims of itself where that is believed.
    Raises `Invalid`."""
    try:
        return page_key(url), (believed_canonical(url, claimed) or UNSET) if claimed else UNSET
    except Invalid as error:
        raise Invalid(str(error), f"set.{error.field}") from None


def _tags(tags: list[str], operation: Operation) -> list[str]:
    if not operation.tags_remove and not operation.tags_add:
        return tags
    removed = set(operation.tags_remove)
    kept = dict.fromkeys([tag for tag in tags if tag not in removed])
    kept.update(dict.fromkeys(operation.tags_add))
    if len(kept) > MAX_TAGS:
        raise Invalid(f"The note would have {len(kept)} tags; {MAX_TAGS} is the most.", "tags_add")
    return list(kept)


def _earlier(at: str | UnsetType, now: str) -> str:
    """A reader's clock that runs ahead would keep a note on top of every list for ever."""
    return now if at is UNSET or at > now else at
