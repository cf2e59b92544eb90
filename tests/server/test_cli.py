"""The `postil` command, run for real: its own process, its own port."""

from __future__ import annotations

import json
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from asking import note
from click import Context
from click.testing import CliRunner
from processes import WAIT, Server, ask, mode, paired, run
from web_annotation import check_collection

from server.cli import main


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def test_the_first_line_says_everything_a_program_needs(serve: Callable[..., Server]) -> None:
    said = serve("--json").first_line()
    assert said.keys() == {"url", "pairing", "sign_in"}
    code = said["pairing"]["code"]
    assert said["pairing"]["link"] == f"{said['url']}/pair#{code}"
    status, paired = ask(said["url"], "POST", "/api/pair", body={"code": code, "name": "test"})
    assert status == 201
    assert ask(said["url"], "GET", "/api/status", paired["token"])[1]["annotations"] == 0
    status, page = ask(said["url"], "GET", urlsplit(said["sign_in"]).path)
    assert status == 200
    assert "Welcome" in page


def test_people_are_told_how_to_go_on(serve: Callable[..., Server]) -> None:
    started = serve()
    assert started.process.stdout is not None
    said = ""
    while "Stop with Ctrl+C" not in said:
        line = started.process.stdout.readline().decode()
        assert line
        said += line
    assert "/sign-in/" in said
    assert "/pair#" in said
    assert str(started.data) in said
    assert "chrome://extensions" in said
    assert "about:debugging" in said
    assert str(Path("extension") / "dist" / "chrome") in said
    assert str(Path("extension") / "dist" / "firefox" / "manifest.json") in said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(serve: Callable[..., Server], how: signal.Signals) -> None:
    started = serve("--json")
    started.first_line()
    assert (started.data / "server.json").exists()
    assert started.stop(how) == 0
    assert not (started.data / "server.json").exists()


def test_what_it_keeps_is_its_owners_alone(serve: Callable[..., Server]) -> None:
    started = serve("--json")
    started.first_line()
    assert mode(started.data) == 0o700
    files = [path for path in started.data.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"server.json", "notes.json.lock"}
    assert {mode(path) for path in files} == {0o600}


def test_a_folder_open_to_others_is_closed(serve: Callable[..., Server], tmp_path: Path) -> None:
    data = tmp_path / "open"
    data.mkdir(mode=0o755)
    serve("--json", data=data).first_line()
    assert mode(data) == 0o700


def test_notes_survive_a_kill(serve: Callable[..., Server]) -> None:
    first = serve("--json")
    said = first.first_line()
    token = paired(said)
    assert ask(said["url"], "POST", "/api/annotations", token, note())[0] == 201
    first.stop(signal.SIGKILL)
    again = serve("--json").first_line()
    status, page = ask(again["url"], "GET", f"/api/annotations?url={note()['url']}", token)
    assert status == 200
    assert [one["note"] for one in page["annotations"]] == [note()["note"]]


def test_a_second_server_on_the_same_notes_is_refused_in_words(
    serve: Callable[..., Server],
) -> None:
    started = serve("--json")
    started.first_line()
    second = run("serve", "--port", "0", "--data", started.data)
    assert second.returncode == 1
    assert "Traceback" not in second.stderr
    assert second.stderr.startswith("Error: ")
    assert (started.data / "server.json").exists()


def test_a_port_in_use_is_said_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        failed = run("serve", "--port", str(port), "--data", tmp_path / "data")
    assert failed.returncode == 1
    assert f"127.0.0.1:{port} already" in failed.stderr
    assert "--port" in failed.stderr
    assert not (tmp_path / "data" / "server.json").exists()


def test_a_folder_that_cannot_be_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failed = run("serve", "--port", "0", "--data", tmp_path / "file" / "data")
    assert failed.returncode == 1
    assert "data folder" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_pair_prints_a_fresh_code_that_works(serve: Callable[..., Server]) -> None:
    started = serve("--json")
    said = started.first_line()
    printed = run("pair", "--data", started.data)
    assert printed.returncode == 0
    code, link = printed.stdout.split()
    assert code != said["pairing"]["code"]
    assert link == f"{said['url']}/pair#{code}"
    assert ask(said["url"], "POST", "/api/pair", body={"code": code, "name": "x"})[0] == 201


def test_sign_in_prints_a_fresh_link_that_works(serve: Callable[..., Server]) -> None:
    started = serve("--json")
    said = started.first_line()
    link = run("sign-in", "--data", started.data).stdout.strip()
    assert link != said["sign_in"]
    assert ask(said["url"], "GET", urlsplit(link).path)[0] == 200


@pytest.mark.parametrize("command", ["pair", "sign-in"])
def test_without_a_server_they_say_so(command: str, tmp_path: Path, runner: CliRunner) -> None:
    result = runner.invoke(main, [command, "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "No server runs" in result.output
    assert "postil serve" in result.output


def test_a_file_left_by_a_killed_server_is_no_server(serve: Callable[..., Server]) -> None:
    started = serve("--json")
    started.first_line()
    started.stop(signal.SIGKILL)
    assert (started.data / "server.json").exists()
    failed = run("pair", "--data", started.data)
    assert failed.returncode == 1
    assert "No server runs" in failed.stderr
    assert run("export", "--data", started.data).returncode == 0


def test_export_is_the_same_with_the_server_and_without(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    started = serve("--json")
    said = started.first_line()
    ask(said["url"], "POST", "/api/annotations", paired(said), note())
    through = run("export", "--data", started.data)
    assert started.stop() == 0
    without = run("export", "--data", started.data, "--format", "w3c")
    assert through.returncode == without.returncode == 0
    assert through.stdout == without.stdout
    assert len(check_collection(json.loads(through.stdout))) == 1


def test_export_to_a_file_leaves_the_old_one_until_the_new_one_is_whole(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    started = serve("--json")
    started.first_line()
    output = tmp_path / "notes.jsonld"
    assert run("export", "--data", started.data, "--output", output).returncode == 0
    assert check_collection(json.loads(output.read_bytes())) == []
    started.stop()
    (started.data / "notes.json").write_bytes(b"not a store")
    failed = run("export", "--data", started.data, "--output", output)
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert check_collection(json.loads(output.read_bytes())) == []
    assert not list(tmp_path.glob("*.part"))


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    failed = run("serve", POSTIL_PORT="many", POSTIL_DATA=str(tmp_path))
    assert failed.returncode == 2
    assert "POSTIL_PORT" in failed.stderr


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["serve", "--nonsense"], ["export", "--format", "docx"], ["--port", "x"],
     ["serve", "--port", "70000"], ["pair", "more"]],
)  # fmt: skip
def test_wrong_usage_is_2(runner: CliRunner, arguments: list[str]) -> None:
    result = runner.invoke(main, arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.output


def test_a_store_of_another_kind_is_refused_in_words(tmp_path: Path) -> None:
    failed = run("serve", "--port", "0", "--data", tmp_path / "d", "--store", "mysql://x")
    assert failed.returncode == 1
    assert "tinydb://" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_every_command_explains_itself(runner: CliRunner) -> None:
    overview = runner.invoke(main, ["--help"])
    assert overview.exit_code == 0
    context = Context(main)
    for name in main.list_commands(context):
        assert name in overview.output
        command = main.get_command(context, name)
        assert command is not None
        assert command.help
        assert runner.invoke(main, [name, "--help"]).exit_code == 0
    assert "postil" in runner.invoke(main, ["--version"]).output


def test_many_clients_at_once_are_all_served(serve: Callable[..., Server]) -> None:
    said = serve("--json").first_line()
    token = paired(said)
    statuses: list[int] = []

    def work(worker: int) -> None:
        for number in range(10):
            body = note(note=f"{worker}.{number}")
            statuses.append(ask(said["url"], "POST", "/api/annotations", token, body)[0])

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert statuses == [201] * 80
    assert ask(said["url"], "GET", "/api/status", token)[1]["annotations"] == 80
