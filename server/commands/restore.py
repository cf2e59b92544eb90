"""`postil restore`: a backup in the place of everything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec import Struct

from server.backups import name_before_restore, name_damaged, prepare_folder
from server.commands.frame import (
    CannotOpen,
    config_of,
    failing_in_words,
    opened_store,
    places,
    require_consent,
)
from server.config import Config
from server.data_folder import make_private
from server.running import NoServer, answered
from store.model import encode


class Restored(Struct, frozen=True):
    """What was restored, and where what stood before is kept."""

    path: str
    annotations: int
    kept: str


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Say what was done as a line of JSON.")
@places
def restore(file: Path, yes: bool, as_json: bool, data: str | None, store: str | None) -> None:
    """Put a backup in the place of everything.

    FILE is verified first; what stands now is kept in the data folder, under backups/, even where
    it is damaged beyond help. Paired devices stay paired: each pulls everything again, and sends
    what only it still has. Works whether or not the server runs; a running server goes on.
    """
    config = config_of(data, store)
    require_consent(f"Put {file} in the place of all notes in {config.data}?", yes=yes)
    with failing_in_words():
        done = _done(config, file.absolute())
    if as_json:
        click.echo(encode(done))
    else:
        click.echo(f"{done.path} was restored: {done.annotations} notes.")
        click.echo(f"What stood before is kept as {done.kept}.")


def _done(config: Config, file: Path) -> Restored:
    try:
        asked = {"path": str(file)}
        return answered(config.server_file, "POST", "/api/restore", Restored, asked, slow=True)
    except NoServer:
        make_private(config.data)
        folder, now = prepare_folder(config.backups_folder), datetime.now(UTC)
    try:
        with opened_store(config, new=True) as store:
            keep = folder / name_before_restore(now)
            read = store.restore(file, keep)
    except CannotOpen:
        from store.backup import verify_backup  # noqa: PLC0415  # where a store is damaged
        from store.base import put_store_aside  # noqa: PLC0415  # where a store is damaged

        verify_backup(file)
        keep = put_store_aside(config.store, folder / name_damaged(now))
        with opened_store(config, new=True) as store:
            read = store.restore(file, keep / name_before_restore(now))
    return Restored(read.path, read.annotations, str(keep))
