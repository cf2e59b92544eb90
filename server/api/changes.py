"""Sync: what changed since, a batch of operations, and what there is to compare."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from flask import Blueprint, Response, request, url_for
from msgspec import UNSET, Raw, Struct

from server.auth import device
from server.current import services
from server.errors import Problem
from server.waiting import MOST_SECONDS
from server.wire import answer, conditional, lenient, number, require_json, sent, sent_record
from store import model
from store.base import Cursor
from store.model import MAX_OPERATIONS, Invalid, Operation, Result, Status

blueprint = Blueprint("changes", __name__)


class Batch(Struct, frozen=True, forbid_unknown_fields=True):
    """Operations, each still encoded, so that a bad one spoils none of the others."""

    operations: list[Raw]


@blueprint.get("/changes")
def pull() -> Response:
    """Records changed after `since`, at most `limit`, tombstones among them.

    Where there are none, up to `wait` seconds pass before that is the answer.
    """
    since = request.args.get("since", "")
    cursor = Cursor.parse(since) if since else None
    limit = number("limit", MAX_OPERATIONS, 1, 1000)
    account = device().account
    if (wait := number("wait", 0, 0, MOST_SECONDS)) and cursor is not None:
        gone = request.environ.get("waitress.client_disconnected", lambda: False)
        services().waiting.for_news(account, cursor, wait, gone)
    changes = services().store.changes(account, cursor, limit)
    said: dict[str, Any] = {
        "changes": [sent_record(record) for record in changes.records],
        "cursor": str(changes.cursor),
        "more": changes.more,
    }
    if not changes.more:
        said |= {"count": changes.count, "digest": changes.digest}
    # Whatever changes one of these records moves the cursor.
    response = conditional(answer(said), f"{since}-{changes.cursor}-{limit}")
    if changes.more:
        # A device can ask for the next page while it still reads this one.
        further = url_for("api.changes.pull", since=str(changes.cursor), limit=limit)
        response.headers["Link"] = f'<{further}>; rel="next"'
    return response


@blueprint.get("/manifest")
def manifest() -> Response:
    """Id and rev of every live note, for a device that holds something else."""
    held = services().store.manifest(device().account)
    said = {"versions": held.versions, "cursor": str(held.cursor), "digest": held.digest}
    return conditional(answer(said))


@blueprint.post("/changes")
def push() -> Response:
    """Apply up to 500 operations; one result each, in their order."""
    given = _operations()
    if len(given) > MAX_OPERATIONS:
        raise Problem(
            413,
            "too-large",
            f"These are {len(given)} operations; at most {MAX_OPERATIONS} go into one request.",
            field="operations",
        )
    read = [_read(one) for one in given]
    good = [one for one in read if isinstance(one, Operation)]
    me = device()
    applied = iter(services().store.apply(me.account, me.id, good) if good else [])
    results = [one if isinstance(one, Result) else next(applied) for one in read]
    return answer({"results": [shown(result) for result in results]})


def shown(result: Result) -> dict[str, Any]:
    """A result as it is sent."""
    said: dict[str, Any] = {"op": result.op, "id": result.id, "status": result.status}
    for name in ("annotation", "copy"):
        record = getattr(result, name)
        if record is not UNSET:
            said[name] = sent(record)
    for name in ("reason", "code", "field"):
        value = getattr(result, name)
        if value is not UNSET:
            said[name] = value
    return said


def _operations() -> list[Any]:
    require_json()
    data = request.get_data()
    try:
        return list(msgspec.json.decode(data, type=Batch).operations)
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
