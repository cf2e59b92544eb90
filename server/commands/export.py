"""`postil export`: all notes, or what is chosen of them, in any format."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO
from urllib.parse import urlencode

import click

from server import running
from server.commands.format_names import WRITTEN
from server.commands.frame import config_of, failing_in_words, opened_store, places, whose
from server.config import Config


@click.command()
@click.option("--format", type=click.Choice(WRITTEN), default="w3c", show_default=True)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="A file, not stdout; it appears only when it is whole.",
)
@click.option("--url", default="", help="Only the notes on this page.")
@click.option("--q", default="", help="Only the notes a search finds, like `tag:python`.")
@click.option(
    "--template", type=click.File(encoding="utf-8"), help="How one note is written in Markdown."
)
@places
@whose
def export(
    format: str,
    output: Path | None,
    url: str,
    q: str,
    template: TextIO | None,
    data: str | None,
    store: str | None,
    account: str | None,
) -> None:
    """Take out all notes, whether or not the server runs."""
    config = config_of(data, store, account)
    with failing_in_words(), _destination(output) as file:
        wanted = {"format": format, "url": url, "q": q}
        wanted["template"] = template.read() if template is not None else ""
        for chunk in _exported(config, wanted):
            file.write(chunk)


def _exported(config: Config, wanted: dict[str, str]) -> Iterator[bytes]:
    """Through the running server, for it holds the store; else from the store itself."""
    try:
        path = "/api/export?" + urlencode({name: value for name, value in wanted.items() if value})
        asked = running.asked(config.server_file, "GET", path, account=config.account)
        with asked as response:
            yield from running.chunks(response)
    except running.NoServer:
        from server.formats import WRITERS, Options, Source  # noqa: PLC0415  # loads slowly; not where a server runs
        from server.selection import selected, selection  # noqa: PLC0415  # loads slowly; not where a server runs

        chosen = selection(wanted["url"], wanted["q"])
        with opened_store(config) as store:
            notes = selected(store, config.account, chosen)
            write = WRITERS[wanted["format"]].write
            assert write is not None
            source = Source(store.epoch(), config.account)
            yield from write(source, notes, Options(wanted["template"]))


@contextmanager
def _destination(output: Path | None) -> Iterator[BinaryIO]:
    """Where an export goes. A file appears only when it is whole."""
    if output is None or str(output) == "-":
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
