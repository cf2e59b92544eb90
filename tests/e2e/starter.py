"""Starts servers sooner than Python starts: whoever runs this asks for them by lines of JSON.

    {"start": ["serve", "--json", ...]}  ->  {"pid": 7, "line": "{...}"}, or {"ended": 1}
    {"end": 7, "signal": 9}              ->  {"ended": -9}

Each is a process of its own, forked from this one, which has loaded all that serves and done
nothing with it: hundreds of stories have a server each, or kill theirs again and again. (That
`postil serve` starts by itself is told in tests/server.) What they say on stderr comes out on this
one's. All are gone when this process's stdin ends.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn

import server.serving  # noqa: F401  # what is loaded here, no server loads again
import store.tiny  # noqa: F401  # the same
from server.cli import main

RUNNING: set[int] = set()


def start(arguments: list[str]) -> dict[str, Any]:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        serve(arguments, write)
    os.close(write)
    RUNNING.add(pid)
    with os.fdopen(read) as said:
        line = said.readline()
    return {"pid": pid, "line": line} if line else {"ended": wait(pid)}


def serve(arguments: list[str], said: int) -> NoReturn:
    code: Any = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(said, 1)
        main(arguments, prog_name="postil")
    except SystemExit as done:
        code = done.code
    finally:
        with suppress(OSError):
            sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def end(pid: int, how: int) -> dict[str, Any]:
    os.kill(pid, how)
    return {"ended": wait(pid)}


def wait(pid: int) -> int:
    RUNNING.discard(pid)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def answer() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        said = end(asked["end"], asked["signal"]) if "end" in asked else start(asked["start"])
        print(json.dumps(said), flush=True)


try:
    answer()
finally:
    for one in list(RUNNING):
        end(one, signal.SIGKILL)
