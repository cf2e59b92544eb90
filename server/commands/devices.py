"""`postil devices`: who may sync, and taking that away."""

from __future__ import annotations

from urllib.parse import quote

import click

from server.answers import Devices, Known
from server.commands.frame import (
    config_of,
    failing_in_words,
    opened_store,
    places,
    whose,
)
from server.commands.groups import DefaultingGroup
from server.config import Config
from server.running import NoServer, answered, asked
from store.errors import StoreError
from store.model import encode


class DefaultsToList(DefaultingGroup):
    """`postil devices` is `postil devices list`."""

    default = "list"


@click.group(cls=DefaultsToList)
def devices() -> None:
    """Browsers and programs that may sync: list, revoke ID."""


@devices.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each device.")
@places
@whose
def list_(as_json: bool, data: str | None, store: str | None, account: str | None) -> None:
    """List who may sync, the oldest first."""
    config = config_of(data, store, account)
    with failing_in_words():
        for known in _known(config):
            click.echo(encode(known) if as_json else _line(known))


@devices.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Say which as a line of JSON.")
@places
@whose
def revoke(
    id: str, as_json: bool, data: str | None, store: str | None, account: str | None
) -> None:
    """Take a device's token away. Its notes stay on the server, and in it."""
    config = config_of(data, store, account)
    with failing_in_words():
        try:
            path = f"/api/devices/{quote(id, safe='')}"
            with asked(config.server_file, "DELETE", path, account=config.account):
                pass
        except NoServer:
            with opened_store(config) as opened:
                if not opened.remove_device(config.account, id):
                    raise StoreError("There is no device of this id.") from None
    click.echo(encode({"revoked": id}) if as_json else f"{id} may sync no more.")


def _known(config: Config) -> list[Known]:
    try:
        path = "/api/devices"
        return answered(config.server_file, "GET", path, Devices, account=config.account).devices
    except NoServer:
        with opened_store(config) as store:
            return [
                Known(one.id, one.name, one.kind, one.origin, one.created, one.seen, current=False)
                for one in store.devices(config.account)
            ]


def _line(known: Known) -> str:
    return f"{known.id}  {known.kind:9}  seen {known.seen[:16]}Z  {known.name}"
