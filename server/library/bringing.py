"""Bringing notes in from a file: looking first, if one likes, and told what became of each."""

from __future__ import annotations

from typing import BinaryIO, cast

import msgspec
from flask import Blueprint, Response, make_response, render_template, request
from msgspec import Struct

from server.api.imports import unreadable_file
from server.auth import device
from server.current import services
from server.errors import Problem
from server.formats import READERS, UnreadableFile
from server.guard import takes_files
from server.import_file import Summary, import_file
from server.importing import ItemResult, Outcome
from server.library.deeds import IN_ONE_FORM, Deed, packed
from store.errors import StoreError
from store.model import Invalid, encode

TOLD = 200  # items that are told one by one; the rest is counted

blueprint = Blueprint("bringing", __name__)


class Brought(Struct):
    """What came of a file. `told` are the items that need a word; `undo` takes the new ones out."""

    name: str
    summary: Summary
    told: list[ItemResult] = []
    silent: int = 0
    problem: str = ""
    undo: str = ""


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
    try:
        brought = _bring(file.filename, cast(BinaryIO, file.stream), format)
    except UnreadableFile as error:
        return make_response(_page(problem=unreadable_file(error)), 422)
    return make_response(_page(brought))


def _page(brought: Brought | None = None, problem: Problem | None = None) -> str:
    return render_template(
        "import.html", formats=READERS.values(), brought=brought, problem=problem
    )


def _bring(name: str, file: BinaryIO, format: str) -> Brought:
    me, dry_run = device(), "dry_run" in request.form
    counts = dict.fromkeys(Outcome, 0)
    brought = Brought(name, Summary(format, dry_run, 0, 0, 0, 0))
    created: list[str] = []
    results = import_file(services().store, me.account, me.id, file, format=format, dry_run=dry_run)
    try:
        for result in results:
            if isinstance(result, Summary):
                brought.summary = result
                continue
            counts[result.status] += 1
            if result.status is Outcome.CREATED and len(created) <= IN_ONE_FORM:
                created.append(result.id)
            _tell(brought, result)
    except (StoreError, UnreadableFile) as error:
        if not any(counts.values()):
            raise
        # What was written by then stands, so it has to be told.
        brought.problem = str(error)
        told = {outcome.value: number for outcome, number in counts.items()}
        brought.summary = msgspec.structs.replace(brought.summary, **told)
    if created and not dry_run and len(created) <= IN_ONE_FORM:
        brought.undo = encode(Deed(packed(created), delete=True)).decode()
    return brought


def _tell(brought: Brought, result: ItemResult) -> None:
    if not result.sentence:
        return
    if len(brought.told) < TOLD:
        brought.told.append(result)
    else:
        brought.silent += 1
