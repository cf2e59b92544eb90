"""Many threads may be the first to decode a kind of value.

msgspec looks into a struct when it first meets it; two threads that do so at once end the process.
So this has a process of its own, and kinds that nobody has met.
"""

import subprocess
import sys
from pathlib import Path

import store

SCRIPT = '''
import sys, threading, types
sys.setswitchinterval(1e-6)
from store.model import convert, decode

SOURCE = """
from __future__ import annotations
from typing import Annotated
from msgspec import UNSET, Meta, Struct, UnsetType

class Inner(Struct):
    text: Annotated[str, Meta(max_length=5)] = ""
    number: int | UnsetType = UNSET

class Outer(Struct):
    inner: Inner
    texts: list[Annotated[str, Meta(max_length=9)]] = []
"""

for number in range(60):
    module = types.ModuleType(f"kinds_{number}")
    sys.modules[module.__name__] = module
    exec(SOURCE, module.__dict__)
    barrier = threading.Barrier(6)
    made = []

    def meet(way):
        barrier.wait()
        if way % 2:
            made.append(decode(b'{"inner":{"text":"a"},"texts":["b"]}', module.Outer))
        else:
            made.append(convert({"inner": {"text": "a"}, "texts": ["b"]}, module.Outer))

    threads = [threading.Thread(target=meet, args=(way,)) for way in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6 and all(one == made[0] for one in made)
'''


def test_threads_that_are_the_first_to_decode_a_kind_do_not_end_the_process():
    root = Path(store.__file__).parents[1]
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, cwd=root, capture_output=True, check=False, text=True, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")
