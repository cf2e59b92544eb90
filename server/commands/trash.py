"""`postil trash`: what was deleted, putting it back, and forgetting it for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import click
import msgspec
from msgspec import Struct

from server.commands.frame import (
    config_of,
    failing_in_words,
    opened_store,
    places,
    require_consent,
    whose,
)
from server.commands.groups import DefaultingGroup
from server.config import Config
from server.running import NoServer, answered
from store.errors import StoreError
from store.model import Operation, Status, encode

if TYPE_CHECKING:
    from store.base import AnnotationStore

_WIDTH = 60  # characters of a note's own words on a line


class Words(Struct, frozen=True):
    """The part of a quote that is shown."""

    exact: str


class Body(Struct, frozen=True):
    """The part of a deleted note that is shown."""

    id: str
    url: str
    title: str
    note: str
    quote: Words | None


class Deleted(Struct, frozen=True):
    """A deleted note, and when it was deleted."""

    annotation: Body
    at: str


class Listed(Struct, frozen=True):
    """A page of the trash, as the server answers it."""

    trashed: list[Deleted]
    cursor: str | None


class Emptied(Struct, frozen=True):
    """How many notes are gone."""

    emptied: int


class DefaultsToList(DefaultingGroup):
    """`postil trash` is `postil trash list`."""

    default = "list"


@click.group(cls=DefaultsToList)
def trash() -> None:
    """Deleted notes: list, restore ID, empty. They stay for ninety days."""


@trash.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each note.")
@places
@whose
def list_(as_json: bool, data: str | None, store: str | None, account: str | None) -> None:
    """List what was deleted, the last first."""
    config = config_of(data, store, account)
    with failing_in_words():
        for deleted in _deleted(config):
            click.echo(encode(deleted) if as_json else _line(deleted))


@trash.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Say what was restored as a line of JSON.")
@places
@whose
def restore(
    id: str, as_json: bool, data: str | None, store: str | None, account: str | None
) -> None:
    """Put a deleted note back as it was."""
    config = config_of(data, store, account)
    with failing_in_words():
        body = _restored(config, id)
    click.echo(encode(body) if as_json else f"{body.id} is back on {body.url}")


@trash.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Say how many went as a line of JSON.")
@places
@whose
def empty(
    yes: bool, as_json: bool, data: str | None, store: str | None, account: str | None
) -> None:
    """Forget all that was deleted, for good."""
    config = config_of(data, store, account)
    require_consent("Forget all deleted notes for good?", yes=yes)
    with failing_in_words():
        gone = _emptied(config)
    click.echo(encode(gone) if as_json else f"{gone.emptied} notes are gone for good.")


def _deleted(config: Config) -> Iterator[Deleted]:
    try:
        yield from _pages(lambda cursor: _asked(config, cursor))
    except NoServer:
        with opened_store(config) as store:
            yield from _pages(lambda cursor: _read(config, store, cursor))


def _pages(page: Callable[[str | None], Listed]) -> Iterator[Deleted]:
    cursor: str | None = None
    while True:
        listed = page(cursor)
        yield from listed.trashed
        cursor = listed.cursor
        if cursor is None:
            return


def _asked(config: Config, cursor: str | None) -> Listed:
    query = "" if cursor is None else f"?cursor={quote(cursor, safe='')}"
    return answered(config.server_file, "GET", f"/api/trash{query}", Listed, account=config.account)


def _read(config: Config, store: AnnotationStore, cursor: str | None) -> Listed:
    return msgspec.convert(store.trash(config.account, cursor=cursor), Listed, from_attributes=True)


def _restored(config: Config, id: str) -> Body:
    try:
        path = f"/api/trash/{quote(id, safe='')}/restore"
        return answered(config.server_file, "POST", path, Body, account=config.account)
    except NoServer:
        with opened_store(config) as store:
            if store.get(config.account, id) is None:
                raise StoreError("There is no note of this id.") from None
            [result] = store.apply(config.account, "operator", [Operation(id=id, delete=False)])
            if result.status is Status.REJECTED:
                raise StoreError(str(result.reason)) from None
            return msgspec.convert(result.annotation, Body, from_attributes=True)


def _emptied(config: Config) -> Emptied:
    try:
        return answered(config.server_file, "DELETE", "/api/trash", Emptied, account=config.account)
    except NoServer:
        with opened_store(config) as store:
            return Emptied(store.empty_trash(config.account))


def _line(deleted: Deleted) -> str:
    body = deleted.annotation
    said = body.note or (body.quote.exact if body.quote is not None else "") or body.title
    words = " ".join(said.split())
    shown = words if len(words) <= _WIDTH else f"{words[: _WIDTH - 1]}…"
    return f"{body.id}  {deleted.at[:16].replace('T', ' ')}  {shown}  {body.url}"
