"""The `postil` command. Exit codes: 0 done, 1 it failed (a sentence says why), 2 wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from server import running
from server.access import ACCOUNT
from server.api.status import VERSION
from server.config import BadSetting, Config, load
from server.formats import CODECS
from server.serving import CannotServe, pairing_link, serve, sign_in_link
from store.base import StoreError, open_store

Command = TypeVar("Command", bound=Callable[..., Any])


class DefaultsToServe(click.Group):
    """`postil` and `postil --port 80` are `postil serve` and `postil serve --port 80`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "--version", *self.commands}
        if not args or (args[0] not in own and args[0].startswith("-")):
            args = ["serve", *args]
        return super().parse_args(ctx, args)


@click.group(cls=DefaultsToServe)
@click.version_option(VERSION, prog_name="postil")
def main() -> None:
    """Postil keeps what you write in the margins of the web.

    `postil` alone is `postil serve`. Every option can also be set by an environment variable:
    POSTIL_HOST, POSTIL_PORT, POSTIL_DATA, POSTIL_STORE; POSTIL_HOSTS and POSTIL_ORIGINS list
    further host names and web origins to let in.
    """


def _places(command: Command) -> Command:
    """The options that say where the notes are."""
    data = click.option("--data", metavar="DIR", help="The folder for everything that is kept.")
    store = click.option("--store", metavar="URL", help="tinydb:///path/to/notes.json")
    return data(store(command))


@main.command("serve")
@click.option("--host", help="The address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=int, help="The port to listen on; 4477 by default, 0 = any free one.")
@_places
@click.option("--json", "as_json", is_flag=True, help="Say where it listens as one line of JSON.")
def serve_command(
    host: str | None, port: int | None, data: str | None, store: str | None, as_json: bool
) -> None:
    """Run the server until Ctrl+C."""
    with _failing_in_words():
        serve(load(host=host, port=port, data=data, store=store), as_json=as_json)


@main.command()
@_places
def pair(data: str | None, store: str | None) -> None:
    """Print a fresh pairing code, and a link that carries it."""
    config = _config(data, store)
    url, code = _granted(config, "pair")
    click.echo(f"{code}\n{pairing_link(url, code)}")


@main.command("sign-in")
@_places
def sign_in(data: str | None, store: str | None) -> None:
    """Print a fresh link that opens the library, once."""
    config = _config(data, store)
    url, secret = _granted(config, "sign-in")
    click.echo(sign_in_link(url, secret))


@main.command()
@click.option("--format", type=click.Choice(sorted(CODECS)), default="w3c", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Not to stdout.")
@_places
def export(format: str, output: Path | None, data: str | None, store: str | None) -> None:
    """Take out all notes, whether or not the server runs."""
    config = _config(data, store)
    with _failing_in_words(), _destination(output) as file:
        for chunk in _exported(config, format):
            file.write(chunk)


def _config(data: str | None, store: str | None) -> Config:
    with _failing_in_words():
        return load(data=data, store=store)


@contextmanager
def _failing_in_words() -> Iterator[None]:
    try:
        yield
    except BadSetting as error:
        raise click.UsageError(str(error)) from None
    except (CannotServe, StoreError, running.Refused) as error:
        raise click.ClickException(str(error)) from None
    except BrokenPipeError:
        # Whoever read our output has had enough; the interpreter must not try to flush it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        raise click.ClickException(f"{error.filename or ''}: {error.strerror}.") from None


def _granted(config: Config, kind: str) -> tuple[str, str]:
    """The address of the running server, and a fresh secret from it."""
    with _failing_in_words():
        try:
            return running.granted(config.server_file, kind)
        except running.NoServer:
            raise CannotServe(
                f"No server runs on {config.data}. Start one with `postil serve`."
            ) from None


def _exported(config: Config, format: str) -> Iterator[bytes]:
    """Through the running server, for it holds the store; else from the store itself."""
    try:
        with running.asked(config.server_file, "GET", f"/api/export?format={format}") as response:
            yield from running.chunks(response)
        return
    except running.NoServer:
        pass
    store = open_store(config.store)
    try:
        yield from CODECS[format].export(store.epoch(), ACCOUNT, store.live(ACCOUNT))
    finally:
        store.close()


@contextmanager
def _destination(output: Path | None) -> Iterator[BinaryIO]:
    """Where an export goes. A file appears only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    partial = output.with_name(f"{output.name}.part")
    try:
        with partial.open("wb") as file:
            yield file
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
