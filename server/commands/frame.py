"""What the commands share: where the notes are, asking before what cannot be undone, failing in
words, and a store of their own where no server holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import DecodeError

from server import running
from server.backups import advise
from server.config import ACCOUNT, BadSetting, Config, load
from server.running import CannotServe
from store.errors import StoreDamaged, StoreError, unreadable
from store.model import Invalid

if TYPE_CHECKING:
    from store.base import AnnotationStore

Command = TypeVar("Command", bound=Callable[..., Any])


def places(command: Command) -> Command:
    """The options that say where the notes are."""
    data = click.option("--data", metavar="DIR", help="The folder for everything that is kept.")
    store = click.option("--store", metavar="URL", help="tinydb:///path/to/notes.json")
    return data(store(command))


def whose(command: Command) -> Command:
    """The option that says whose notes a command is about."""
    return click.option("--account", metavar="NAME", help="Whose notes; `default` by default.")(
        command
    )


def config_of(data: str | None, store: str | None, account: str | None = None) -> Config:
    """The settings, by these options."""
    with failing_in_words():
        return load(data=data, store=store, account=account)


def require_account(store: AnnotationStore, account: str) -> None:
    """Say so where there is no such account. Nobody needs to add the default one."""
    if account != ACCOUNT and account not in store.accounts():
        raise StoreError(
            f"There is no account `{account}`; `postil account add {account}` makes it."
        )


@contextmanager
def failing_in_words() -> Iterator[None]:
    """Turn what goes wrong into a sentence and an exit code."""
    try:
        yield
    except BadSetting as error:
        raise click.UsageError(str(error)) from None
    except (CannotServe, StoreError, Invalid, running.Refused) as error:
        raise click.ClickException(str(error)) from None
    except DecodeError as error:
        raise click.ClickException(str(unreadable(error))) from None
    except BrokenPipeError:
        # Whoever read our output has had enough; the interpreter must not try to flush it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        raise click.ClickException(f"{error.filename or ''}: {error.strerror}.") from None


@contextmanager
def opened_store(config: Config, *, new: bool = False) -> Iterator[AnnotationStore]:
    """The store itself, for as long as a command needs it. None is made where there is none, unless
    it may be a `new` one.

    Raises `CannotOpen` for one that is damaged beyond help.
    """
    scheme, _, path = config.store.partition("://")
    if scheme == "tinydb" and not new and not _is_there(Path(path)):
        raise NoNotes(f"There are no notes in {Path(path).parent}.")
    from store.base import open_store  # noqa: PLC0415  # loads slowly; not where a server runs

    before = os.umask(0o077)
    try:
        with advising(config):
            store = open_store(config.store)
        try:
            require_account(store, config.account)
            yield store
        finally:
            store.close()
    finally:
        os.umask(before)


def _is_there(path: Path) -> bool:
    """Whether there is a store of that name, if only a part of one."""
    folder = path.parent
    return folder.is_dir() and any(one.name.startswith(path.name) for one in folder.iterdir())


class NoNotes(StoreError):
    """There is no store yet; the message says where."""


class CannotOpen(StoreDamaged):
    """The store cannot be opened; the message says what can be done."""


@contextmanager
def advising(config: Config) -> Iterator[None]:
    """Say of a store that is damaged beyond help what can be done."""
    try:
        yield
    except StoreDamaged as error:
        raise CannotOpen(f"{error} {advise(config.backups_folder)}") from None


def require_consent(question: str, *, yes: bool) -> None:
    """Ask on a terminal; elsewhere only `--yes` is consent."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("Say --yes to do this without being asked.")
    click.confirm(question, abort=True)
