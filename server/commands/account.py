"""`postil account`: worlds of their own for other readers of the same server."""

from __future__ import annotations

import click

from server.answers import Accounts, Holding, Named
from server.commands.frame import config_of, failing_in_words, opened_store, places, require_consent
from server.config import ACCOUNT, Config
from server.running import NoServer, answered, asked
from store.errors import StoreError
from store.model import Invalid, convert, encode


@click.group()
def account() -> None:
    """Accounts: add NAME, list, remove NAME. Nothing is shared between two."""


@account.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Say which as a line of JSON.")
@places
def add(name: str, as_json: bool, data: str | None, store: str | None) -> None:
    """Make an account; `postil pair --account NAME` then lets its reader's browser in."""
    config = config_of(data, store)
    with failing_in_words():
        named = convert({"name": name}, Named)
        try:
            answered(config.server_file, "POST", "/api/accounts", Named, named)
        except NoServer:
            with opened_store(config, new=True) as opened:
                if named.name == ACCOUNT or not opened.add_account(named.name):
                    raise StoreError(f"There is an account `{name}` already.") from None
    said = f"{name} has an account now. Let a browser in: postil pair --account {name}"
    click.echo(encode({"added": name}) if as_json else said)


@account.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each account.")
@places
def list_(as_json: bool, data: str | None, store: str | None) -> None:
    """List the accounts, and what each holds."""
    config = config_of(data, store)
    with failing_in_words():
        for held in _held(config):
            counts = f"{held.annotations} notes, {held.devices} devices"
            click.echo(encode(held) if as_json else f"{held.name}  {counts}")


@account.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Say which as a line of JSON.")
@places
def remove(name: str, yes: bool, as_json: bool, data: str | None, store: str | None) -> None:
    """Forget an account with all its notes and devices, for good. Backups made before keep them."""
    config = config_of(data, store)
    require_consent(f"Forget {name} and all its notes for good?", yes=yes)
    with failing_in_words():
        named = convert({"name": name}, Named)
        if named.name == ACCOUNT:
            raise Invalid("The default account stays; its notes can be deleted.")
        try:
            with asked(config.server_file, "DELETE", "/api/accounts", named):
                pass
        except NoServer:
            with opened_store(config) as opened:
                if not opened.remove_account(named.name):
                    raise StoreError(f"There is no account `{name}`.") from None
    click.echo(encode({"removed": name}) if as_json else f"{name} is gone.")


def _held(config: Config) -> list[Holding]:
    try:
        return answered(config.server_file, "GET", "/api/accounts", Accounts).accounts
    except NoServer:
        with opened_store(config) as store:
            names = sorted({ACCOUNT, *store.accounts()})
            return [Holding(name, store.count(name), len(store.devices(name))) for name in names]
