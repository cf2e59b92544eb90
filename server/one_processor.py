"""A process whose threads all run on one processor.

Python runs one thread at a time. Spread over processors, threads wake one another across them only
to find the interpreter taken, and sleep again: each handing over costs two switches more (Beazley,
"Understanding the Python GIL", PyCon 2010). On one processor who is woken runs when the one before
sleeps. What this process could do beside its threads (SQLite's search, flushing) is little.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def stay_on_one_processor() -> None:
    """Keep this thread, and those it starts, on the processor it runs on, where the system can.

    The system moves other programs out of the way, as far as there are other processors.
    """
    if not hasattr(os, "sched_setaffinity"):
        return  # macOS and Windows: Python has no way to tell them
    with suppress(OSError, ValueError, IndexError):
        os.sched_setaffinity(0, {_current()})


def _current() -> int:
    """The processor this thread runs on: the 39th field of its `stat` (proc(5))."""
    after_name = Path("/proc/thread-self/stat").read_text(encoding="ascii", errors="replace")
    return int(after_name.rpartition(")")[2].split()[36])
