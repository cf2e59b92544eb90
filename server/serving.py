"""Running the server: the data folder, the socket, the welcome, and an end that loses nothing."""

from __future__ import annotations

import errno
import gc
import ipaddress
import json
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from waitress.server import BaseWSGIServer, create_server

from server.application import create_app
from server.certificate import BadCertificate, Certificate
from server.config import Config
from server.connections import keep_connections
from server.current import services
from server.daily import Daily, DailyRound
from server.data_folder import make_private
from server.encryption import encrypt_connections
from server.guard import MAX_BODY
from server.links import pairing_link, sign_in_link
from server.one_processor import stay_on_one_processor
from server.packaged import built_extension
from server.running import CannotServe, announced
from server.waiting import PLACES
from server.warming import warm
from store.address import is_database, without_secrets

# More than cores, since writers wait for the disk together and share one fsync; and one for each
# request that waits for news.
THREADS = 8 + PLACES
CONNECTIONS = 800  # browsers keep theirs open; systems commonly allow a process 1,024 files


Welcome = Callable[[str, str, str], None]
"""Says that it serves: the address, a pairing code and the secret of a sign-in link."""


def serve(config: Config, *, as_json: bool) -> None:
    """Serve until SIGTERM or SIGINT, then finish what runs and close the store."""
    os.umask(0o077)
    make_private(config.data)
    certificate = _certificate(config)
    if certificate is not None:
        config = replace(config, hosts=config.hosts | certificate.names)
    if config.workers > 1:
        _serve_with_workers(config, certificate, as_json)
        return
    stay_on_one_processor()
    app = create_app(config)
    store = services(app).store
    daily = Daily(DailyRound(store, config))
    daily.start()
    try:
        _run(app, config, certificate, as_json)
    finally:
        daily.stop()
        store.close()


def _serve_with_workers(config: Config, certificate: Certificate | None, as_json: bool) -> None:
    if not is_database(config.store):
        raise CannotServe(
            f"Notes in a file are one process's: {config.workers} workers need a database. "
            f"`postil migrate {config.store} postgresql://...` moves them into one."
        )
    try:
        from server.workers import serve_with_workers  # noqa: PLC0415  # with the extra [sql] alone
    except ModuleNotFoundError as error:
        raise CannotServe(
            f"Several workers need a package that is not here ({error.name}): "
            "pip install 'postil[sql]'."
        ) from None

    def welcome(public: str, code: str, secret: str) -> None:
        _welcome(public, code, secret, config, as_json)

    serve_with_workers(config, _listen(config), certificate, welcome)


def _certificate(config: Config) -> Certificate | None:
    if config.cert is None:
        return None
    try:
        return Certificate(config.cert, config.key)
    except BadCertificate as error:
        raise CannotServe(str(error)) from None


def _run(app: Flask, config: Config, certificate: Certificate | None, as_json: bool) -> None:
    listening = _listen(config)
    waitress = create_server(
        app,
        sockets=[listening],
        threads=THREADS,
        recv_bytes=64 * 1024,  # a batch of operations comes in a few reads, not in twenty
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # `select` goes no further than the 1,024th open file
        ident=None,
        # Above the application's own limit, whose answer browsers may read; but what is far too
        # much is not even kept until it is refused. (Files: `connections.MOST_OF_A_FILE`.)
        max_request_body_size=4 * MAX_BODY,
        clear_untrusted_proxy_headers=False,  # server/behind.py sees to them
        url_scheme="http" if certificate is None else "https",
    )
    assert isinstance(waitress, BaseWSGIServer)  # as one socket makes it
    access = services(app).access
    if certificate is None:
        keep_connections(waitress, access.knows)
    else:
        encrypt_connections(waitress, access.knows, certificate)
    port = listening.getsockname()[1]
    url, public = addresses(config, port, certificate)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        services(app).waiting.end()
        raise SystemExit

    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, stop)
    # Hardly anything here makes cycles, and what a store holds stays: at Python's own pace the
    # collector takes a tenth of a busy server's time.
    gc.freeze()
    gc.set_threshold(20_000)
    try:
        with announced(config.server_file, url, access.operator_token(), public):
            _welcome(public, access.pairing_code(), access.sign_in_secret(), config, as_json)
            warm(services(app).store)
            waitress.run()
    except SystemExit:
        pass
    finally:
        waitress.close()


def _listen(config: Config) -> socket.socket:
    place = f"{config.host}:{config.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except OSError as error:
        raise CannotServe(_why_not(error, place)) from None
    return made


def _why_not(error: OSError, place: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Something listens on {place} already; perhaps another Postil. "
            "Choose another port: postil serve --port 4478."
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on {place}. Choose a port above 1023."
    return f"Cannot listen on {place}: {error.strerror or error}."


def addresses(config: Config, port: int, certificate: Certificate | None) -> tuple[str, str]:
    """Where the command reaches the server, and where readers do."""
    url = _url(config.host, port, certificate)
    return url, config.url or _url(_name(config.host, certificate), port, certificate)


def _name(host: str, certificate: Certificate | None) -> str:
    """The name readers have to use: one the certificate is for, where there is one."""
    if certificate is None or not certificate.names or _reachable(host) in certificate.names:
        return host
    return min(certificate.names, key=lambda name: (_is_address(name), name))


def _url(host: str, port: int, certificate: Certificate | None) -> str:
    """An address that works on this machine, even where the server listens on all of them."""
    host = _reachable(host)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"http://{place}" if certificate is None else f"https://{place}"


def _reachable(host: str) -> str:
    if not _is_address(host):
        return host
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "::1"
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _welcome(url: str, code: str, secret: str, config: Config, as_json: bool) -> None:
    link, sign_in = pairing_link(url, code), sign_in_link(url, secret)
    if as_json:
        pairing = {"code": code, "link": link}
        click.echo(json.dumps({"url": url, "pairing": pairing, "sign_in": sign_in}))
        return
    database = is_database(config.store)
    notes = without_secrets(config.store) if database else config.data
    extension = built_extension() or Path("extension") / "dist"
    click.echo(
        f"""
  Postil is listening at {url}

  Open your library      {sign_in}
                         (works once; `postil sign-in` prints another)

  Pair a browser         code {code}, for ten minutes; or paste this link
                         into the extension's options:
                         {link}
                         (`postil pair` prints another)

  Load the extension
    Chrome, Chromium     chrome://extensions > Developer mode > Load unpacked >
                         {extension / "chrome"}
    Firefox              about:debugging#/runtime/this-firefox > Load Temporary Add-on >
                         {extension / "firefox" / "manifest.json"}

  Your notes are in      {notes}

  Stop with Ctrl+C.
"""
    )
