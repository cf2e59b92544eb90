"""Settings: a flag wins over its POSTIL_* environment variable, which wins over the default."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_dir

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ACCOUNT = "default"
"""The one that is there without anybody adding it."""

_THIS_MACHINE = ("127.0.0.0/8", "::1")


class BadSetting(ValueError):
    """A setting that cannot be meant; the message is a sentence that names it."""


@dataclass(frozen=True)
class Config:
    """What the operator may decide. `SETTINGS` says what each is for."""

    host: str
    port: int
    data: Path
    store: str
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    backups: bool = True
    url: str = ""
    proxies: int = 0
    cert: Path | None = None
    key: Path | None = None
    account: str = ACCOUNT
    log: str = ""
    watchers: tuple[Network, ...] = ()
    workers: int = 1

    @property
    def prefix(self) -> str:
        """The path the server stands under where readers see it; '' for none."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def server_file(self) -> Path:
        """Where a running server leaves its address and the operator's token."""
        return self.data / "server.json"

    @property
    def backups_folder(self) -> Path:
        """Where daily backups go, and what stood before a restore."""
        return self.data / "backups"

    @property
    def imports_folder(self) -> Path:
        """Where processes tell one another which imports are under way, and which to stop."""
        return self.data / "imports"


SETTINGS = {
    "POSTIL_HOST": "the address to listen on; 127.0.0.1 (this machine only) by default",
    "POSTIL_PORT": "the port to listen on; 4477 by default, 0 = any free one",
    "POSTIL_DATA": "the folder for everything that is kept; the user's data folder by default",
    "POSTIL_STORE": "the store's address; tinydb:///<data folder>/notes.json by default",
    "POSTIL_HOSTS": "further host names this server answers to, separated by commas",
    "POSTIL_ORIGINS": "further web origins that may use the API (CORS), separated by commas",
    "POSTIL_URL": "the address readers reach the server at, where a proxy stands before it",
    "POSTIL_PROXY": "how many proxies stand before the server and are to be believed; 0 by default",
    "POSTIL_CERT": "a certificate (PEM), for https with no proxy; with its chain",
    "POSTIL_KEY": "the certificate's key (PEM), where it is not in the same file",
    "POSTIL_ACCOUNT": "whose notes a command is about; `default` unless there are more accounts",
    "POSTIL_LOG": "where to write a line for each request: `stderr`, or a file; nowhere by default",
    "POSTIL_METRICS": "further networks that may read /metrics and /healthz; `off` for nobody",
    "POSTIL_WORKERS": "how many processes serve; 1 by default, more with a database alone",
    "POSTIL_BACKUPS": "`off` for no daily backups; on by default",
}


def load(
    *,
    host: str | None = None,
    port: int | None = None,
    data: str | Path | None = None,
    store: str | None = None,
    url: str | None = None,
    proxies: int | None = None,
    cert: str | Path | None = None,
    key: str | Path | None = None,
    account: str | None = None,
    workers: int | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """Put the settings together. Raises `BadSetting`."""
    folder = Path(data or environ.get("POSTIL_DATA") or user_data_dir("postil")).expanduser()
    folder = folder.absolute()
    public = _url(url or environ.get("POSTIL_URL") or "")
    certificate = _path(cert or environ.get("POSTIL_CERT"))
    its_key = _path(key or environ.get("POSTIL_KEY"))
    if its_key and not certificate:
        raise BadSetting("POSTIL_KEY is a key without a certificate; name that in POSTIL_CERT.")
    return Config(
        host=host or environ.get("POSTIL_HOST") or "127.0.0.1",
        port=_port(port if port is not None else environ.get("POSTIL_PORT") or 4477),
        data=folder,
        store=store or environ.get("POSTIL_STORE") or f"tinydb://{folder / 'notes.json'}",
        hosts=_listed(environ.get("POSTIL_HOSTS", "")) | {urlsplit(public).netloc.lower()} - {""},
        origins=_listed(environ.get("POSTIL_ORIGINS", "")),
        backups=_switch("POSTIL_BACKUPS", environ.get("POSTIL_BACKUPS") or "on"),
        url=public,
        cert=certificate,
        key=its_key,
        log=_log(environ.get("POSTIL_LOG") or "off"),
        watchers=_watchers(environ.get("POSTIL_METRICS") or ""),
        account=account or environ.get("POSTIL_ACCOUNT") or ACCOUNT,
        workers=_workers(workers if workers is not None else environ.get("POSTIL_WORKERS") or 1),
        proxies=_count(proxies if proxies is not None else environ.get("POSTIL_PROXY") or 0),
    )


def _path(value: str | Path | None) -> Path | None:
    return Path(value).expanduser().absolute() if value else None


def _url(text: str) -> str:
    text = text.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        right = False
    if text and (not right or parts.query or parts.fragment):
        raise BadSetting(
            f"POSTIL_URL is `{text[:200]}`; write it like https://notes.example.org/postil."
        )
    return text


def _log(text: str) -> str:
    if text in ("off", "stderr"):
        return "" if text == "off" else text
    return str(_path(text))


def _watchers(text: str) -> tuple[Network, ...]:
    if text.strip().lower() == "off":
        return ()
    try:
        return tuple(map(ipaddress.ip_network, (*_THIS_MACHINE, *sorted(_listed(text)))))
    except ValueError as error:
        raise BadSetting(
            f"POSTIL_METRICS: {error}. Write addresses or networks, like 192.168.1.0/24, or `off`."
        ) from None


def _count(value: int | str) -> int:
    text = str(value).strip()
    if text.isascii() and text.isdigit() and int(text) <= 10:
        return int(text)
    raise BadSetting(f"POSTIL_PROXY is `{text[:80]}`; write how many proxies there are, 0 to 10.")


def _workers(value: int | str) -> int:
    text = str(value).strip()
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 100:
        return int(text)
    raise BadSetting(
        f"POSTIL_WORKERS is `{text[:80]}`; write how many processes shall serve, 1 to 100."
    )


def _port(value: int | str) -> int:
    text = str(value).strip()
    if text.isascii() and text.isdigit() and int(text) <= 65_535:
        return int(text)
    raise BadSetting(f"POSTIL_PORT is `{text[:80]}`; a port is a number from 0 to 65535.")


def _switch(name: str, text: str) -> bool:
    switches = {"on": True, "off": False}
    if text.strip().lower() not in switches:
        raise BadSetting(f"{name} is `{text[:80]}`; it can be `on` or `off`.")
    return switches[text.strip().lower()]


def _listed(text: str) -> frozenset[str]:
    parts = (part.strip().lower().rstrip("/") for part in text.split(","))
    return frozenset(part for part in parts if part)
