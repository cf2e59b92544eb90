"""Several processes that serve one database, for more readers than one process can.

Gunicorn starts them, and starts another where one has died. Each opens the database for itself;
none has anything in memory that another would miss: answers that stand ready are asked about each
time (`server.ready`), and those who wait are told by the database. Only what is counted (metrics,
tries by one address, places to wait) is each one's own.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, MutableMapping
from contextlib import suppress
from datetime import datetime
from types import FrameType
from typing import Any

from filelock import FileLock, Timeout
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import ThreadWorker

from server.access import Access
from server.application import create_app
from server.certificate import Certificate
from server.config import Config
from server.current import services
from server.daily import Daily, DailyRound
from server.hung_up import has_hung_up
from server.running import announced
from server.serving import CONNECTIONS, THREADS, Welcome, addresses
from store.base import open_store


def serve_with_workers(
    config: Config, listening: socket.socket, certificate: Certificate | None, welcome: Welcome
) -> None:
    """Serve until SIGTERM or SIGINT, then let each process finish what runs in it."""
    store = open_store(config.store)
    try:
        access = Access(store, time.time)
        token = access.operator_token()
        code, secret = access.pairing_code(), access.sign_in_secret()
    finally:
        store.close()  # before there are others: a connection is no good in two processes
    listening.listen(CONNECTIONS)
    url, public = addresses(config, listening.getsockname()[1], certificate)
    with announced(config.server_file, url, token, public):
        welcome(public, code, secret)
        _Workers(config, token, listening).run()


class _Workers(BaseApplication):
    """What gunicorn asks for."""

    def __init__(self, config: Config, token: str, listening: socket.socket) -> None:
        self._config = config
        self._token = token
        self._listening = listening
        super().__init__()

    def load_config(self) -> None:
        config = self._config
        settings = {
            "bind": f"fd://{self._listening.fileno()}",
            "workers": config.workers,
            "worker_class": PostilWorker,
            "threads": THREADS,
            "worker_connections": CONNECTIONS,
            "keepalive": 75,
            "graceful_timeout": 30,
            "limit_request_line": 0,  # an address may take 12 KiB; a proxy caps what is no address
            "forwarded_allow_ips": "",  # server/behind.py sees to them
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "postil",
            "worker_exit": _left,
        }
        if config.cert is not None:
            settings |= {"certfile": str(config.cert), "keyfile": str(config.key or config.cert)}
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> _Noticing:
        """One process's application; called there."""
        app = create_app(self._config)
        services(app).access.operator_token(self._token)
        daily = Daily(_SharedRound(app, self._config))
        daily.start()
        app.extensions["postil.daily"] = daily
        return _Noticing(app)

    def run(self) -> None:
        _Stopping(self).run()


class _Stopping(Arbiter):
    """The process above those that serve."""

    def stop(self, graceful: bool = True) -> None:
        """End all of them. One that is told to while it still starts has not failed to."""
        while True:
            with suppress(HaltServer):
                super().stop(graceful)
                return


class PostilWorker(ThreadWorker):
    """A process that serves."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and keep nobody waiting for news until then."""
        if isinstance(self.wsgi, _Noticing):
            services(self.wsgi.app).waiting.end()
        super().handle_exit(sig, frame)


class _Noticing:
    """Lets long polls see that somebody has hung up, as waitress does by itself."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(
        self, environ: MutableMapping[str, Any], start: Callable[..., Any]
    ) -> Iterable[bytes]:
        connection = environ["gunicorn.socket"]
        environ["waitress.client_disconnected"] = lambda: has_hung_up(connection)
        return self.app(dict(environ), start)


class _SharedRound(DailyRound):
    """The daily round, which one process at a time goes."""

    def __init__(self, app: Flask, config: Config) -> None:
        super().__init__(services(app).store, config)
        self._turn = FileLock(config.data / "daily.lock")

    def once(self, now: datetime) -> None:
        try:
            with self._turn.acquire(blocking=False):
                super().once(now)
        except Timeout:
            return


def _left(_arbiter: Arbiter, worker: Worker) -> None:
    app = getattr(worker, "wsgi", None)
    if isinstance(app, _Noticing):
        app.app.extensions["postil.daily"].stop()
        services(app.app).store.close()
