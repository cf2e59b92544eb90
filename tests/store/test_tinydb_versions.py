"""The store stands on methods of TinyDB that have an underscore: it is tried on the oldest TinyDB
it allows. The newest is the one that all other tests run on.
"""

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def oldest():
    """A folder with the oldest TinyDB that setup.cfg allows; fetched once, then kept."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    [bound] = re.findall(r"^tinydb >= ([\d.]+),", setup["options"]["install_requires"], re.M)
    folder = ROOT / "tests/.output" / f"tinydb-{bound}"
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
        being_made = folder.with_name(f"{folder.name}.{os.getpid()}")
        done = run([*pip, "install", "--no-deps", "--target", being_made, f"tinydb=={bound}"])
        if done.returncode:
            pytest.fail(f"TinyDB {bound} could not be fetched; is there a network?\n{done.stderr}")
        being_made.rename(folder)
    return bound, folder


def run(command, **environment):
    return subprocess.run(
        list(map(str, command)),
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_the_store_works_on_the_oldest_tinydb_it_allows(oldest):
    version, folder = oldest
    ask = "import importlib.metadata as m, tinydb; print(m.version('tinydb'), tinydb.__file__)"
    found = run([sys.executable, "-c", ask], PYTHONPATH=str(folder)).stdout.split()
    assert found[0].removesuffix(".0") == version.removesuffix(".0")
    assert found[1].startswith(str(folder))
    tests = ["tests/store/test_journal.py", "tests/store/test_tiny.py"]
    pytest_ = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = run([*pytest_, *tests], PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
