"""Backups, restoring one and checking, over the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import ARTICLE, note, problem
from flask import Flask
from flask.testing import FlaskClient
from tinydb import where

from server.config import Config
from server.current import services


def told(reader: FlaskClient) -> list[str]:
    page = reader.get(f"/api/annotations?url={ARTICLE}").json
    return [one["note"] for one in page["annotations"]]


@pytest.mark.parametrize("path", ["/api/backup", "/api/restore", "/api/check"])
def test_devices_may_not(path: str, reader: FlaskClient, client: FlaskClient) -> None:
    problem(reader.post(path, json={"path": "/x"}), 403, "operator-only")
    problem(client.post(path, json={"path": "/x"}), 401, "unauthorized")


def test_a_backup_is_restored_while_it_serves(
    operator: FlaskClient, reader: FlaskClient, tmp_path: Path, config: Config
) -> None:
    reader.post("/api/annotations", json=note(note="before"))
    cursor = reader.get("/api/changes").json["cursor"]
    made = operator.post("/api/backup", json={"path": str(tmp_path / "backup.json")})
    assert made.status_code == 201
    size = (tmp_path / "backup.json").stat().st_size
    assert made.json == {"path": str(tmp_path / "backup.json"), "bytes": size, "annotations": 1}
    reader.post("/api/annotations", json=note(note="since"))
    done = operator.post("/api/restore", json={"path": str(tmp_path / "backup.json")})
    assert done.status_code == 200
    kept = Path(done.json["kept"])
    assert done.json == made.json | {"kept": str(kept)}
    assert told(reader) == ["before"]  # and the device is still paired
    problem(reader.get(f"/api/changes?since={cursor}"), 410, "resync")
    assert kept.parent == config.backups_folder
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert operator.post("/api/restore", json={"path": str(kept)}).json["annotations"] == 2


def test_a_bad_backup_is_said_and_nothing_changes(
    operator: FlaskClient, reader: FlaskClient, tmp_path: Path
) -> None:
    reader.post("/api/annotations", json=note(note="stays"))
    (tmp_path / "bad.json").write_text('{\n"default/annotations":{\n')
    for name in ("bad.json", "missing.json"):
        answer = operator.post("/api/restore", json={"path": str(tmp_path / name)})
        assert name in problem(answer, 422, "no-backup", "path")
    assert told(reader) == ["stays"]


def test_a_path_must_be_absolute_and_free(operator: FlaskClient, config: Config) -> None:
    problem(operator.post("/api/backup", json={"path": "here"}), 422, "invalid", "path")
    own = str(config.data / "notes.json")
    problem(operator.post("/api/backup", json={"path": own}), 422, "invalid", "path")
    nowhere = str(config.data / "nowhere" / "backup")
    problem(operator.post("/api/backup", json={"path": nowhere}), 503, "storage-unwritable")
    problem(operator.post("/api/backup", json={}), 422, "invalid", "path")


def test_the_file_of_the_operators_token_is_not_overwritten(
    operator: FlaskClient, config: Config
) -> None:
    config.server_file.write_text('{"url": "..."}')
    answer = operator.post("/api/backup", json={"path": str(config.server_file)})
    assert "is no backup" in problem(answer, 422, "invalid", "path")


def test_a_check_says_what_is_wrong_and_mends_it(
    operator: FlaskClient, reader: FlaskClient, app: Flask, config: Config
) -> None:
    reader.post("/api/annotations", json=note())
    found = operator.post("/api/check", json={})
    assert found.status_code == 200
    assert (found.json["findings"], found.json["annotations"]) == ([], 1)
    [journal] = config.data.glob("notes.json.journal-*")
    journal.write_bytes(journal.read_bytes().rstrip(b"\0")[:-9])
    [finding] = operator.post("/api/check", json={"repair": False}).json["findings"]
    assert (finding["severity"], finding["repaired"]) == ("error", False)
    mended = operator.post("/api/check", json={"repair": True}).json["findings"]
    assert [one["repaired"] for one in mended if one["severity"] == "error"] == [True]
    assert services(app).store.check().sound
    problem(operator.post("/api/check", json={"repair": "yes"}), 422, "invalid", "repair")


def test_a_record_that_somebody_spoiled_is_said_and_can_be_taken_out(
    operator: FlaskClient, reader: FlaskClient, app: Flask
) -> None:
    reader.post("/api/annotations", json=note(note="good"))
    spoiled = reader.post("/api/annotations", json=note(note="spoiled")).json
    database = services(app).store.db
    database.table("default/annotations").update({"color": "red"}, where("id") == spoiled["id"])
    said = problem(reader.get(f"/api/annotations/{spoiled['id']}"), 503, "storage")
    assert "Invalid enum value 'red'" in said
    assert "`postil check --repair`" in said
    [finding] = operator.post("/api/check", json={"repair": True}).json["findings"][:1]
    assert finding["repaired"]
    assert told(reader) == ["good"]
