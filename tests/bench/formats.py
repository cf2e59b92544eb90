"""Measures writing and reading formats, over a real store, in one run: `make bench-formats`.

Prints a table and writes it to `tests/bench/formats.md`. Each measure has a process of its own, so
that its peak memory is its own. The embedded store holds its notes in memory; what a process took
that only opened it, or an empty one, is told beside.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module, util
from itertools import islice
from pathlib import Path

import msgspec

from server.formats import READERS, WRITERS, Options, Source
from server.formats.json_items import Piece, decoded, json_items
from server.importing import import_notes
from store.base import AnnotationStore, open_store
from tests.bench.measuring import markdown
from tests.bench.notes import notes

SIZE = 100_000
ROUNDS = 3
REPORT = Path(__file__).with_suffix(".md")

AIMS = {"write w3c": 20_000, "import w3c": 10_000}  # notes a second


class Measure(msgspec.Struct, frozen=True):
    """One measure of one process: how long, how much of that on a processor, of how many notes,
    and memory in MB, before and at its peak."""

    seconds: float
    processor: float
    count: int
    before: float
    peak: float

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def processor_rate(self) -> float:
        return self.count / self.processor


def main() -> None:
    if len(sys.argv) > 2:
        what, *arguments = sys.argv[1:]
        print(msgspec.json.encode(_MEASURES[what](*arguments)).decode())
        return
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    with tempfile.TemporaryDirectory(dir=_output(), prefix="bench-") as folder:
        rows = list(_rows(Path(folder), size))
    report = _report(rows, size)
    print(report)
    if size == SIZE:
        REPORT.write_text(report)


Row = tuple[str, list[Measure]]


def _rows(folder: Path, size: int) -> Iterator[Row]:
    """Every measure, the fastest of its rounds first."""
    url = f"tinydb://{folder / 'notes.json'}"
    _fill(url, size)
    for format in WRITERS:
        yield f"write {format}", _rounds("write", format, url, str(folder / format))
    for format in (name for name in READERS if name in WRITERS):
        yield f"read {format}", _rounds("read", format, str(folder / format))
    for format in (name for name in READERS if name in WRITERS):
        yield f"import {format}", _rounds("import", format, str(folder / format))
    path = str(folder / "hypothesis")
    yield "split JSON, decode each item", _rounds("split", path)
    if util.find_spec("ijson") is not None:
        yield "the same by ijson", _rounds("ijson", path)


def _rounds(*arguments: str) -> list[Measure]:
    command = [sys.executable, "-m", "tests.bench.formats", *arguments]
    made = []
    for _ in range(ROUNDS):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        made.append(msgspec.json.decode(done.stdout, type=Measure))
    print(f"{' '.join(arguments[:2])}: {_shown(made)}", file=sys.stderr)
    return sorted(made, key=lambda one: one.seconds)


def _fill(url: str, size: int) -> None:
    store = open_store(url)
    made = notes(size)
    while batch := list(islice(made, 500)):
        store.apply("default", "bench", batch)
    store.close()


def _write(format: str, url: str, path: str) -> Measure:
    store = open_store(url)
    write = WRITERS[format].write
    assert write is not None
    count = store.count("default")

    def work() -> int:
        with Path(path).open("wb") as file:
            for chunk in write(Source(store.epoch(), "default"), store.live("default"), Options()):
                file.write(chunk)
        return count

    return _measured(work)


def _read(format: str, path: str) -> Measure:
    read = READERS[format].read
    assert read is not None

    def work() -> int:
        with Path(path).open("rb") as file:
            return sum(1 for _ in read(file))

    return _measured(work)


def _import(format: str, path: str) -> Measure:
    with tempfile.TemporaryDirectory(dir=_output(), prefix="bench-") as folder:
        store = open_store(f"tinydb://{Path(folder) / 'notes.json'}")
        made = _measured(lambda: _imported(store, format, path))
        store.close()
        return made


def _imported(store: AnnotationStore, format: str, path: str) -> int:
    read = READERS[format].read
    assert read is not None
    with Path(path).open("rb") as file:
        results = import_notes(store, "default", "bench", read(file), dry_run=False)
        return sum(result.status == "created" for result in results)


def _split(path: str) -> Measure:
    def work() -> int:
        with Path(path).open("rb") as file:
            pieces = (one for one in json_items(file, ("rows",)) if isinstance(one, Piece))
            return sum(isinstance(decoded(piece), dict) for piece in pieces)

    return _measured(work)


def _ijson(path: str) -> Measure:
    ijson = import_module("ijson")

    def work() -> int:
        with Path(path).open("rb") as file:
            return sum(1 for _ in ijson.items(file, "rows.item", use_float=True))

    return _measured(work)


def _measured(work: Callable[[], int]) -> Measure:
    before, begun, busy = _peak(), time.perf_counter(), time.process_time()
    count = work()
    seconds, processor = time.perf_counter() - begun, time.process_time() - busy
    return Measure(seconds, processor, count, before, _peak())


_MEASURES: dict[str, Callable[..., Measure]] = {
    "write": _write,
    "read": _read,
    "import": _import,
    "split": _split,
    "ijson": _ijson,
}


def _peak() -> float:
    """The most memory this process has taken so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # where `getrusage` tells of the process that started this one as well
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken / (1024 if sys.platform != "darwin" else 1024 * 1024)


def _shown(measures: list[Measure]) -> str:
    best = max(measures, key=lambda one: one.rate)
    return f"{best.rate:,.0f}/s, peak {best.peak:.0f} MB"


def _report(rows: list[Row], size: int) -> str:
    head = ["", "notes a second", "aim", "", "a second of processor", "memory before", "peak"]
    table = [head]
    for name, measures in rows:
        rates = sorted(measure.rate for measure in measures)
        middle = rates[len(rates) // 2]
        aim = AIMS.get(name)
        table.append(
            [
                name,
                f"{middle:,.0f} ({rates[0]:,.0f} to {rates[-1]:,.0f})",
                f"{aim:,}" if aim else "",
                ("yes" if middle >= aim else "**no**") if aim else "",
                f"{max(measure.processor_rate for measure in measures):,.0f}",
                f"{max(measure.before for measure in measures):.0f} MB",
                f"{max(measure.peak for measure in measures):.0f} MB",
            ]
        )
    load = f"{os.getloadavg()[2]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"Measured on {os.cpu_count()} cores ({platform.system()}, Python "
        f"{platform.python_version()}; load {load} over the last quarter of an hour), with "
        f"{size:,} notes of 0.9 KB in the embedded store. The middle of {ROUNDS} rounds, and all "
        "of them.\n\n"
        "A machine that has other things to do makes the first column small and leaves that of "
        "processor time nearly as it is. To *write* is store to file; to *read*, file to items; to "
        "*import*, file to a durable "
        "store. *Memory before* is what the process took with the store open and nothing done: "
        "an import ends with all its notes in the store, and so in memory.\n\n"
        f"{markdown(table)}\n"
    )


def _output() -> Path:
    """A folder on a real disk: the temporary one may be memory."""
    output = Path(__file__).parents[1] / ".output"
    output.mkdir(exist_ok=True)
    return output


if __name__ == "__main__":
    main()
