"""Moving house, and a database that was put back, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.config import SETTINGS
from store.base import open_store
from store.errors import ResyncRequired
from tests.store.making import highlight, operation
from tests.store.postgresql import Cluster


def run(*arguments: str) -> Result:
    unset: dict[str, str | None] = dict.fromkeys(SETTINGS)
    return CliRunner().invoke(main, list(arguments), env=unset)


@pytest.fixture
def file(tmp_path: Path) -> str:
    url = f"tinydb://{tmp_path}/notes.json"
    store = open_store(url)
    store.apply("default", "A", [highlight(op=n, note=f"note {n}") for n in range(1, 4)])
    store.close()
    return url


def test_notes_move_into_a_database_and_back(file: str, cluster: Cluster, tmp_path: Path) -> None:
    database, back = cluster.database(), f"tinydb://{tmp_path}/back.json"
    moved = run("migrate", file, database, "--json")
    assert moved.exit_code == 0, moved.output
    assert json.loads(moved.stdout)["records"] == 3
    assert "3 notes" in run("migrate", database, back).stdout
    assert (tmp_path / "back.json").stat().st_mode & 0o777 == 0o600
    stores = [open_store(url) for url in (file, database, back)]
    assert len({(store.epoch(), str(store.cursor("default"))) for store in stores}) == 1
    for store in stores:
        store.close()


def test_what_cannot_be_moved_is_said_in_a_sentence(file: str, cluster: Cluster) -> None:
    database = cluster.database()
    store = open_store(database)
    store.apply("ada", "A", [highlight()])
    store.close()
    for arguments, code, said in (
        ((file, database), 1, "something already where you want to move: accounts ada"),
        ((file, file), 2, "the same store"),
        ((file, "nowhere"), 1, "not the address of a store"),
        ((file, "postgresql://postil@127.0.0.1:1/x"), 1, "cannot be reached"),
    ):
        answer = run("migrate", *arguments)
        assert (answer.exit_code, said in answer.stderr) == (code, True), answer.stderr
    assert run("migrate", file, database, "--replace").exit_code == 0
    store = open_store(database)
    assert store.accounts() == ["default"]
    store.close()


def test_commands_work_on_a_database_as_on_a_file(cluster: Cluster, tmp_path: Path) -> None:
    database = cluster.database()
    here = ("--data", str(tmp_path), "--store", database)
    assert run("account", "add", "ada", *here).exit_code == 0
    store = open_store(database)
    store.apply("default", "A", [highlight(note="on the command line")])
    store.close()
    assert "1 notes" in run("check", *here).stdout
    made = json.loads(run("backup", str(tmp_path / "b.gz"), "--json", *here).stdout)
    assert made["annotations"] == 1
    assert "on the command line" in run("export", *here).stdout
    assert run("restore", str(tmp_path / "b.gz"), "--yes", *here).exit_code == 0


def test_a_database_put_back_has_devices_send_what_was_lost(cluster: Cluster) -> None:
    database = cluster.database()
    store = open_store(database)
    op = highlight(op=1, note="before the dump")
    store.apply("default", "A", [op])
    cluster.copy(database)
    lost, edit = highlight(op=2, note="lost"), operation(op.id, base=1, set={"note": "lost too"})
    store.apply("default", "A", [lost, edit])
    seen = store.changes("default", None, 10).cursor
    store.close()
    cluster.put_back(database)
    again = run("restore-epoch", "--yes", "--store", database, "--json")
    assert again.exit_code == 0, again.output
    store = open_store(database)
    assert store.epoch() == json.loads(again.stdout)["epoch"]
    with pytest.raises(ResyncRequired, match="restored") as raised:
        store.changes("default", seen, 10)
    assert raised.value.common == 1
    store.apply("default", "B", [operation(op.id, op=1, base=1, set={"note": "of another"})])
    sent = store.apply("default", "A", [lost, operation(op.id, op=3, base=seen.seq)])
    assert sent[0].annotation is not None
    notes = {note.note for note in store.live("default")}
    assert notes == {"of another", "lost"}
    late = operation(op.id, op=4, base=seen.seq, set={"note": "lost too"})
    [result] = store.apply("default", "A", [late])
    assert result.status == "conflict"
    store.close()


def test_a_service_file_names_the_database(tmp_path: Path) -> None:
    printed = run("service", "systemd", "--data", str(tmp_path), "--store", "postgresql://db/notes")
    assert "--store postgresql://db/notes" in printed.stdout
