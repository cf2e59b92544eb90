"""Backing up what the database holds, and putting it back."""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path

from sqlalchemy import Connection, text, update

from store.answers import Backup
from store.backup import GAP, read_backup, restored, write_backup
from store.disk import Disk
from store.sql.as_tables import empty_all, fill, tables_in
from store.sql.tables import account, history


def back_up(connection: Connection, path: Path) -> Backup:
    """See `AnnotationStore.backup`."""
    return write_backup(tables_in(connection), path, None, Disk())


def put_back(connection: Connection, path: Path, keep: Path) -> Backup:
    """See `AnnotationStore.restore`."""
    tables, read = read_backup(path)
    # Writers of every account lock its row first; readers are let through.
    connection.execute(text("LOCK TABLE account, device, admission IN EXCLUSIVE MODE"))
    now = tables_in(connection)
    write_backup(now, keep, None, Disk())
    after = restored(tables, now, str(uuid.uuid4()), secrets.token_hex(8))
    empty_all(connection)
    fill(connection, after)
    return read


def begin_history(connection: Connection) -> str:
    """See `AnnotationStore.begin_history`."""
    epoch = str(uuid.uuid4())
    connection.execute(update(history).values(epoch=epoch))
    connection.execute(update(account).values(given=account.c.given + GAP, mark=""))
    return epoch
