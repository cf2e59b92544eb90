"""The wheel, installed where there is neither a checkout nor Node."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that has the wheel and nothing else."""
    wheels = sorted((ROOT / "build" / "wheel").glob("postil-*.whl"))
    assert wheels, "There is no wheel: `make wheel` builds it."
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "install"]
    # What is never imported need not be compiled.
    how = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, *how, wheels[-1]], check=True)
    return programs


@pytest.fixture
def postil(installed: Path, tmp_path: Path) -> Any:
    """Runs the command with nothing on its path, in a folder that has nothing in it."""
    alone = {"PATH": str(installed), "HOME": str(tmp_path), "POSTIL_DATA": str(tmp_path / "data")}

    def run(*arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [installed / "postil", *map(str, arguments)],
            cwd=tmp_path,
            env=alone,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return run


def test_it_serves_pairs_and_shows_its_pages(postil: Any) -> None:
    server = postil("serve", "--port", "0", "--json")
    try:
        said = json.loads(server.stdout.readline())
        with urlopen(f"{said['url']}/static/library.css") as style:
            assert style.status == 200
        with urlopen(said["sign_in"]) as page:
            assert "Welcome back" in page.read().decode()
        pairing, _ = postil("pair").communicate(timeout=60)
        assert "/pair#" in pairing
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
    assert server.returncode == 0


def test_it_carries_the_extension(postil: Any, tmp_path: Path) -> None:
    said, _ = postil("extension", tmp_path / "unpacked").communicate(timeout=60)
    assert "Load unpacked" in said
    for browser in ("chrome", "firefox"):
        folder = tmp_path / "unpacked" / browser
        manifest = json.loads((folder / "manifest.json").read_text())
        assert manifest["manifest_version"] == 3
        assert (folder / "boot.js").is_file()
    again = postil("extension", tmp_path / "unpacked")
    said, _ = again.communicate(timeout=60)
    assert (again.returncode, "--force" in said) == (1, True)


def test_it_finds_nothing_wrong_with_a_new_machine(postil: Any) -> None:
    doctor = postil("doctor")
    said, _ = doctor.communicate(timeout=60)
    assert "FTS5" not in said
    assert "The extension is in" in said
