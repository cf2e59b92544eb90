"""Everything, to take away."""

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
from server.wire import query
from store.model import Invalid

blueprint = Blueprint("export", __name__)


class ExportAs(Struct, frozen=True):
    """In which format."""

    format: Annotated[str, Meta(extra_json_schema={"enum": sorted(WRITERS)})] = "w3c"


@blueprint.get("/export")
@described(query=ExportAs, answers={200: Media(WRITERS["w3c"].media_type)})
def export() -> Response:
    """All live notes in a format, streamed: memory does not grow with their number."""
    return export_response(device().account, query(ExportAs).format)


def export_response(account: str, format: str) -> Response:
    """The download itself; the library offers it too."""
    codec = WRITERS.get(format)
    if codec is None or codec.write is None:
        known = ", ".join(sorted(WRITERS))
        raise Invalid(f"`format` is `{format[:40]}`; there are: {known}.", "format")
    store = services().store
    chunks = codec.write(Source(store.epoch(), account), store.live(account), Options())
    # The first chunk is made before the answer begins: what fails at once can still be a problem.
    first = next(chunks)
    today = datetime.now(UTC).date().isoformat()
    name = f"postil-{today}.{codec.suffix}"
    return Response(
        chain([first], chunks),
        content_type=codec.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
