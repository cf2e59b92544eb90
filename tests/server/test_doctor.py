"""The commands that look after a machine."""

from __future__ import annotations

import json
import plistlib
import shlex
import socket
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from processes import Server, run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "with space"
    folder.mkdir(mode=0o700)
    return folder


def test_doctor_finds_a_running_server_well(data: Path) -> None:
    server = Server(data, "--json")
    try:
        server.first_line()
        found = run("doctor", "--data", data)
        assert "A server runs" in found.stdout
        assert "No browser is paired yet" in found.stdout
    finally:
        server.stop()


def test_doctor_names_what_is_wrong(data: Path) -> None:
    (data / "notes.json").write_text("{ this is not it")
    data.chmod(0o755)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = run("doctor", "--data", data, POSTIL_PORT=port)
    assert found.returncode == 1
    for trouble in ("chmod 700", "cannot be listened on", "not a TinyDB file"):
        assert trouble in found.stdout, found.stdout
    assert "Traceback" not in found.stdout + found.stderr


def test_devices_are_listed_and_revoked(data: Path) -> None:
    server = Server(data, "--json")
    try:
        said = server.first_line()
        body = json.dumps({"code": said["pairing"]["code"], "name": "Laptop"}).encode()
        kind = {"Content-Type": "application/json"}
        with urlopen(Request(f"{said['url']}/api/pair", body, kind)) as answer:
            paired = json.load(answer)
        listed = run("devices", "--data", data).stdout
        assert paired["device"] in listed
        assert "Laptop" in listed
        assert run("devices", "revoke", paired["device"], "--data", data).returncode == 0
    finally:
        server.stop()
    assert "Laptop" not in run("devices", "--data", data).stdout
    again = run("devices", "revoke", paired["device"], "--data", data)
    assert (again.returncode, "no device" in again.stderr) == (1, True)


def test_a_unit_for_systemd_quotes_what_it_must(data: Path) -> None:
    unit = run("service", "systemd", "--data", data).stdout
    [start] = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    assert shlex.split(start.removeprefix("ExecStart="))[-2:] == ["--data", str(data)]


def test_a_plist_for_launchd_is_one(data: Path) -> None:
    plist = plistlib.loads(run("service", "launchd", "--data", data).stdout.encode())
    assert plist["ProgramArguments"][-1] == str(data)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_command(shell: str) -> None:
    assert "_POSTIL_COMPLETE" in run("completion", shell).stdout
