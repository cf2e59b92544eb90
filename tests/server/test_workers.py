"""Several processes that serve one database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from asking import ARTICLE, note
from processes import ROOT, Server, ask, environment, paired, run

from tests.store.postgresql import Cluster


@pytest.fixture
def serving(cluster: Cluster, serve: Callable[..., Server]) -> Server:
    return serve("--json", "--workers", "2", "--store", cluster.database())


def test_many_processes_answer_as_one(serving: Server) -> None:
    said = serving.first_line()
    url, token = said["url"], paired(said)
    _workers(serving)

    def write(number: int) -> int:
        return ask(url, "POST", "/api/annotations", token, note(note=f"note {number}"))[0]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(24))) == {201}
    answers = [ask(url, "GET", "/api/changes", token)[1] for _ in range(6)]
    assert len({answer["cursor"] for answer in answers}) == 1
    assert [len(answer["changes"]) for answer in answers] == [24] * 6
    assert run("pair", "--data", serving.data).returncode == 0

    # Whoever waits at one hears of what another has taken.
    cursor, news = answers[0]["cursor"], []
    waiting = [
        threading.Thread(
            target=lambda: news.append(
                ask(url, "GET", f"/api/changes?since={cursor}&wait=30", token)[1]
            )
        )
        for _ in range(4)
    ]
    for one in waiting:
        one.start()
    write(24)
    for one in waiting:
        one.join(20)
    assert [len(answer["changes"]) for answer in news] == [1] * 4


def test_one_that_dies_is_replaced_and_nothing_acknowledged_is_lost(serving: Server) -> None:
    said = serving.first_line()
    url, token = said["url"], paired(said)
    assert ask(url, "POST", "/api/annotations", token, note(note="kept"))[0] == 201
    before = _workers(serving)
    os.kill(before[0], signal.SIGKILL)
    while before[0] in (now := _workers(serving)):
        pass  # it is still there for a moment
    assert before[1] in now
    status, page = ask(url, "GET", f"/api/annotations?url={ARTICLE}", token)
    assert (status, [one["note"] for one in page["annotations"]]) == (200, ["kept"])


def test_stopping_ends_all_of_them_and_keeps_nobody_waiting(serving: Server) -> None:
    said = serving.first_line()
    url, token = said["url"], paired(said)
    cursor = ask(url, "GET", "/api/changes", token)[1]["cursor"]
    asked, answers = f"/api/changes?since={cursor}&wait=30", []
    waiting = threading.Thread(target=lambda: answers.append(ask(url, "GET", asked, token)[0]))
    waiting.start()
    workers = _workers(serving)
    assert serving.stop() == 0
    waiting.join(20)
    assert not waiting.is_alive()
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
    assert not (serving.data / "server.json").exists()


def test_a_file_is_served_by_one_process_alone(tmp_path: Path) -> None:
    refused = run("serve", "--workers", "2", "--port", "0", "--data", tmp_path)
    assert refused.returncode == 1
    assert "2 workers need a database" in refused.stderr
    assert run("serve", "--workers", "none", "--data", tmp_path).returncode == 2
    assert run("serve", "--data", tmp_path, POSTIL_WORKERS="0").returncode == 2


@pytest.mark.parametrize(("absent", "flags"), [("gunicorn", ["--workers=2"]), ("sqlalchemy", [])])
def test_without_the_extra_it_says_what_to_install(
    cluster: Cluster, tmp_path: Path, absent: str, flags: list[str]
) -> None:
    program = f"import sys; sys.modules[{absent!r}] = None\nfrom server.cli import main\nmain()"
    place = ["--port=0", f"--data={tmp_path}", f"--store={cluster.database()}"]
    refused = subprocess.run(
        [sys.executable, "-c", program, "serve", *place, *flags],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert refused.returncode == 1
    assert absent in refused.stderr
    assert "pip install 'postil[sql]'" in refused.stderr


def _workers(server: Server) -> list[int]:
    """The two processes that serve, once they do: each has begun a thread of its own by then."""
    pause = threading.Event()
    for _ in range(600):
        tasks = Path(f"/proc/{server.process.pid}/task").iterdir()
        children = [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
        if len(children) == 2 and all(_threads(pid) > 1 for pid in children):
            return sorted(children)
        pause.wait(0.1)
    pytest.fail("There are no two workers.")


def _threads(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except FileNotFoundError:
        return 0
