"""What whoever looks after the server may ask: whether it is well, and what it has counted.

Both are for this machine alone, unless `POSTIL_METRICS` names other networks. A proxy on this
machine makes the whole world look like it; so whatever came by way of one is not of this machine,
whoever it says it comes from.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, request
from msgspec import Struct

from server import metrics
from server.auth import open_to_all
from server.behind import came_by_proxy
from server.config import Config
from server.current import services
from server.described import Media, described
from server.errors import Problem
from server.version import VERSION
from server.wire import answer

blueprint = Blueprint("health", __name__)

_ROOM = 16 * 1024 * 1024  # bytes; with less, the next notes may be refused


class Health(Struct, frozen=True):
    """That all is well."""

    status: str
    version: str


def for_watchers(view: Callable[[], Response]) -> Callable[[], Response]:
    """Show a view to nobody but those who look after the server."""

    @wraps(view)
    def guarded() -> Response:
        if not _is_watcher(services().config):
            raise Problem(404, "not-found", "Nothing is kept at this address.")
        return view()

    return guarded


@blueprint.get("/healthz")
@described(answers={200: Health}, problems=(404, 507))
@open_to_all
@for_watchers
def health() -> Response:
    """Whether notes can be read and written; 503 or 507 where they cannot."""
    store, folder = services().store, services().config.data
    store.epoch()
    store.totals()
    if not os.access(folder, os.W_OK):
        raise Problem(503, "storage-unwritable", f"{folder} cannot be written to.")
    if shutil.disk_usage(folder).free < _ROOM:
        raise Problem(507, "storage-full", f"The disk of {folder} is full. Make some room.")
    return answer(Health("ok", VERSION), headers={"Cache-Control": "no-store"})


@blueprint.get("/metrics")
@described(answers={200: Media("text/plain")}, problems=(404,))
@open_to_all
@for_watchers
def show_metrics() -> Response:
    """What was counted since the server started, in Prometheus' text format 0.0.4."""
    text = services().metrics.text()
    headers = {"Cache-Control": "no-store"}
    return Response(text, content_type=metrics.CONTENT_TYPE, headers=headers)


def _is_watcher(config: Config) -> bool:
    try:
        peer = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False  # a socket that has no address
    if isinstance(peer, ipaddress.IPv6Address):
        peer = peer.ipv4_mapped or peer
    if came_by_proxy() and (peer.is_loopback or not config.proxies):
        return False
    return any(peer in network for network in config.watchers)
