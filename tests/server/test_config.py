"""A flag wins over the environment, which wins over the default."""

from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs import user_data_dir

from server.config import BadSetting, load


def test_the_defaults_are_this_machine_and_the_users_data_folder() -> None:
    config = load(environ={})
    assert (config.host, config.port) == ("127.0.0.1", 4477)
    assert config.data == Path(user_data_dir("postil"))
    assert config.store == f"tinydb://{config.data}/notes.json"
    assert config.hosts == config.origins == frozenset()


def test_the_environment_wins_over_the_defaults(tmp_path: Path) -> None:
    environ = {
        "POSTIL_HOST": "0.0.0.0",
        "POSTIL_PORT": "80",
        "POSTIL_DATA": str(tmp_path),
        "POSTIL_HOSTS": "Notes.Example, other.example,,",
        "POSTIL_ORIGINS": "https://a.example/",
    }
    config = load(environ=environ)
    assert (config.host, config.port, config.data) == ("0.0.0.0", 80, tmp_path)
    assert config.store == f"tinydb://{tmp_path}/notes.json"
    assert config.hosts == {"notes.example", "other.example"}
    assert config.origins == {"https://a.example"}


def test_a_flag_wins_over_the_environment(tmp_path: Path) -> None:
    config = load(port=0, data=tmp_path, environ={"POSTIL_PORT": "80", "POSTIL_DATA": "/x"})
    assert (config.port, config.data) == (0, tmp_path)


def test_a_relative_folder_is_made_absolute() -> None:
    assert load(data="notes", environ={}).data == Path.cwd() / "notes"


@pytest.mark.parametrize("port", ["x", "-1", "65536", "1.5", "４４"])
def test_what_is_no_port_is_refused_by_name(port: str) -> None:
    with pytest.raises(BadSetting, match="POSTIL_PORT"):
        load(environ={"POSTIL_PORT": port})


def test_backups_are_on_unless_switched_off() -> None:
    switched = [load(environ={"POSTIL_BACKUPS": text}).backups for text in ("", "on", "Off ")]
    assert switched == [True, True, False]
    with pytest.raises(BadSetting, match="POSTIL_BACKUPS"):
        load(environ={"POSTIL_BACKUPS": "weekly"})
