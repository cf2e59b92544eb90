"""`postil import`: a file of notes, from Postil or from another program."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

import click
import msgspec
from msgspec import Struct, UnsetType

from server import running
from server.commands.format_names import READ
from server.commands.frame import config_of, failing_in_words, opened_store, places, whose
from server.config import Config
from server.data_folder import make_private
from server.import_results import ItemResult, Outcome, Summary
from server.running import Refused
from store.model import encode


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--format", type=click.Choice(READ), help="By default the file itself tells.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Say what became of each as lines of JSON.")
@places
@whose
def import_(
    file: BinaryIO,
    format: str | None,
    dry_run: bool,
    as_json: bool,
    data: str | None,
    store: str | None,
    account: str | None,
) -> None:
    """Bring in a file of notes; a second time, only what is new in it.

    FILE is a file, or - for what is piped in. Items that cannot be taken are named with their place
    in it, the others come in, and it ends with 1. Works whether or not the server runs.
    """
    config = config_of(data, store, account)
    summary = None
    with failing_in_words(), _progress(file) as (watched, told):
        for result in _results(config, watched, format or "", dry_run):
            told(result)
            if isinstance(result, Summary):
                summary = result
            _say(result, as_json)
    if summary is None or summary.rejected:
        sys.exit(1)


def _say(result: ItemResult | Summary, as_json: bool) -> None:
    if as_json:
        click.echo(encode({"summary": result} if isinstance(result, Summary) else result))
    elif isinstance(result, Summary):
        click.echo(_in_words(result))
    elif result.status is Outcome.REJECTED or result.sentence:
        place = f"Line {result.line}" if result.line else f"Item {result.number}"
        click.echo(f"{place}: {result.status}. {result.sentence}", err=True)


def _in_words(summary: Summary) -> str:
    would = "would be " if summary.dry_run else ""
    said = f"{summary.created:,} {would}added, {summary.updated:,} {would}updated"
    said += f", {summary.unchanged:,} unchanged"
    return said + (f", {summary.rejected:,} not taken." if summary.rejected else ".")


def _results(
    config: Config, file: BinaryIO, format: str, dry_run: bool
) -> Iterator[ItemResult | Summary]:
    """Through the running server, for it holds the store; else into the store itself."""
    if running.runs(config.server_file):
        yield from _through_server(config, file, format, dry_run)
        return
    from server.formats import UnreadableFile  # noqa: PLC0415  # loads slowly; not where a server runs
    from server.import_file import import_file  # noqa: PLC0415  # loads slowly; not where a server runs

    make_private(config.data)
    with opened_store(config, new=True) as store:
        try:
            yield from import_file(
                store, config.account, "operator", file, format=format, dry_run=dry_run
            )
        except UnreadableFile as error:
            raise Refused(str(error)) from None


class _Line(Struct, frozen=True):
    """What may stand on a line of the answer."""

    number: int | UnsetType = msgspec.UNSET
    summary: Summary | UnsetType = msgspec.UNSET
    problem: dict[str, Any] | UnsetType = msgspec.UNSET


def _through_server(
    config: Config, file: BinaryIO, format: str, dry_run: bool
) -> Iterator[ItemResult | Summary]:
    wanted = {"format": format, "dry_run": "true" if dry_run else ""}
    path = "/api/import?" + urlencode({name: value for name, value in wanted.items() if value})
    asked = running.asked(
        config.server_file, "POST", path, timeout=_SLOW, account=config.account, file=file
    )
    with asked as response:
        for line in _lines(running.chunks(response)):
            said = msgspec.json.decode(line, type=_Line)
            if isinstance(said.problem, dict):
                raise Refused(str(said.problem.get("detail")))
            if isinstance(said.summary, Summary):
                yield said.summary
                return
            yield msgspec.json.decode(line, type=ItemResult)
    raise Refused("The server broke off before it had brought in everything.")


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


@contextmanager
def _progress(file: BinaryIO) -> Iterator[tuple[BinaryIO, Any]]:
    """The file, and what to tell of each result; on a terminal, a bar that follows both."""
    if not sys.stderr.isatty():
        yield file, lambda _result: None
        return
    seen, drawn = 0, 0.0
    with click.progressbar(length=_size(file), file=sys.stderr, show_pos=False) as bar:

        def told(result: ItemResult | Summary) -> None:
            nonlocal seen, drawn
            seen += isinstance(result, ItemResult)
            if isinstance(result, Summary) or time.monotonic() > drawn + _DRAWN_EVERY:
                drawn = time.monotonic()
                bar.label = f"{seen:,} notes"
                bar.render_progress()

        yield cast(BinaryIO, io.BufferedReader(_Watched(file, bar), 256 * 1024)), told


def _size(file: BinaryIO) -> int:
    try:
        found = os.fstat(file.fileno())
    except (OSError, io.UnsupportedOperation):
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


class _Watched(io.RawIOBase):
    """A file that tells a bar how much of it has been read."""

    def __init__(self, file: BinaryIO, bar: Any) -> None:
        self._file = file
        self._bar = bar

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._bar.update(len(data))
        return len(data)


_DRAWN_EVERY = 0.1  # seconds
_SLOW = 15 * 60  # seconds until the first result of a file
