"""Where the threads of a server run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import note
from processes import Server, ask, paired

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells where threads run"
)


def test_threads_that_serve_stay_on_one_processor(serve: Callable[..., Server]) -> None:
    started = serve("--json")
    said = started.first_line()
    token = paired(said)
    assert ask(said["url"], "POST", "/api/annotations", token, note())[0] == 201
    assert ask(said["url"], "GET", "/api/search?q=note", token)[0] == 200

    threads = [int(task.name) for task in Path(f"/proc/{started.process.pid}/task").iterdir()]
    allowed = {frozenset(os.sched_getaffinity(thread)) for thread in threads}

    assert len(threads) > 8
    [where] = allowed
    assert len(where) == 1
    assert where <= os.sched_getaffinity(0)
