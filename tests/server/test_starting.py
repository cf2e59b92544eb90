"""What a command loads before it does its work: what it needs, and nothing of what serves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import pytest
from asking import note
from processes import WAIT, Server, ask, paired, run

from server.commands.format_names import READ, WRITTEN
from server.formats import READERS, WRITERS

SERVES = set(
    "flask werkzeug jinja2 waitress gunicorn limits bleach markdown_it prometheus_client segno "
    "sqlalchemy tinydb ada_url asyncio".split()
)
TELLING = {"PYTHONPROFILEIMPORTTIME": "1"}


def loaded(said: str) -> set[str]:
    """The packages a process loaded, as it told on stderr."""
    packages = set(re.findall(r"^import time:.*\| +(\w+)", said, re.MULTILINE))
    assert "contextlib" in packages
    return packages


@pytest.mark.parametrize("arguments", ["--version", "--help", "pair --help", "service systemd"])
def test_what_needs_no_server_loads_none(arguments: str) -> None:
    done = run(*arguments.split(), **TELLING)
    assert done.returncode == 0
    assert loaded(done.stderr) & SERVES == set()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("postil dev", "devices"), ("postil devices re", "revoke"), ("postil pair --js", "--json")],
)
def test_a_shell_completes_what_is_typed_and_waits_for_no_server(
    typed: str, completed: str
) -> None:
    place = str(len(typed.split()) - 1)
    asked = {"COMP_WORDS": typed, "COMP_CWORD": place, "_POSTIL_COMPLETE": "bash_complete"}
    done = run(**asked, **TELLING)
    assert done.stdout.split() == [f"plain,{completed}"]
    assert loaded(done.stderr) & SERVES == set()


@pytest.fixture
def running(serve: Callable[..., Server]) -> Server:
    """A server that holds a note."""
    started = serve("--json")
    said = started.first_line()
    assert ask(said["url"], "POST", "/api/annotations", paired(said), note())[0] == 201
    return started


def test_what_asks_a_running_server_loads_none_of_its_own(running: Server, tmp_path: Path) -> None:
    file = tmp_path / "notes.ndjson"
    for arguments in (
        "pair",
        "sign-in",
        "devices",
        "account list",
        "trash",
        "check",
        f"backup {tmp_path / 'backup.json'}",
        f"restore {tmp_path / 'backup.json'} --yes",
        f"export --format ndjson --output {file}",
        f"import {file}",
    ):
        done = run(*arguments.split(), "--data", running.data, **TELLING)
        assert done.returncode == 0, done.stderr
        assert loaded(done.stderr) & SERVES == set(), arguments
    assert json.loads(file.read_bytes())["note"] == note()["note"]


def test_a_server_loads_what_counts_guesses_with_the_first_guess(
    serve: Callable[..., Server],
) -> None:
    for guessed in (False, True):
        started = serve("--json", **TELLING)
        said = started.first_line()
        assert ask(said["url"], "GET", "/api/status")[0] == 200
        if guessed:
            paired(said)
        started.process.terminate()
        loading = loaded(started.process.communicate()[1].decode())
        assert "flask" in loading
        assert ("limits" in loading) is guessed
        assert "bleach" not in loading


def test_a_server_with_notes_loads_what_shows_them_while_nobody_waits(
    running: Server, serve: Callable[..., Server]
) -> None:
    running.stop()
    again = serve("--json", **TELLING)
    assert again.process.stderr is not None
    giving_up = Timer(WAIT, again.process.kill)
    giving_up.start()
    try:
        assert any(line.split()[-1] == b"bleach" for line in again.process.stderr)
    finally:
        giving_up.cancel()


def test_the_command_knows_every_format_by_name() -> None:
    assert list(WRITTEN) == sorted(WRITERS)
    assert list(READ) == sorted(READERS)
