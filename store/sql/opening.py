"""Bringing the tables up to date, once, however many processes start at the same time.

Whoever comes first takes a lock; the others wait for it, and find nothing left to do. A store that
is up to date is told by one look, without the lock.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from store.errors import StoreError
from store.sql.database import Database
from store.sql.walls import raise_wall

HEAD = "0002"
"""The last step in `store/migrations/versions`."""

_LOCK = 0x706F7374696C  # "postil": the number of an advisory lock


def open_tables(database: Database) -> None:
    """Make the tables, or change them to what this version of Postil needs.

    Raises `StoreError` for a store that a newer version has changed, and for an encoding that
    cannot hold every text.
    """
    if database.read_all(_version) != HEAD:
        database.write_all(_bring_up_to_date)
    database.role = database.write_all(raise_wall)


def _version(connection: Connection) -> str | None:
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _bring_up_to_date(connection: Connection) -> None:
    # Alembic takes a moment to import, and nothing else here needs it.
    from alembic import command  # noqa: PLC0415  # takes a moment
    from alembic.config import Config  # noqa: PLC0415  # takes a moment
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # takes a moment
    from alembic.util import CommandError  # noqa: PLC0415  # takes a moment

    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    encoding = connection.scalar(text("SELECT current_setting('server_encoding')"))
    if encoding != "UTF8":
        raise StoreError(
            f"The database is encoded in {encoding}; make one with ENCODING 'UTF8' for Postil."
        )
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    config.attributes["connection"] = connection
    version = _version(connection)
    try:
        if version is not None:
            ScriptDirectory.from_config(config).get_revision(version)
        command.upgrade(config, "head")
    except CommandError:
        raise StoreError(
            f"The database is of version {version}, which this Postil does not know: a newer one "
            "has opened it. Update this one."
        ) from None
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":
            raise
        raise StoreError(
            f"This user may make no tables: {str(error.orig).strip()}. Give it a database of its "
            "own: CREATE DATABASE postil OWNER ..."
        ) from None
