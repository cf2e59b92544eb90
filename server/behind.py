"""Standing behind a reverse proxy: who really asks, by which name, and under which path.

A proxy says so in `X-Forwarded-*`, and anybody can write those headers; so exactly as many are
believed as the operator says there are proxies (`POSTIL_PROXY`), and without it none. The path the
server stands under is the operator's to say too (`POSTIL_URL`): proxies differ in whether they take
it off, and both ways work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from server.config import Config

_TOLD = tuple(
    f"HTTP_{name}"
    for name in "X_FORWARDED_FOR X_FORWARDED_HOST X_FORWARDED_PROTO X_FORWARDED_PORT "
    "X_FORWARDED_BY X_FORWARDED_PREFIX X_REAL_IP FORWARDED VIA".split()
)
_BY_PROXY = "postil.by_proxy"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def install(app: Flask, config: Config) -> None:
    """Put what the settings say before `app`."""
    wsgi: Wsgi = app.wsgi_app
    if config.prefix:
        wsgi = _under(config.prefix, wsgi)
    if config.proxies:
        wsgi = ProxyFix(wsgi, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies)
    vars(app)["wsgi_app"] = _noting_proxies(wsgi)


def came_by_proxy() -> bool:
    """Whether this request passed through a proxy that says so, believed or not."""
    return bool(request.environ.get(_BY_PROXY))


def _noting_proxies(wsgi: Wsgi) -> Wsgi:
    def noting(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ[_BY_PROXY] = any(name in environ for name in _TOLD)
        return wsgi(environ, start)

    return noting


def _under(prefix: str, wsgi: Wsgi) -> Wsgi:
    def mounted(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ["SCRIPT_NAME"] = prefix
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(f"{prefix}/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return wsgi(environ, start)

    return mounted
