"""A file of notes, brought in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, BinaryIO, cast

from flask import Blueprint, Response, request
from msgspec import Meta, Struct

from server.auth import device
from server.current import services
from server.described import Media, described
from server.errors import Problem, of_store
from server.formats import READERS, UnreadableFile
from server.guard import takes_files
from server.import_file import import_file
from server.import_results import ItemResult, Summary
from server.wire import query
from store.errors import StoreError
from store.model import Invalid, encode

blueprint = Blueprint("imports", __name__)

_LINES = "application/x-ndjson"
_AT_ONCE = 64  # results that are sent together


class ImportFrom(Struct, frozen=True):
    """From which format; left out, the file itself tells. With `dry_run`, nothing is written."""

    format: Annotated[str, Meta(extra_json_schema={"enum": sorted(READERS)})] = ""
    dry_run: bool = False


@blueprint.post("/import")
@takes_files
@described(query=ImportFrom, takes=Media("application/octet-stream"), answers={200: Media(_LINES)})
def import_() -> Response:
    """Bring in a file of notes, up to 256 MiB, whatever its `Content-Type`; twice adds nothing.

    Answered with a line of JSON for each of its items: `{number, status, line?, id?, sentence?,
    field?}`, `status` being `created`, `updated`, `unchanged` or `rejected`. The last line is
    `{"summary": {format, dry_run, created, updated, unchanged, rejected}}`, or `{"problem": ...}`
    where the disk refused on the way; what was told of by then stands.
    """
    wanted = query(ImportFrom)
    if wanted.format and wanted.format not in READERS:
        known = ", ".join(sorted(READERS))
        raise Invalid(f"`format` is `{wanted.format[:40]}`; there are: {known}.", "format")
    me = device()
    results = import_file(
        services().store,
        me.account,
        me.id,
        cast(BinaryIO, request.stream),
        format=wanted.format,
        dry_run=wanted.dry_run,
    )
    # What fails at once can still be a problem like any other.
    try:
        first = next(results)
    except UnreadableFile as error:
        raise unreadable_file(error) from None
    return Response(_lines(chain([first], results)), content_type=_LINES)


def unreadable_file(error: UnreadableFile) -> Problem:
    """What to say of a file that is of no format, or not of that one."""
    return Problem(422, "unreadable-file", str(error))


def _lines(results: Iterator[ItemResult | Summary]) -> Iterator[bytes]:
    lines: list[bytes] = []
    try:
        for result in results:
            told: Any = {"summary": result} if isinstance(result, Summary) else result
            lines.append(encode(told) + b"\n")
            if len(lines) >= _AT_ONCE:
                yield b"".join(lines)
                lines.clear()
    except UnreadableFile as error:
        lines.append(_problem(unreadable_file(error)))
    except StoreError as error:
        lines.append(_problem(of_store(error)))
    yield b"".join(lines)


def _problem(problem: Problem) -> bytes:
    return encode({"problem": problem.document()}) + b"\n"
