"""Two texts of one note: what only one of them says.

The longest common subsequence as `difflib` finds it (Ratcliff and Obershelp, "Pattern Matching: The
Gestalt Approach", 1988), of lines first, then of the sentences in lines that differ, then of the
words in sentences that do. It takes the square of what it compares, so two long texts are never
compared word by word as a whole; and pieces too many to be compared are told as different.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from msgspec import Struct

MOST = 300  # pieces that are compared at once


class Run(Struct, frozen=True):
    """A piece of one text; `own` where the other text does not say it."""

    text: str
    own: bool


def difference(one: str, other: str) -> tuple[list[Run], list[Run]]:
    """Each text in pieces, with what is its own marked."""
    left, right = _Side(), _Side()
    _compare(one, other, 0, left, right)
    return left.runs, right.runs


class _Side:
    """One text, as it is put together again."""

    def __init__(self) -> None:
        self.runs: list[Run] = []

    def add(self, text: str, *, own: bool) -> None:
        if not text:
            return
        if self.runs and self.runs[-1].own is own:
            text = self.runs.pop().text + text
        self.runs.append(Run(text, own))


def _compare(one: str, other: str, level: int, left: _Side, right: _Side) -> None:
    """Compare two texts in pieces of a level, and what differs in pieces of the next."""
    if level == len(_LEVELS) or not one or not other:
        left.add(one, own=True)
        right.add(other, own=True)
        return
    ours, theirs = _LEVELS[level](one), _LEVELS[level](other)
    start = _common(ours, theirs)
    end = _common(ours[start:][::-1], theirs[start:][::-1])
    head, tail = "".join(ours[:start]), "".join(ours[len(ours) - end :])
    ours, theirs = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    for side in (left, right):
        side.add(head, own=False)
    if max(len(ours), len(theirs)) > MOST:
        left.add("".join(ours), own=True)
        right.add("".join(theirs), own=True)
    else:
        for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            mine, its = "".join(ours[a:b]), "".join(theirs[c:d])
            if tag == "equal":
                left.add(mine, own=False)
                right.add(its, own=False)
            else:
                _compare(mine, its, level + 1, left, right)
    for side in (left, right):
        side.add(tail, own=False)


def _common(ours: list[str], theirs: list[str]) -> int:
    """How many pieces both begin with."""
    pairs = zip(ours, theirs, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(ours), len(theirs)))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _sentences(text: str) -> list[str]:
    return re.findall(r"[^.!?。！？]*[.!?。！？]+\s*|[^.!?。！？]+$", text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


_LEVELS: tuple[Callable[[str], list[str]], ...] = (_lines, _sentences, _words)
