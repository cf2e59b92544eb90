"""Reading a store when it is opened: its snapshot, what its journal adds, and what must be mended.

The snapshot before the last one stands in for a damaged one: with the journals kept for it, it
comes to the same. A torn end of the journal is cut off. Whatever cannot be used is kept beside the
store under another name, and told in a warning.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from store.collection import collection_paused
from store.disk import Disk
from store.errors import StoreDamaged
from store.journal_file import JournalFiles, put_aside
from store.snapshot import Tables, read_snapshot

logger = logging.getLogger(__name__)


class Opened(Struct):
    """What was read. `snapshot_journal` is the first journal after the snapshot; `foreign` says
    that another program wrote the snapshot."""

    tables: Tables
    snapshot_journal: int
    foreign: bool
    warnings: list[str]


def read_store(path: Path, journal: JournalFiles, disk: Disk) -> Opened:
    """Everything as it was last written; `journal` goes on where it ended.

    Raises `StoreDamaged` if neither the snapshot nor the one before can be read, and `OSError`.
    """
    with collection_paused():
        opened = _read_snapshot(path, journal, disk)

        def redo(changes: Mapping[str, Mapping[str, msgspec.Raw]]) -> None:
            for name, documents in changes.items():
                table = opened.tables.setdefault(name, {})
                for id, raw in documents.items():
                    document = bytes(raw)
                    if document == b"null":
                        table.pop(id, None)
                    else:
                        table[id] = document

        opened.warnings += journal.replay(opened.snapshot_journal, redo)
    for warning in opened.warnings:
        logger.warning("%s", warning)
    return opened


def previous_of(path: Path) -> Path:
    """Where the snapshot before the one at `path` is kept."""
    return path.with_name(path.name + ".previous")


def _read_snapshot(path: Path, journal: JournalFiles, disk: Disk) -> Opened:
    previous = previous_of(path)
    try:
        tables, trailer = read_snapshot(path)
    except FileNotFoundError:
        if not previous.exists():
            _require_whole(path, journal)
            return Opened({}, 1, foreign=False, warnings=[])
        damage = f"{path} was missing"
    except StoreDamaged as error:
        if not previous.exists():
            raise
        aside = put_aside(path, "damaged", disk)
        damage = f"{error} It is kept as {aside.name}"
    else:
        # A file of plain TinyDB names no journal: whatever lies there is not its own.
        files = journal.files()
        first = trailer.journal or (files[-1][0] + 1 if files else 1)
        return Opened(tables, first, foreign=trailer.bytes < 0, warnings=[])
    tables, trailer = read_snapshot(previous)
    disk.link(previous, path)
    journal.recall(previous)
    warning = f"{damage}; the snapshot before it and its journal stand in for it."
    return Opened(tables, trailer.journal, foreign=False, warnings=[warning])


def _require_whole(path: Path, journal: JournalFiles) -> None:
    """Without a snapshot the journal must begin at its beginning."""
    files = journal.files()
    if files and files[0][0] != 1:
        raise StoreDamaged(
            f"{path} is missing, but {files[0][1].name} follows it. Put the file back, "
            "or move the journals away to begin anew."
        )
