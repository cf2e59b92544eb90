"""Bodies in and out: JSON to structs, records to the bytes that are sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, NoReturn, TypeVar

import msgspec
from flask import Response, request

from server.errors import Problem
from store import model
from store.model import Annotation

PIECE = 64  # records that are handed on together

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


def body(kind: type[T]) -> T:
    """The request's JSON as `kind`. A problem with 400, 413, 415 or 422 for what is not one."""
    require_json()
    data = request.get_data()
    try:
        return model.decode(data, kind)
    except RecursionError:
        raise _malformed("it is nested too deeply") from None
    except model.Invalid as invalid:
        value = lenient(data)
        if invalid.field:
            raise
        return model.convert(value, kind)


def lenient(data: bytes) -> Any:
    """A body that msgspec refuses, if it is JSON all the same; else a 400.

    msgspec calls half a surrogate pair malformed, the standard library lets it through: by way of
    the latter the field that holds it can be named.
    """
    try:
        return json.loads(data, parse_constant=_not_json)
    except RecursionError:
        raise _malformed("it is nested too deeply") from None
    except ValueError as error:
        raise _malformed(str(error)) from None


def require_json() -> None:
    """Refuse a body that does not call itself JSON: browsers send other types unasked."""
    if not request.is_json:
        raise Problem(415, "not-json", "Send JSON, with `Content-Type: application/json`.")


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _malformed(why: str) -> Problem:
    return Problem(400, "malformed", f"The body is not JSON: {why}.")


def answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON response."""
    return Response(model.encode(value), status, headers, mimetype="application/json")


def conditional(response: Response, etag: str | None = None) -> Response:
    """The response with an ETag (of its body, unless given), or 304 where it is known already."""
    if etag is None:
        response.add_etag()
    else:
        response.set_etag(etag)
    response.make_conditional(request)
    return response


def sent(annotation: Annotation) -> msgspec.Raw:
    """A record as it is sent: all of it but `clock`, which is the store's own business."""
    return sent_document(model.encode(annotation))


def sent_document(document: bytes) -> msgspec.Raw:
    """The same, of a record as it is kept."""
    return msgspec.Raw(_open(document) + b"}")


def answer_records(value: msgspec.Struct, records: Sequence[bytes]) -> Response:
    """A JSON response: `value`, with these records as they are sent in its first field, which is
    an empty list.

    It goes out in pieces: a megabyte that is claimed and given back in one costs the system more
    time than all that is done with it.
    """
    head, _, tail = model.encode(value).partition(b"[]")
    pieces = [head + b"["]
    for at in range(0, len(records), PIECE):
        piece = b"},".join(map(_open, records[at : at + PIECE]))
        pieces.append(b"}," + piece if at else piece)
    pieces.append(b"}" * bool(records) + b"]" + tail)
    return Response(pieces, mimetype="application/json")


def _open(document: bytes) -> bytes:
    """A record as it is sent, up to its closing brace.

    `clock` is the last field and holds nothing but numbers, so the bytes before it are the answer.
    What another program wrote in another layout is taken apart and put together again.
    """
    head, found, clock = document.rpartition(_CLOCK)
    if not found or clock.find(b"}") != len(clock) - 2:
        written = model.encode(msgspec.json.decode(document, type=Annotation))
        head, _, _ = written.rpartition(_CLOCK)
    return head


_CLOCK = b',"clock":{'


def query(kind: type[S]) -> S:
    """The query string as `kind`: lists take what is given again, what is empty is absent.

    Raises `Invalid` naming the parameter.
    """
    given: dict[str, Any] = {}
    for name, is_list in _parameters(kind):
        values = [value for value in request.args.getlist(name) if value]
        if values:
            given[name] = values if is_list else values[-1]
    return model.read_text(given, kind)


@cache
def _parameters(kind: type[msgspec.Struct]) -> list[tuple[str, bool]]:
    fields = msgspec.structs.fields(kind)
    return [(field.name, field.default_factory is list) for field in fields]
