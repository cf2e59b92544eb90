"""Every setting, command, API path and problem stands in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import Context
from flask import Flask

import server
from server.cli import main
from server.config import SETTINGS

ROOM = Path(server.__file__).parent
PAGES = [page for page in (ROOM / "README.md", ROOM.parent / "README.md") if page.exists()]
TEXT = "\n".join(page.read_text() for page in PAGES)


def _used() -> set[str]:
    """Every POSTIL_* name in the code."""
    code = "\n".join(path.read_text() for path in ROOM.rglob("*.py"))
    return set(re.findall(r"(?<!_)POSTIL_[A-Z]+", code))


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in TEXT


def test_every_setting_in_the_code_is_one_of_them() -> None:
    assert _used() == set(SETTINGS)


@pytest.mark.parametrize("command", main.list_commands(Context(main)))
def test_every_command_and_its_options_are_documented(command: str) -> None:
    assert f"`postil {command}`" in TEXT
    found = main.get_command(Context(main), command)
    assert found is not None
    for parameter in found.params:
        for option in parameter.opts:
            assert option in TEXT or option.upper() in TEXT


def test_every_api_path_is_documented_with_its_methods(app: Flask) -> None:
    missing = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api", "/w3c"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if f"`{method} {rule.rule}`" not in TEXT
    ]
    assert missing == []


def test_every_documented_path_exists(app: Flask) -> None:
    there = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or set()
    }
    named = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", TEXT))
    assert named
    assert named <= there


def test_every_problem_is_documented() -> None:
    code = "\n".join(path.read_text() for path in ROOM.rglob("*.py"))
    names = set(re.findall(r"Problem\(\s*\d+,\s*\"([a-z-]+)\"", code))
    assert len(names) > 10
    for name in names | {"too-large", "too-many-tries", "internal", "storage-full", "storage"}:
        assert f"`{name}`" in TEXT
