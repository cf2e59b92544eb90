"""The nonces of an account's sequence numbers: one for each run of the store that wrote any.

A process that opens the store begins a new run with its first write, and a restore another. Two
histories of one file (the file, and a copy put back) may give the same number to different changes,
but the runs they gave it in have different nonces.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

import msgspec

from store.apply import Run
from store.journal import Change


class Runs:
    """An account's runs. `changed` is for `JournalStorage.watch`."""

    def __init__(self, documents: Mapping[str, bytes]) -> None:
        self._runs: list[tuple[int, str]] = []
        self.changed([(id, None, document) for id, document in documents.items()])

    def changed(self, changes: list[Change]) -> None:
        for _, before, after in changes:
            if before is not None and (old := _read(before)):
                self._runs.remove(old)
            if after is not None and (new := _read(after)):
                self._runs.append(new)
        # Of two that begin at one number the earlier, begun by a restore, gave none: the later
        # counts, and sorting leaves it behind the other.
        self._runs.sort(key=lambda run: run[0])

    def nonce_of(self, seq: int) -> str:
        """The nonce of the run that gave this number."""
        at = bisect_right(self._runs, seq, key=lambda run: run[0])
        return self._runs[at - 1][1] if at else "0"

    def last_of(self, nonce: str, last: int) -> int:
        """The last number the run of that nonce gave here, where `last` is the last of all; 0 for
        a run that is not known. Whatever histories know it, share what it gave in both."""
        for at, (_, known) in enumerate(self._runs):
            if known == nonce:
                return self._runs[at + 1][0] - 1 if at + 1 < len(self._runs) else last
        return 0


def _read(document: bytes) -> tuple[int, str] | None:
    try:
        run = msgspec.json.decode(document, type=Run)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return run.first, run.nonce
