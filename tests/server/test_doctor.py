"""The commands that look after a machine."""

from __future__ import annotations

import json
import plistlib
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import click
import pytest
from processes import Server, run

from server.cli import main


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


def test_doctor_says_each_thing_as_json(data: Path) -> None:
    found = run("doctor", "--json", "--data", data, POSTIL_PORT="0")
    said = [json.loads(line) for line in found.stdout.splitlines()]
    assert len(said) > 4
    assert all(one["right"] is True for one in said if "extension" not in one["sentence"])


def test_doctor_names_what_is_wrong(data: Path) -> None:
    (data / "notes.json").write_text("{ this is not it")
    (data / "notes.json").chmod(0o644)
    data.chmod(0o755)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = run("doctor", "--data", data, POSTIL_PORT=port)
    assert found.returncode == 1
    for trouble in ("chmod 700", "chmod -R go=", "cannot be listened on", "not a TinyDB file"):
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
        assert "1 device is paired; last seen: Laptop, 20" in run("doctor", "--data", data).stdout
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


PRINTS_A_FILE = {"completion", "service", "export"}


def spoken(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from spoken(command, f"{name} ")
        else:
            yield f"{before}{name}", command


def test_whatever_a_command_says_it_says_as_json_too() -> None:
    commands = dict(spoken(main))
    assert len(commands) > 15
    without = {
        name
        for name, command in commands.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }
    assert without == PRINTS_A_FILE


def test_secrets_are_said_as_json_too(data: Path) -> None:
    server = Server(data, "--json")
    try:
        url = server.first_line()["url"]
        pairing = json.loads(run("pair", "--json", "--data", data).stdout)
        assert pairing["link"] == f"{url}/pair#{pairing['code']}"
        link = json.loads(run("sign-in", "--json", "--data", data).stdout)["link"]
        assert link.startswith(f"{url}/sign-in/")
    finally:
        server.stop()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_command(shell: str) -> None:
    assert "_POSTIL_COMPLETE" in run("completion", shell).stdout
