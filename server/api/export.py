"""Everything, or what is chosen of it, to take away."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import Annotated

from flask import Blueprint, Response
from msgspec import Meta, Struct

from server.auth import device
from server.current import services
from server.described import Media, described
from server.formats import WRITERS, Options, Source
from server.selection import Selection, selected, selection
from server.wire import query
from store.model import Invalid

blueprint = Blueprint("export", __name__)


class ExportAs(Struct, frozen=True):
    """In which format, and which notes: those on the page `url`, of those that match `q` and every
    field given beside it. What is left out narrows nothing."""

    format: Annotated[str, Meta(extra_json_schema={"enum": sorted(WRITERS)})] = "w3c"
    url: Annotated[str, Meta(max_length=4096)] = ""
    q: Annotated[str, Meta(description="A query, as server/README.md says under Searching")] = ""
    tag: list[str] = []
    color: list[str] = []
    site: list[str] = []
    before: list[str] = []
    after: list[str] = []
    template: Annotated[str, Meta(max_length=10_000)] = ""


_FIELDS = ("tag", "color", "site", "before", "after")


@blueprint.get("/export")
@described(
    query=ExportAs,
    answers={200: Media(*dict.fromkeys(codec.media_type for codec in WRITERS.values()))},
)
def export() -> Response:
    """Live notes in a format, streamed: memory does not grow with their number.

    `template` is for Markdown: how one note is written (see server/README.md).
    """
    wanted = query(ExportAs)
    fields = [(name, value) for name in _FIELDS for value in getattr(wanted, name)]
    chosen = selection(wanted.url, wanted.q, fields)
    return export_response(device().account, wanted.format, chosen, Options(wanted.template))


def export_response(
    account: str,
    format: str,
    chosen: Selection | None = None,
    options: Options | None = None,
) -> Response:
    """The download itself; the library offers it too."""
    codec = WRITERS.get(format)
    if codec is None or codec.write is None:
        known = ", ".join(sorted(WRITERS))
        raise Invalid(f"`format` is `{format[:40]}`; there are: {known}.", "format")
    store = services().store
    notes = selected(store, account, chosen or Selection())
    chunks = codec.write(Source(store.epoch(), account), notes, options or Options())
    # The first chunk is made before the answer begins: what fails at once can still be a problem.
    first = next(chunks)
    today = datetime.now(UTC).date().isoformat()
    name = f"postil-{today}.{codec.suffix}"
    return Response(
        chain([first], chunks),
        content_type=codec.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
