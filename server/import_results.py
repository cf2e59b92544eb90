"""What is told of a file that is brought in: something of each item, and a summary last."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """What became of an item."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class ItemResult(Struct, frozen=True, omit_defaults=True, gc=False):
    """What became of one item of a file, and which note it is now.

    `number` counts the file's items from 1, `line` says where it begins in a file of lines.
    `sentence` is for people: why an item was rejected, or left as it stands here; `field` is the
    path of the value that is to blame.
    """

    number: int
    status: Outcome
    line: int = 0
    id: str = ""
    sentence: str = ""
    field: str = ""


class Summary(Struct, frozen=True):
    """How many items there were, by what became of them; with `dry_run`, of what would."""

    format: str
    dry_run: bool
    created: int
    updated: int
    unchanged: int
    rejected: int
