"""Behind a proxy: who asks, by which name, under which path."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from asking import Clock, note, problem
from flask import Flask
from processes import Server

from server import create_app
from server.config import load
from server.current import services

PUBLIC = "https://notes.example.org/postil"
TOLD = {
    "HTTP_HOST": "127.0.0.1:4477",
    "HTTP_X_FORWARDED_HOST": "notes.example.org",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_FOR": "203.0.113.7",
}


def made(tmp_path: Path, **settings: Any) -> Flask:
    return create_app(load(data=tmp_path, environ={}, **settings), now=Clock())


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Flask]:
    app = made(tmp_path, url=PUBLIC, proxies=1)
    yield app
    services(app).store.close()


@pytest.mark.parametrize("taken_off", [True, False])
def test_every_link_leads_back_through_the_proxy(behind: Flask, taken_off: bool) -> None:
    client = behind.test_client(use_cookies=False)
    root = "" if taken_off else "/postil"
    secret = services(behind).access.sign_in_secret()
    entered = client.get(f"{root}/sign-in/{secret}", environ_overrides=TOLD)
    assert 'url=/postil/"' in entered.text
    cookie = entered.headers["Set-Cookie"]
    assert "Path=/postil/" in cookie
    assert "Secure" in cookie
    signed_in = TOLD | {"HTTP_COOKIE": cookie.split(";")[0]}
    page = client.get(f"{root}/", environ_overrides=signed_in)
    assert page.status_code == 200
    own = re.findall(r'(?:href|src|action|data-news)="(/[^"]*)"', page.text)
    assert len(own) > 6
    assert all(link.startswith("/postil/") for link in own)


def test_a_write_from_its_own_public_origin_is_let_in(behind: Flask) -> None:
    token = services(behind).access.operator_token()
    headers = {"Authorization": f"Bearer {token}", "Origin": "https://notes.example.org"}
    client = behind.test_client()
    answer = client.post("/api/annotations", json=note(), headers=headers, environ_overrides=TOLD)
    assert answer.status_code == 201
    assert answer.location.startswith("/postil/api/annotations/")
    headers["Origin"] = "https://evil.example"
    refused = client.post("/api/annotations", json=note(), headers=headers, environ_overrides=TOLD)
    problem(refused, 403, "foreign-origin")


def test_guesses_are_counted_by_who_makes_them(behind: Flask) -> None:
    client = behind.test_client()
    tries = [
        client.get(f"/sign-in/{n}", environ_overrides=TOLD | {"HTTP_X_FORWARDED_FOR": address})
        for address in ("203.0.113.7", "203.0.113.8")
        for n in range(15)
    ]
    assert {each.status_code for each in tries} == {403}


def test_without_the_setting_nobody_is_believed(tmp_path: Path) -> None:
    app = made(tmp_path)
    forged = TOLD | {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "localhost"}
    problem(app.test_client().get("/api/status", environ_overrides=forged), 421, "unknown-host")
    services(app).store.close()


def test_a_name_the_proxy_does_not_stand_for_is_refused(behind: Flask) -> None:
    forged = TOLD | {"HTTP_X_FORWARDED_HOST": "evil.example"}
    answer = behind.test_client().get("/api/status", environ_overrides=forged)
    problem(answer, 421, "unknown-host")


def nginx_settings(folder: Path, port: int, upstream: str) -> str:
    """What server/README.md says, for a port of the test's own."""
    readme = (Path(__file__).parents[2] / "server" / "README.md").read_text()
    found = re.search(r"( {4}location /postil/ \{.*?\n {4}\}\n)", readme, re.DOTALL)
    assert found is not None
    location = found[1].replace("http://127.0.0.1:4477", upstream)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""
        daemon off;
        master_process off;
        pid {folder}/pid;
        error_log {folder}/error.log;
        events {{ }}
        http {{
            {paths}
            access_log off;
            server {{
                listen 127.0.0.1:{port};
                {location}
            }}
        }}
    """


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def through_nginx(tmp_path: Path) -> Iterator[tuple[HTTPConnection, dict[str, Any], str]]:
    """A connection to nginx, what the server behind it announced, and the public address."""
    port = free_port()
    public = f"http://127.0.0.1:{port}/postil"
    served = Server(tmp_path / "data", "--json", "--url", public, "--proxy", "1")
    nginx = None
    try:
        said = served.first_line()
        folder = tmp_path / "nginx"
        folder.mkdir()
        settings = folder / "nginx.conf"
        upstream = (tmp_path / "data" / "server.json").read_text()
        address = re.search(r"http://127\.0\.0\.1:\d+", upstream)
        assert address is not None
        settings.write_text(nginx_settings(folder, port, address[0]))
        path = f"{os.environ['PATH']}:/usr/sbin"
        program = os.environ.get("NGINX") or shutil.which("nginx", path=path)
        assert program, "Install nginx (Debian: nginx-light), or set NGINX to where it is."
        nginx = subprocess.Popen([program, "-c", settings, "-p", folder])
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        _until_it_listens(port, nginx)
        yield connection, said, public
        connection.close()
    finally:
        if nginx is not None:
            nginx.terminate()
            nginx.wait(60)
        served.stop()


def _until_it_listens(port: int, nginx: subprocess.Popen[bytes]) -> None:
    while nginx.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("nginx ended at once")


def test_nginx_as_the_readme_has_it(through_nginx: Any) -> None:
    connection, said, public = through_nginx
    assert said["url"] == public
    assert said["pairing"]["link"].startswith(f"{public}/pair#")
    connection.request("GET", said["sign_in"])
    entered = connection.getresponse()
    entered.read()
    cookie = entered.headers["Set-Cookie"].split(";")[0]
    connection.request("GET", "/postil/", headers={"Cookie": cookie})
    page = connection.getresponse()
    assert (page.status, page.headers["Content-Security-Policy"] is not None) == (200, True)
    sheet = re.search(r'href="(/postil/static/library\.css)"', page.read().decode())
    assert sheet is not None
    connection.request("GET", sheet[1])
    style = connection.getresponse()
    assert (style.status, "serif" in style.read().decode()) == (200, True)
