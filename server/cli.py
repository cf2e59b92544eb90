"""The `postil` command. Exit codes: 0 done, 1 it failed (a sentence says why), 2 wrong usage."""

from __future__ import annotations

import click

from server import running
from server.api.status import VERSION
from server.commands.account import account
from server.commands.backup import backup
from server.commands.check import check
from server.commands.completion import completion
from server.commands.devices import devices
from server.commands.doctor import doctor
from server.commands.epoch import restore_epoch
from server.commands.export import export
from server.commands.extension import extension
from server.commands.frame import (
    DefaultingGroup,
    advising,
    config_of,
    failing_in_words,
    places,
    whose,
)
from server.commands.imports import import_
from server.commands.migrate import migrate
from server.commands.restore import restore
from server.commands.service import service
from server.commands.trash import trash
from server.config import Config, load
from server.serving import CannotServe, pairing_link, serve, sign_in_link
from store.model import encode


class DefaultsToServe(DefaultingGroup):
    """`postil` and `postil --port 80` are `postil serve` and `postil serve --port 80`."""

    default = "serve"


@click.group(cls=DefaultsToServe)
@click.version_option(VERSION, prog_name="postil")
def main() -> None:
    """Postil keeps what you write in the margins of the web.

    `postil` alone is `postil serve`. Every option can also be set by an environment variable:
    POSTIL_HOST, POSTIL_PORT, POSTIL_DATA, POSTIL_STORE; POSTIL_HOSTS and POSTIL_ORIGINS list
    further host names and web origins to let in; POSTIL_URL and POSTIL_PROXY tell of a proxy;
    POSTIL_CERT and POSTIL_KEY name a certificate for https without one;
    POSTIL_LOG has a line written for each request; POSTIL_METRICS lets others read /metrics;
    POSTIL_BACKUPS=off ends daily backups; POSTIL_WORKERS is how many processes serve a database;
    POSTIL_ACCOUNT says whose notes a command is about.
    """


_COMMANDS: tuple[click.Command, ...] = (
    account,
    backup,
    check,
    completion,
    devices,
    doctor,
    export,
    extension,
    import_,
    migrate,
    restore,
    restore_epoch,
    service,
    trash,
)
for _command in _COMMANDS:
    main.add_command(_command)


@main.command("serve")
@click.option("--host", help="The address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=int, help="The port to listen on; 4477 by default, 0 = any free one.")
@places
@click.option("--url", help="The address readers reach it at, where a proxy stands before it.")
@click.option("--proxy", type=int, help="How many proxies stand before it; 0 by default.")
@click.option("--cert", metavar="FILE", help="A certificate (PEM), to serve https with no proxy.")
@click.option("--key", metavar="FILE", help="Its key, where that is not in the same file.")
@click.option("--workers", type=int, help="How many processes; 1, or more with PostgreSQL.")
@click.option("--json", "as_json", is_flag=True, help="Say where it listens as one line of JSON.")
def serve_command(
    host: str | None,
    port: int | None,
    data: str | None,
    store: str | None,
    url: str | None,
    proxy: int | None,
    cert: str | None,
    key: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Run the server until Ctrl+C."""
    with failing_in_words():
        config = load(
            host=host,
            port=port,
            data=data,
            store=store,
            url=url,
            proxies=proxy,
            cert=cert,
            key=key,
            workers=workers,
        )
        with advising(config):
            serve(config, as_json=as_json)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Say both as a line of JSON.")
@places
@whose
def pair(as_json: bool, data: str | None, store: str | None, account: str | None) -> None:
    """Print a fresh pairing code, and a link that carries it."""
    config = config_of(data, store, account)
    url, code = _granted(config, "pair")
    link = pairing_link(url, code)
    click.echo(encode({"code": code, "link": link}) if as_json else f"{code}\n{link}")


@main.command("sign-in")
@click.option("--json", "as_json", is_flag=True, help="Say it as a line of JSON.")
@places
@whose
def sign_in(as_json: bool, data: str | None, store: str | None, account: str | None) -> None:
    """Print a fresh link that opens the library, once."""
    config = config_of(data, store, account)
    url, secret = _granted(config, "sign-in")
    link = sign_in_link(url, secret)
    click.echo(encode({"link": link}) if as_json else link)


def _granted(config: Config, kind: str) -> tuple[str, str]:
    """The address of the running server, and a fresh secret from it."""
    with failing_in_words():
        try:
            return running.granted(config.server_file, kind, config.account)
        except running.NoServer:
            raise CannotServe(
                f"No server runs on {config.data}. Start one with `postil serve`."
            ) from None
