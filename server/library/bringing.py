"""Bringing notes in from a file: looking first, if one likes, and told what became of each.

A browser without a script is answered with a page once all is done. One with it asks for lines
(`Accept: application/x-ndjson`), and is told on the way how far it has come: first `{stop}`, a name
to stop it by; then, again and again, `{items, read, size}`, how many items are done and how many
bytes of the file are read; last `{page}`, the same page as the others get.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from typing import BinaryIO, cast

import msgspec
from flask import Blueprint, Response, make_response, render_template, request, stream_with_context
from msgspec import Struct

from server.api.imports import unreadable_file
from server.auth import device
from server.current import services
from server.errors import Problem
from server.formats import READERS, UnreadableFile
from server.guard import takes_files
from server.import_file import import_file
from server.import_results import ItemResult, Outcome, Summary
from server.importing import Tally
from server.library.deeds import IN_ONE_FORM, Deed, packed
from server.library.stopping import Reading, stop
from server.wire import answer
from store.errors import StoreError
from store.model import Invalid, encode

TOLD = 200  # items that are told one by one; the rest is counted
STEP = 250  # items after which it is told how far it has come
LINES = "application/x-ndjson"

blueprint = Blueprint("bringing", __name__)


class Brought(Struct):
    """What came of a file. `told` are the items that need a word; `undo` takes the new ones out;
    `cut` says that its reader stopped it."""

    name: str
    summary: Summary
    told: list[ItemResult] = []
    silent: int = 0
    problem: str = ""
    undo: str = ""
    cut: bool = False


@blueprint.get("/import")
def choose() -> Response:
    """A file to choose, and what it may be."""
    return make_response(_page())


@blueprint.post("/import")
@takes_files
def bring() -> Response:
    """Bring in the notes of a file, or tell what would become of them."""
    file, format = request.files.get("file"), request.form.get("format", "")
    if file is None or not file.filename:
        raise Invalid("No file was chosen. Go back, and choose one.", "file")
    if format and format not in READERS:
        raise Invalid("There is no format of that name to be read.", "format")
    # The request closes what it was sent when this view is done; lines are made after that.
    stream, file.stream = cast(BinaryIO, file.stream), BytesIO()
    reading = Reading(_size(stream), services().config.imports_folder, device().account)
    steps = _bring(file.filename, stream, format, reading)
    try:
        if request.accept_mimetypes.best != LINES:
            return make_response(_page(deque(steps, maxlen=1).pop()))
        # What fails at once can still be a page like any other.
        lines = _lines(next(steps), steps, stream, reading)
        return Response(stream_with_context(lines), content_type=LINES)
    except UnreadableFile as error:
        return make_response(_page(problem=unreadable_file(error)), 422)


@blueprint.post("/import/stop")
def stop_bringing() -> Response:
    """For the script of an import's page: read its file no further. `stopping` is false where the
    import is over."""
    name = request.form.get("name", "")
    stopping = stop(services().config.imports_folder, device().account, name)
    return answer({"stopping": stopping})


def _size(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def _page(brought: Brought | None = None, problem: Problem | None = None) -> str:
    return render_template(
        "import.html", formats=READERS.values(), brought=brought, problem=problem
    )


def _lines(
    first: Brought, steps: Iterator[Brought], file: BinaryIO, reading: Reading
) -> Iterator[bytes]:
    """The answer on the way. Where the browser is gone, nothing further is read either."""
    brought = first
    with closing(file), reading.under_way():
        yield _line({"stop": reading.name})
        while True:
            counts = msgspec.structs.asdict(brought.summary)
            items = sum(counts[outcome] for outcome in Outcome)
            yield _line({"items": items, "read": file.tell(), "size": reading.size})
            if (further := next(steps, None)) is None:
                break
            brought = further
        yield _line({"page": _page(brought)})


def _line(told: dict[str, object]) -> bytes:
    return encode(told) + b"\n"


def _bring(name: str, file: BinaryIO, format: str, reading: Reading) -> Iterator[Brought]:
    """What has come of the file so far, again and again; last, what came of it in the end."""
    me, dry_run = device(), "dry_run" in request.form
    tally = Tally()
    brought = Brought(name, _so_far(tally, format, dry_run=dry_run))
    created: list[str] = []
    store, watched = services().store, reading.until_stopped
    results = import_file(
        store, me.account, me.id, file, format=format, dry_run=dry_run, watched=watched
    )
    try:
        for result in results:
            if isinstance(result, Summary):
                brought.summary = result
                continue
            tally.count(result)
            if result.status is Outcome.CREATED and len(created) <= IN_ONE_FORM:
                created.append(result.id)
            _tell(brought, result)
            if result.number % STEP == 0:
                brought.summary = _so_far(tally, format, dry_run=dry_run)
                yield brought
    except (StoreError, UnreadableFile) as error:
        if tally == Tally():
            raise
        # What was written by then stands, so it has to be told.
        brought.problem = str(error)
        brought.summary = _so_far(tally, format, dry_run=dry_run)
    brought.cut = reading.cut
    if created and not dry_run and len(created) <= IN_ONE_FORM:
        brought.undo = encode(Deed(packed(created), delete=True)).decode()
    yield brought


def _so_far(tally: Tally, format: str, *, dry_run: bool) -> Summary:
    return Summary(format, dry_run, **msgspec.structs.asdict(tally))


def _tell(brought: Brought, result: ItemResult) -> None:
    if not result.sentence:
        return
    if len(brought.told) < TOLD:
        brought.told.append(result)
    else:
        brought.silent += 1
