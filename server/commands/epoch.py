"""`postil restore-epoch`: a new history, after the database was put back by its own means."""

from __future__ import annotations

import click

from server.commands.frame import (
    config_of,
    failing_in_words,
    opened_store,
    places,
    require_consent,
)
from store.model import encode


@click.command("restore-epoch")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Say the new epoch as a line of JSON.")
@places
def restore_epoch(yes: bool, as_json: bool, data: str | None, store: str | None) -> None:
    """Tell every device that the database was put back from a backup of its own.

    After pg_restore, or a recovery to a point in time, run this before a server starts. Devices
    stay paired; each pulls everything again, and sends what only it still has. `postil restore`
    does so by itself.
    """
    config = config_of(data, store)
    require_consent("Have every device pull everything again?", yes=yes)
    with failing_in_words(), opened_store(config) as opened:
        epoch = opened.begin_history()
    said = f"The store begins a new history, {epoch}: devices pull everything again."
    click.echo(encode({"epoch": epoch}) if as_json else said)
