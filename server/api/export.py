"""Everything, to take away."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain

from flask import Blueprint, Response, request

from server.auth import device
from server.current import services
from server.formats import CODECS
from store.model import Invalid

blueprint = Blueprint("export", __name__)


@blueprint.get("/export")
def export() -> Response:
    """All live notes in a format, streamed: memory does not grow with their number."""
    return export_response(device().account, request.args.get("format", "w3c"))


def export_response(account: str, format: str) -> Response:
    """The download itself; the library offers it too."""
    codec = CODECS.get(format)
    if codec is None:
        known = ", ".join(sorted(CODECS))
        raise Invalid(f"`format` is `{format[:40]}`; there are: {known}.", "format")
    store = services().store
    chunks = codec.export(store.epoch(), account, store.live(account))
    # The first chunk is made before the answer begins: what fails at once can still be a problem.
    first = next(chunks)
    today = datetime.now(UTC).date().isoformat()
    name = f"postil-{today}.{codec.suffix}"
    return Response(
        chain([first], chunks),
        content_type=codec.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
