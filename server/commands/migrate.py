"""`postil migrate`: everything from one store into another."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from server.commands.frame import failing_in_words
from store.model import encode

if TYPE_CHECKING:
    from store.moving import House, Moved


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--replace", is_flag=True, help="Even where TO holds something: that is gone then.")
@click.option("--json", "as_json", is_flag=True, help="Say what was moved as a line of JSON.")
def migrate(source: str, target: str, replace: bool, as_json: bool) -> None:
    """Move everything from one store into another: FROM a file TO a database, or back.

    Both are addresses: tinydb:///path/to/notes.json, postgresql://user:password@host/database.
    What arrived is compared with what was sent. Browsers stay paired and notice nothing; FROM is
    left as it is. Stop the server first. A move that was cut off goes on when it is asked for
    again.
    """
    if source == target:
        raise click.UsageError("FROM and TO are the same store.")
    from store.moving import move  # noqa: PLC0415  # `--help` has no use for it

    with failing_in_words(), _private_files(), _opened(source) as here, _opened(target) as there:
        moved = move(here, there, replace=replace, told=_telling(as_json=as_json))
    click.echo(encode(moved) if as_json else _summary(moved))


def _telling(*, as_json: bool) -> Callable[[str, int], None]:
    """Where somebody watches, a line for each account."""
    watched = sys.stderr.isatty() and not as_json

    def tell(name: str, records: int) -> None:
        if watched:
            click.echo(f"{name}: {records:,} records", err=True)

    return tell


def _summary(moved: Moved) -> str:
    return (
        f"Moved and verified: {moved.records:,} notes and tombstones of {moved.accounts} accounts, "
        f"{moved.devices} devices.\nServe it from there now: postil serve --store TO"
    )


@contextmanager
def _opened(url: str) -> Iterator[House]:
    from store.moving import open_house  # noqa: PLC0415  # `--help` has no use for it

    house = open_house(url)
    try:
        yield house
    finally:
        house.close()


@contextmanager
def _private_files() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
