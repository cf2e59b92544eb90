"""`postil pair` and `postil sign-in`: fresh secrets from the server that runs."""

from __future__ import annotations

import click

from server import running
from server.commands.frame import config_of, failing_in_words, places, whose
from server.config import Config
from server.links import pairing_link, sign_in_link
from store.model import encode


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Say both as a line of JSON.")
@places
@whose
def pair(as_json: bool, data: str | None, store: str | None, account: str | None) -> None:
    """Print a fresh pairing code, and a link that carries it."""
    config = config_of(data, store, account)
    url, code = _granted(config, "pair")
    link = pairing_link(url, code)
    click.echo(encode({"code": code, "link": link}) if as_json else f"{code}\n{link}")


@click.command("sign-in")
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
            raise running.CannotServe(
                f"No server runs on {config.data}. Start one with `postil serve`."
            ) from None
