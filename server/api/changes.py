"""Sync: what changed since, a batch of operations, and what there is to compare."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from flask import Blueprint, Response, request, url_for
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from server.auth import device
from server.current import services
from server.described import Sent, described
from server.errors import Problem
from server.seen import note_waiting
from server.waiting import MOST_SECONDS
from server.wire import (
    answer,
    answer_records,
    conditional,
    lenient,
    query,
    require_json,
    sent,
    sent_document,
)
from store import model
from store.answers import Cursor
from store.model import MAX_OPERATIONS, Invalid, Operation, Result, Status

blueprint = Blueprint("changes", __name__)


Unread = Annotated[Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/Operation"})]


class Batch(Struct, frozen=True, forbid_unknown_fields=True):
    """Operations, each still encoded, so that a bad one spoils none of the others."""

    operations: Annotated[list[Unread], Meta(max_length=MAX_OPERATIONS)]


class Sound(Struct, frozen=True, forbid_unknown_fields=True):
    """The same where none is bad."""

    operations: Annotated[list[Operation], Meta(max_length=MAX_OPERATIONS)]


class Since(Struct, frozen=True):
    """From where, and how much. `since` is a cursor; absent: everything, from the beginning.

    `known` is another cursor that has to be of this history: the last that a push was answered
    with. It is past `since`, and what was pushed then may have been lost without `since` telling.
    """

    since: str | None = None
    known: str | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = MAX_OPERATIONS
    wait: Annotated[int, Meta(ge=0, le=MOST_SECONDS, description="Seconds")] = 0


class ChangesPage(Struct, frozen=True, omit_defaults=True):
    """Records in the order they changed; count and digest of all live notes on the last page.

    There, too, the last operation counter taken from the device that asks: one that fell behind it
    (an old profile was put back) would have its operations taken for repetitions.
    """

    changes: list[Sent]
    cursor: str
    more: bool
    count: int | None = None
    digest: str | None = None
    op: int | None = None


@blueprint.get("/changes")
@described(query=Since, answers={200: ChangesPage}, problems=(410,))
def pull() -> Response:
    """Records changed after `since`, at most `limit`, tombstones among them.

    Where there are none, up to `wait` seconds pass before that is the answer.
    """
    asked = query(Since)
    cursor = None if asked.since is None else Cursor.parse(asked.since)
    me = device()
    account = me.account
    if asked.wait and cursor is not None:
        gone = request.environ.get("waitress.client_disconnected", lambda: False)
        note_waiting()
        services().waiting.for_news(account, cursor, asked.wait, gone)
    if asked.known is not None:
        services().store.changes(account, Cursor.parse(asked.known), 1)
    found = services().store.changes(account, cursor, asked.limit)
    op = None if found.more else services().store.counter(account, me.id)
    page = ChangesPage([], str(found.cursor), found.more, found.count, found.digest, op)
    # Whatever changes one of these records moves the cursor.
    tag = f"{asked.since or ''}-{found.cursor}-{asked.limit}-{op or 0}"
    response = conditional(answer_records(page, found.records), tag)
    if found.more:
        # A device can ask for the next page while it still reads this one.
        further = url_for("api.changes.pull", since=str(found.cursor), limit=asked.limit)
        response.headers["Link"] = f'<{further}>; rel="next"'
    return response


Version = Annotated[tuple[str | int, ...], Meta(min_length=2, max_length=2)]


class Manifest(Struct, frozen=True):
    """`[id, rev]` of every live note, by id, as of `cursor`."""

    versions: list[Version]
    cursor: str
    digest: str


@blueprint.get("/manifest")
@described(answers={200: Manifest})
def manifest() -> Response:
    """Id and rev of every live note, for a device that holds something else."""
    held = services().store.manifest(device().account)
    return conditional(answer(Manifest([*held.versions], str(held.cursor), held.digest)))


class Settled(Struct, frozen=True, gc=False):
    """What became of one operation, with the note as it now stands.

    `copy` is the conflict copy it made. A rejection says why: `reason` for people, `code` for
    programs, and the path of the field that is to blame.
    """

    op: int
    id: str
    status: Status
    annotation: Sent | UnsetType = UNSET
    copy: Sent | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    field: str | UnsetType = UNSET


class Results(Struct, frozen=True):
    """One for each operation, in their order; `cursor` is where the changes have come to."""

    results: list[Settled]
    cursor: str


@blueprint.post("/changes")
@described(takes=Batch, answers={200: Results})
def push() -> Response:
    """Apply up to 500 operations; one result each, in their order."""
    require_json()
    read = _operations(request.get_data())
    good = [one for one in read if isinstance(one, Operation)]
    me = device()
    applied = iter(services().store.apply(me.account, me.id, good) if good else [])
    results = [one if isinstance(one, Result) else next(applied) for one in read]
    services().metrics.applied(results)
    # Let go with the request, once the answer is sent: to free so many takes its time.
    request.environ["postil.applied"] = read, results
    cursor = services().store.cursor(me.account)
    return answer(Results([_settled(result) for result in results], str(cursor)))


def _settled(result: Result) -> Settled:
    return Settled(
        result.op,
        result.id,
        result.status,
        sent_document(result.document) if result.document else UNSET,
        UNSET if result.copy is UNSET else sent(result.copy),
        result.reason,
        result.code,
        result.field,
    )


def _operations(data: bytes) -> Sequence[Operation | Result]:
    """Each operation, or why it is refused. A problem where the body is none of operations."""
    if (sound := model.decode_sound(data, Sound)) is not None:
        return sound.operations
    given = _unread(data)
    if len(given) > MAX_OPERATIONS:
        raise Problem(
            413,
            "too-large",
            f"These are {len(given)} operations; at most {MAX_OPERATIONS} go into one request.",
            field="operations",
        )
    return [_read(one) for one in given]


def _unread(data: bytes) -> list[Any]:
    try:
        return list(_decode_batch(data).operations)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = lenient(data)
    if isinstance(value, dict) and value.keys() == {"operations"}:
        operations = value["operations"]
        if isinstance(operations, list):
            return operations
    raise Invalid('Send `{"operations": [...]}`.', "operations")


def _read(one: Any) -> Operation | Result:
    try:
        if isinstance(one, Raw):
            return model.decode(bytes(one), Operation)
        return model.convert(one, Operation)
    except RecursionError:
        return _rejected(one, Invalid("The operation is nested too deeply."))
    except Invalid as invalid:
        return _rejected(one, invalid)


def _rejected(one: Any, invalid: Invalid) -> Result:
    op, id = _named(one)
    return Result(
        op=op,
        id=id,
        status=Status.REJECTED,
        reason=str(invalid),
        code="invalid",
        field=invalid.field or UNSET,
    )


def _named(one: Any) -> tuple[int, str]:
    """What a refused operation calls itself, as far as that can be made out."""
    try:
        said = json.loads(bytes(one)) if isinstance(one, Raw) else one
    except (ValueError, RecursionError):
        return 0, ""
    if not isinstance(said, dict):
        return 0, ""
    op, id = said.get("op"), said.get("id")
    if not isinstance(op, int) or isinstance(op, bool) or not 0 <= op < 2**53:
        op = 0
    if not isinstance(id, str) or len(id) > 64 or not id.isascii():
        id = ""
    return op, id


_decode_batch = msgspec.json.Decoder(Batch).decode
