"""`postil doctor`: what is wrong with this machine, and what to do about it."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click

from server.answers import Devices, Known, ServerStatus
from server.certificate import BadCertificate, Certificate
from server.commands.frame import NoNotes, config_of, failing_in_words, opened_store, places
from server.config import ACCOUNT, Config
from server.packaged import built_extension
from server.running import NoServer, Refused, answered
from store.address import is_database
from store.errors import StoreError
from store.model import Device, encode

_ROOM = 200 * 1024 * 1024  # bytes below which a disk is called nearly full

_RENEWED = timedelta(days=14)  # before it expires


class Finding(NamedTuple):
    """Whether something is as it should be, and a sentence."""

    right: bool
    sentence: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each thing looked at.")
@places
def doctor(as_json: bool, data: str | None, store: str | None) -> None:
    """Look at folder, disk, port, lock, search and pairing, and say what is wrong.

    Ends with 1 where something is.
    """
    config = config_of(data, store)
    well = True
    with failing_in_words():
        for right, sentence in _findings(config):
            well = well and right
            line = f"{'ok    ' if right else 'wrong '} {sentence}"
            click.echo(encode({"right": right, "sentence": sentence}) if as_json else line)
    if not well:
        sys.exit(1)


def _findings(config: Config) -> Iterator[Finding]:
    yield from _folder(config)
    yield _search()
    yield from _certificate(config)
    yield from _served(config)
    built = built_extension()
    yield (
        Finding(True, f"The extension is in {built}.")
        if built is not None
        else Finding(False, "The extension is not built: run `make extension`.")
    )


def _folder(config: Config) -> Iterator[Finding]:
    folder = config.data
    if not folder.is_dir():
        yield Finding(True, f"{folder} is not there yet; `postil serve` makes it.")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(False, f"{folder} cannot be written to by this user.")
    elif os.name == "posix" and folder.stat().st_mode & 0o077:
        yield Finding(False, f"{folder} can be read by others: chmod 700 {folder}")
    else:
        kept = "Backups" if is_database(config.store) else "Your notes"
        yield Finding(True, f"{kept} are in {folder}, for you alone.")
    yield from _files(folder)
    free = shutil.disk_usage(folder).free
    room = f"{free // 1024 // 1024:,} MiB are free on its disk"
    yield Finding(free >= _ROOM, f"{room}." if free >= _ROOM else f"{room}: make some room.")


def _files(folder: Path) -> Iterator[Finding]:
    private = True
    for path in folder.rglob("*"):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            continue  # a server that runs has just folded it
        private = private and not (path.is_file() and mode & 0o077)
        if not os.access(path, os.R_OK | os.W_OK):
            yield Finding(False, f"{path} cannot be read and written by this user.")
    if os.name == "posix" and not private:
        yield Finding(False, f"Some of its files can be read by others: chmod -R go= {folder}")


def _search() -> Finding:
    try:
        sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError:
        return Finding(
            False, "Python's sqlite3 has no FTS5, so nothing can be searched; install another."
        )
    return Finding(True, "Search has what it needs.")


def _certificate(config: Config) -> Iterator[Finding]:
    if config.cert is None:
        return
    try:
        until = Certificate(config.cert, config.key).until
    except BadCertificate as error:
        yield Finding(False, str(error))
        return
    late = until - datetime.now(UTC) < _RENEWED
    advice = " Renew it; the server takes up the new one by itself." if late else ""
    yield Finding(not late, f"The certificate is good until {until:%Y-%m-%d}.{advice}")
    key = config.key or config.cert
    if os.name == "posix" and key.stat().st_mode & 0o077:
        yield Finding(False, f"The key {key} can be read by others: chmod 600 {key}")


def _served(config: Config) -> Iterator[Finding]:
    try:
        status = answered(config.server_file, "GET", "/api/status", ServerStatus)
    except NoServer:
        yield from _stopped(config)
        return
    except Refused as error:
        yield Finding(False, f"A server runs, and says: {error}")
        return
    yield Finding(
        True, f"A server runs (version {status.version}) with {status.annotations} notes."
    )
    yield _pairing(_devices(config))


def _stopped(config: Config) -> Iterator[Finding]:
    yield _port(config)
    try:
        with opened_store(config) as store:
            yield Finding(
                True, f"No server runs. The store opens, with {store.count(ACCOUNT)} notes."
            )
            devices = [one for one in store.devices(ACCOUNT) if one.kind != "library"]
            yield _pairing(devices)
    except NoNotes as error:
        yield Finding(True, f"{error} The first note makes the store.")
    except StoreError as error:
        yield Finding(False, str(error))


def _port(config: Config) -> Finding:
    place = f"{config.host}:{config.port}"
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            why = error.strerror or str(error)
            return Finding(
                False, f"{place} cannot be listened on ({why}): postil serve --port 4478"
            )
    return Finding(True, f"{place} is free to listen on.")


def _devices(config: Config) -> list[Known]:
    found = answered(config.server_file, "GET", "/api/devices", Devices).devices
    return [one for one in found if one.kind != "library"]


def _pairing(devices: Sequence[Known | Device]) -> Finding:
    if not devices:
        return Finding(True, "No browser is paired yet: `postil pair` prints a code.")
    last = max(devices, key=lambda one: one.seen)
    count = "1 device is" if len(devices) == 1 else f"{len(devices)} devices are"
    seen = f"{last.seen[:16].replace('T', ' ')} UTC"
    return Finding(True, f"{count} paired; last seen: {last.name}, {seen}.")
