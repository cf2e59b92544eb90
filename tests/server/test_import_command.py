"""`postil export` and `postil import`, with the server running and without."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import ARTICLE
from click.testing import CliRunner, Result
from processes import ROOT, WAIT, Server, environment

from server.cli import main
from server.config import SETTINGS

LINES = "".join(
    json.dumps({"url": f"{ARTICLE}/{n % 2}", "note": f"Note {n}", "tags": ["odd"] * (n % 2)}) + "\n"
    for n in range(4)
)
BAD = '{"note": "without a place"}\n'


def postil(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    unset: dict[str, str | None] = dict.fromkeys(SETTINGS)
    return CliRunner().invoke(main, list(map(str, arguments)), env=unset, input=given)


@pytest.fixture(params=["with a server", "without one"])
def data(request: pytest.FixtureRequest, serve: Callable[..., Server], tmp_path: Path) -> Path:
    """A data folder with no notes in it yet."""
    folder = tmp_path / "data"
    if request.param == "with a server":
        serve("--json", data=folder).first_line()
    return folder


def test_what_is_piped_in_comes_out_again(data: Path, tmp_path: Path) -> None:
    came = postil("import", "-", "--format", "ndjson", "--data", data, given=LINES)
    assert (came.exit_code, came.stdout) == (0, "4 added, 0 updated, 0 unchanged.\n")
    out = postil("export", "--format", "ndjson", "--output", "-", "--data", data)
    assert out.exit_code == 0
    notes = [json.loads(line) for line in out.stdout_bytes.splitlines()]
    assert sorted(note["note"] for note in notes) == [f"Note {n}" for n in range(4)]

    file = tmp_path / "notes.ndjson"
    file.write_bytes(out.stdout_bytes)
    again = postil("import", file, "--data", data)
    assert (again.exit_code, again.stdout) == (0, "0 added, 0 updated, 4 unchanged.\n")

    few = postil("export", "--format", "ndjson", "--q", "tag:odd", "--data", data)
    assert few.stdout.count("\n") == 2
    one = postil("export", "--format", "ndjson", "--url", f"{ARTICLE}/0", "--data", data)
    assert one.stdout.count("\n") == 2


def test_what_cannot_be_taken_is_named_with_its_place(data: Path) -> None:
    arguments = ("import", "-", "--format", "ndjson", "--data", data)
    came = postil(*arguments, given=LINES + BAD)
    assert came.exit_code == 1
    assert came.stderr.startswith("Line 5: rejected. ")
    assert came.stdout == "4 added, 0 updated, 0 unchanged, 1 not taken.\n"
    told = postil(*arguments, "--dry-run", "--json", given=BAD + LINES)
    assert told.exit_code == 1
    said = [json.loads(line) for line in told.stdout.splitlines()]
    assert [one.get("status") for one in said] == ["rejected", *["unchanged"] * 4, None]
    assert said[-1]["summary"]["dry_run"] is True


def test_a_file_of_no_format_fails_in_words(data: Path, tmp_path: Path) -> None:
    came = postil("import", "-", "--data", data, given="Hello")
    assert came.exit_code == 1
    assert came.stderr.startswith("Error: No format")
    wrong = postil("import", "-", "--format", "ndjson", "--data", data, given="Hello")
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("Error: This is not")


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert postil("import", tmp_path / "nowhere", "--data", tmp_path).exit_code == 2
    assert postil("import", "--data", tmp_path).exit_code == 2


def test_a_bar_is_shown_on_a_terminal_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.ndjson"
    file.write_text(LINES)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "server", "import", file, "--format", "ndjson"]
    with subprocess.Popen(
        [*command, "--data", tmp_path / "data"],
        cwd=ROOT, env=environment(TERM="xterm"), stderr=theirs, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        os.close(theirs)
        out, _ = process.communicate(timeout=WAIT)
        shown = os.read(ours, 64 * 1024).decode()
    os.close(ours)
    assert out == b"4 added, 0 updated, 0 unchanged.\n"
    assert "4 notes" in shown
    assert "100%" in shown
