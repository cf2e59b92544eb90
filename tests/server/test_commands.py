"""Backup, restore, check and trash on the command line, with the server running and without."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from asking import ARTICLE, note
from click.testing import Result
from flask.testing import FlaskClient
from processes import ROOT, Server, ask, environment, mode, paired, run, run_here

from server import create_app
from server.config import load
from server.current import services

NOWHERE = "0190f3c5-0000-7000-8000-000000000000"


class Notes(ABC):
    """A data folder with a few notes, in the hands of a server or in nobody's."""

    data: Path

    def write(self, text: str) -> str:
        made = self.ask("POST", "/api/annotations", note(note=text))
        id: str = made["id"]
        return id

    def delete(self, id: str) -> None:
        assert self.ask("DELETE", f"/api/annotations/{id}") is None

    def told(self) -> list[str]:
        page = self.ask("GET", f"/api/annotations?url={ARTICLE}")
        return sorted(one["note"] for one in page["annotations"])

    @abstractmethod
    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What the API answers, as a paired device is answered."""

    @abstractmethod
    def stop(self) -> None:
        """From now on the folder is in nobody's hands."""

    def run(self, *arguments: str | Path) -> Result:
        """A command on this folder."""
        return run_here(*arguments, "--data", self.data)

    def did(self, *arguments: str | Path) -> Any:
        """What a command that must go well said as JSON."""
        done = self.run(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


class Served(Notes):
    """By a server in a process of its own, which is started again where it was stopped."""

    def __init__(self, serve: Callable[..., Server]) -> None:
        self._serve = serve
        self._server = serve("--json")
        self.data = self._server.data
        said = self._server.first_line()
        self._url, self._token = said["url"], paired(said)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        if self._server.process.poll() is not None:
            self._server = self._serve("--json", data=self.data)
            self._url = self._server.first_line()["url"]
        status, answer = ask(self._url, method, path, self._token, body)
        assert status < 300, answer
        return answer if status != 204 else None

    def stop(self) -> None:
        assert self._server.stop() == 0


class Kept(Notes):
    """By nobody: what asks opens the folder, and leaves it again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        data.mkdir(mode=0o700)
        self._token = ""
        with self._opened() as client:
            code = services(client.application).access.pairing_code()
            paired = client.post("/api/pair", json={"code": code, "name": "test"})
        self._token = paired.json["token"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        with self._opened() as client:
            answer = client.open(path, method=method, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.status_code != 204 else None

    def stop(self) -> None:
        """It is so already."""

    @contextmanager
    def _opened(self) -> Iterator[FlaskClient]:
        app = create_app(load(data=self.data, environ={}))
        try:
            client = app.test_client()
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self._token}"
            yield client
        finally:
            services(app).store.close()


@pytest.fixture(params=["running", "stopped"])
def notes(request: pytest.FixtureRequest, serve: Callable[..., Server], tmp_path: Path) -> Notes:
    return Served(serve) if request.param == "running" else Kept(tmp_path / "data")


def test_a_backup_is_written_and_restored(notes: Notes, tmp_path: Path) -> None:
    notes.write("before")
    file = tmp_path / "backup.json.gz"
    made = notes.did("backup", file)
    assert made == {"path": str(file), "bytes": file.stat().st_size, "annotations": 1}
    assert mode(file) == 0o600
    notes.write("since")
    done = notes.did("restore", file, "--yes")
    assert (done["path"], done["annotations"]) == (str(file), 1)
    assert Path(done["kept"]).parent == notes.data / "backups"
    assert notes.told() == ["before"]
    notes.did("restore", done["kept"], "--yes")
    assert notes.told() == ["before", "since"]
    assert mode(notes.data / "backups") == 0o700


def test_people_are_told_what_was_done(notes: Notes, tmp_path: Path) -> None:
    notes.write("a note")
    said = notes.run("backup", tmp_path / "b.json").stdout
    assert str(tmp_path / "b.json") in said
    assert "1 notes" in said
    assert "verified" in said
    said = notes.run("restore", tmp_path / "b.json", "--yes").stdout
    assert "was restored" in said
    assert "is kept as" in said


def test_without_a_name_a_backup_gets_a_dated_one_here(notes: Notes, tmp_path: Path) -> None:
    notes.write("a note")
    (tmp_path / "here").mkdir()
    first = notes.did("backup", tmp_path / "here")
    assert Path(first["path"]).parent == tmp_path / "here"
    assert Path(first["path"]).name.startswith("postil-backup-20")
    done = subprocess.run(
        [sys.executable, "-m", "server", "backup", "--json", "--data", str(notes.data)],
        cwd=tmp_path / "here",
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        check=True,
    )
    assert Path(json.loads(done.stdout)["path"]).parent == tmp_path / "here"


def test_a_relative_name_is_where_the_command_runs(notes: Notes, tmp_path: Path) -> None:
    notes.write("a note")
    notes.run("backup", tmp_path / "first.json")
    there = os.path.relpath(tmp_path / "second.json", ROOT)
    assert notes.did("backup", there)["path"].endswith("second.json")
    assert (tmp_path / "second.json").read_bytes() == (tmp_path / "first.json").read_bytes()
    assert notes.run("restore", there, "--yes").exit_code == 0


def test_a_restore_asks_first(notes: Notes, tmp_path: Path) -> None:
    notes.write("stays")
    notes.did("backup", tmp_path / "b.json")
    notes.write("stays too")
    refused = notes.run("restore", tmp_path / "b.json")
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert on_a_terminal("n\n", "restore", tmp_path / "b.json", "--data", notes.data) == 1
    assert notes.told() == ["stays", "stays too"]
    assert on_a_terminal("y\n", "restore", tmp_path / "b.json", "--data", notes.data) == 0
    assert notes.told() == ["stays"]


def on_a_terminal(typed: str, *arguments: str | Path) -> int:
    """The exit code of a command whose question is answered with this."""
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    try:
        done = subprocess.run(
            [sys.executable, "-m", "server", *map(str, arguments)],
            cwd=ROOT,
            env=environment(),
            stdin=theirs,
            capture_output=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    return done.returncode


def test_what_cannot_be_done_is_said_in_words(notes: Notes, tmp_path: Path) -> None:
    notes.write("stays")
    (tmp_path / "bad").write_text("{")
    for arguments, said in (
        (("restore", tmp_path / "bad", "--yes"), "is not a TinyDB file"),
        (("backup", notes.data / "notes.json"), "of the store's own"),
        (("backup", tmp_path / "nowhere" / "b"), "no such file or directory"),
        (("trash", "restore", NOWHERE), "There is no note of this id"),
    ):
        failed = notes.run(*arguments)
        assert (failed.exit_code, said in failed.stderr) == (1, True), failed.stderr
        assert failed.stderr.startswith("Error: ")
    assert notes.run("restore", tmp_path / "missing", "--yes").exit_code == 2
    assert notes.told() == ["stays"]


def test_a_check_ends_with_1_until_what_is_wrong_is_mended(notes: Notes) -> None:
    notes.write("a note")
    said = notes.did("check")
    assert said["sound"]
    assert (said["report"]["findings"], said["report"]["annotations"]) == ([], 1)
    assert notes.run("check").stdout.startswith("All is well: 1 notes,")
    damaged = Damage(notes)
    failed = notes.run("check")
    assert failed.exit_code == 1
    assert "error: " in failed.stdout
    assert "Something is wrong" in failed.stdout
    assert not json.loads(notes.run("check", "--json").stdout)["sound"]
    mended = notes.run("check", "--repair")
    assert mended.exit_code == 0
    assert "repaired: " in mended.stdout
    assert notes.run("check").exit_code == 0
    assert notes.told() == damaged.left


class Damage:
    """Something wrong that a check finds: in a running store a spoiled journal, in another a
    document that is none."""

    def __init__(self, notes: Notes) -> None:
        journals = list(notes.data.glob("notes.json.journal-*"))
        file = notes.data / "notes.json"
        if (notes.data / "server.json").exists():
            spoiled = journals[-1].read_bytes().replace(b"a note", b"b note")
            journals[-1].write_bytes(spoiled)
            self.left = ["a note"]
        else:
            tables = json.loads(file.read_bytes())
            [document] = tables["default/annotations"].values()
            document["color"] = "red"
            file.write_text(json.dumps(tables))
            self.left = []


def test_the_trash_is_listed_restored_from_and_emptied(notes: Notes) -> None:
    kept, gone = notes.write("kept"), notes.write("gone")
    notes.delete(kept)
    notes.delete(gone)
    listed = notes.run("trash", "--json").stdout.splitlines()
    assert [json.loads(line)["annotation"]["id"] for line in listed] == [gone, kept]
    for name in ("list", None):
        plain = notes.run("trash", *([name] if name else [])).stdout.splitlines()
        assert [(kept in line, "kept" in line, ARTICLE in line) for line in plain] == [
            (False, False, True),
            (True, True, True),
        ]
    assert notes.did("trash", "restore", kept)["id"] == kept
    assert notes.told() == ["kept"]
    refused = notes.run("trash", "empty")
    assert (refused.exit_code, "--yes" in refused.stderr) == (2, True)
    assert notes.did("trash", "empty", "--yes") == {"emptied": 1}
    assert notes.run("trash").stdout == ""
    failed = notes.run("trash", "restore", gone)
    assert (failed.exit_code, "no longer in the trash" in failed.stderr) == (1, True)


@pytest.mark.parametrize("command", ["backup", "check", "trash"])
def test_where_there_are_no_notes_none_are_made(command: str, tmp_path: Path) -> None:
    failed = run_here(command, "--data", tmp_path / "typo")
    assert failed.exit_code == 1
    assert "There are no notes in" in failed.stderr
    assert not (tmp_path / "typo").exists()
    failed = run_here(command, "--data", tmp_path)
    assert (failed.exit_code, "There are no notes in" in failed.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_somebody_spoiled_is_said_by_every_command(notes: Notes) -> None:
    notes.write("spoiled")
    notes.stop()
    file = notes.data / "notes.json"
    file.write_bytes(file.read_bytes().replace(b'"green"', b'"red"', 1))
    tables = json.loads(file.read_bytes())
    file.write_text(json.dumps(tables))  # as another program writes it
    failed = run_here("export", "--data", notes.data)
    assert failed.exit_code == 1
    assert "`postil check --repair` takes it out" in failed.stderr
    assert run_here("check", "--repair", "--data", notes.data).exit_code == 0
    assert run_here("export", "--data", notes.data).exit_code == 0


def test_a_new_machine_gets_everything_by_a_restore(notes: Notes, tmp_path: Path) -> None:
    notes.write("moved")
    notes.did("backup", tmp_path / "backup.json.gz")
    new = tmp_path / "new" / "data"
    done = run_here("restore", tmp_path / "backup.json.gz", "--yes", "--data", new)
    assert done.exit_code == 0, done.stderr
    assert mode(new) == 0o700
    checked = json.loads(run_here("check", "--json", "--data", new).stdout)
    assert (checked["sound"], checked["report"]["annotations"]) == (True, 1)


def test_a_store_that_cannot_be_opened_is_replaced_by_a_backup(
    notes: Notes, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    notes.write("safe")
    notes.did("backup", tmp_path / "backup.json.gz")
    notes.stop()
    (notes.data / "notes.json").write_bytes(b"scribbled over")
    for file in notes.data.glob("notes.json.previous*"):
        file.unlink()
    for command in (["check"], ["serve", "--port", "0"], ["backup", tmp_path / "other"]):
        failed = run_here(*command, "--data", notes.data)
        assert failed.exit_code == 1
        assert "is not a TinyDB file" in failed.stderr
        assert "`postil restore FILE` puts a backup in its place" in failed.stderr
    (tmp_path / "bad").write_bytes(b"bad")
    assert run_here("restore", tmp_path / "bad", "--yes", "--data", notes.data).exit_code == 1
    assert (notes.data / "notes.json").read_bytes() == b"scribbled over"
    done = notes.did("restore", tmp_path / "backup.json.gz", "--yes")
    assert done["annotations"] == 1
    assert (Path(done["kept"]) / "notes.json").read_bytes() == b"scribbled over"
    assert mode(Path(done["kept"])) == 0o700
    assert notes.told() == ["safe"]  # and the device is known, by the backup


def test_a_server_backs_up_by_itself_unless_it_is_told_not_to(
    serve: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = serve("--json")
    said = first.first_line()
    ask(said["url"], "POST", "/api/annotations", paired(said), note())
    first.stop()
    assert not (first.data / "backups").exists()  # there was nothing yet when it began
    again = serve("--json")
    again.first_line()
    again.stop()  # which lets a backup end
    [made] = (first.data / "backups").iterdir()
    done = run_here("restore", made, "--yes", "--json", "--data", tmp_path / "new")
    assert json.loads(done.stdout)["annotations"] == 1


def test_a_setting_that_is_no_switch_is_refused(tmp_path: Path) -> None:
    failed = run("check", "--data", tmp_path, POSTIL_BACKUPS="maybe")
    assert failed.returncode == 2
    assert "POSTIL_BACKUPS" in failed.stderr
