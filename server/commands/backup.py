"""`postil backup`: everything in one file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from server.backups import name_by_hand
from server.commands.frame import config_of, failing_in_words, opened_store, places
from server.config import Config
from server.running import NoServer, answered
from store.answers import Backup
from store.model import encode


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Say what was written as a line of JSON.")
@places
def backup(path: Path | None, as_json: bool, data: str | None, store: str | None) -> None:
    """Write everything to one file, and read it back to verify it.

    PATH is the file, compressed where it ends in .gz, or a folder for a file with a dated name; by
    default the current one. Works whether or not the server runs, and does not disturb it.
    """
    config = config_of(data, store)
    with failing_in_words():
        made = _made(config, _file(path or Path()))
    if as_json:
        click.echo(encode(made))
    else:
        click.echo(f"{made.path}: {made.annotations} notes, {made.bytes:,} bytes, verified.")


def _file(path: Path) -> Path:
    path = path.absolute()
    return path / name_by_hand(datetime.now(UTC)) if path.is_dir() else path


def _made(config: Config, path: Path) -> Backup:
    try:
        asked = {"path": str(path)}
        return answered(config.server_file, "POST", "/api/backup", Backup, asked, slow=True)
    except NoServer:
        with opened_store(config) as store:
            return store.backup(path)
