"""Opens a store in a process of its own and prints seconds and megabytes: what a start costs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import msgspec

from tests.bench.engines import ENGINES, Engine


def opened_elsewhere(engine: Engine, key: str) -> tuple[float, float]:
    """Seconds to the first answer, and the peak of the whole process in megabytes."""
    kind = type(engine).__name__
    command = [sys.executable, "-m", __name__, kind, str(engine.path.parent), key]
    done = subprocess.run(command, check=True, capture_output=True)
    return msgspec.json.decode(done.stdout, type=tuple[float, float])


def main(kind: str, folder: str, key: str) -> None:
    engine = {engine.__name__: engine for engine in ENGINES}[kind](Path(folder))
    begun = time.perf_counter()
    engine.open()
    found = engine.on_page(key)
    seconds = time.perf_counter() - begun
    assert found
    print(msgspec.json.encode((seconds, _peak())).decode())


def _peak() -> float:
    """The most memory this process had. Not `getrusage`: that counts the parent's too."""
    status = Path("/proc/self/status")
    if status.exists():
        [peak] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(peak.split()[1]) / 1024
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
