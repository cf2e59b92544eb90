"""The application: the API and the library's pages over one store."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from server import api, auth, behind, connections, errors, guard, health, library, ready, seen, w3c
from server.access import Access
from server.config import Config
from server.current import Services, provide
from server.metrics import Metrics
from server.request_log import RequestLog
from server.response import Response
from server.waiting import Waiting
from store.base import AnnotationStore, open_store


class _Application(Flask):
    """Flask, which asks of every function it calls whether it is a coroutine. None is."""

    response_class = Response

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(
    config: Config,
    store: AnnotationStore | None = None,
    now: Callable[[], float] = time.time,
) -> Flask:
    """The whole application over one store, which is opened by `config.store` unless given.

    Whoever creates the application closes the store: `services(app).store.close()`.
    """
    app = _Application(
        "server", static_folder="library/static", template_folder="library/templates"
    )
    store = store or open_store(config.store)
    waiting = Waiting(store)
    metrics = Metrics(store, waiting, config.store)
    provide(app, Services(config, store, Access(store, now), waiting, metrics))

    ready.install(app)
    behind.install(app, config)
    seen.install(app, [metrics.answered, *([RequestLog(config.log).write] if config.log else [])])
    errors.install(app)
    connections.install(app)
    guard.install(app)
    auth.install(app)

    app.register_blueprint(api.blueprint)
    app.register_blueprint(w3c.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(library.blueprint)
    return app
