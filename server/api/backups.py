"""Backups and restoring one, for the command line of whoever runs the server."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response
from msgspec import Struct

from server.backups import name_before_restore, prepare_folder
from server.current import services
from server.described import described
from server.errors import Problem
from server.operator import operator_only
from server.wire import answer, body
from store.answers import Backup
from store.errors import StoreDamaged
from store.model import Invalid

LOG = logging.getLogger("postil")

blueprint = Blueprint("backups", __name__)


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """A file on the server's machine."""

    path: str


class Restored(Backup, frozen=True):
    """The backup that was read, and where what stood before is kept."""

    kept: str


@blueprint.post("/backup")
@described(takes=Place, answers={201: Backup}, problems=(403,))
@operator_only
def backup() -> Response:
    """Write everything to a file on the server's machine, while it goes on serving."""
    return answer(services().store.backup(_place()), 201)


@blueprint.post("/restore")
@described(takes=Place, answers={200: Restored}, problems=(403,))
@operator_only
def restore() -> Response:
    """Put a backup in the place of everything. What stood before is kept, and its place told."""
    path = _place()
    folder = prepare_folder(services().config.backups_folder)
    keep = folder / name_before_restore(datetime.now(UTC))
    try:
        read = services().store.restore(path, keep)
    except StoreDamaged as error:
        raise Problem(422, "no-backup", str(error), field="path") from None
    LOG.warning("%s was restored; what stood before is kept as %s.", path, keep)
    return answer(Restored(read.path, read.bytes, read.annotations, str(keep)))


def _place() -> Path:
    path = Path(body(Place).path)
    if not path.is_absolute():
        raise Invalid(
            "`path` must be absolute: the server has a current folder of its own.", "path"
        )
    return path
