"""The `postil` command and its server, each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from click.testing import CliRunner, Result

import server
from server.cli import main
from server.config import SETTINGS

ROOT = Path(server.__file__).parents[1]
WAIT = 60


class Server:
    """A server in a process of its own."""

    complaints = b""
    """What it wrote to stderr until it was stopped."""

    def __init__(self, data: Path, *flags: str, **env: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "serve", "--port", "0", "--data", data, *flags],
            cwd=ROOT,
            env=environment(**env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def first_line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1].decode()
        said: dict[str, Any] = json.loads(line)
        return said

    def stop(self, how: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, self.complaints = self.process.communicate(timeout=WAIT)
        return self.process.returncode


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTIL_")}
    return kept | more


def run(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(**env),
        capture_output=True,
        check=False,
        text=True,
        timeout=WAIT,
    )


def run_here(*arguments: str | Path) -> Result:
    """A command in this process: for what it does, where another test shows that it starts."""
    unset: dict[str, str | None] = dict.fromkeys(SETTINGS)
    return CliRunner().invoke(main, list(map(str, arguments)), env=unset)


def ask(url: str, method: str, path: str, token: str = "", body: Any = None) -> tuple[int, Any]:
    address = urlsplit(url)
    assert address.hostname
    connection = HTTPConnection(address.hostname, address.port, timeout=WAIT)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        data = response.read()
        return response.status, json.loads(data) if "json" in response.headers[
            "Content-Type"
        ] else data.decode()
    finally:
        connection.close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def paired(said: dict[str, Any]) -> str:
    body = {"code": said["pairing"]["code"], "name": "test"}
    token: str = ask(said["url"], "POST", "/api/pair", body=body)[1]["token"]
    return token
