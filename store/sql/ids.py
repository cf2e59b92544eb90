"""What can be the id of a note: the database refuses to compare anything else with one."""

from __future__ import annotations

import re


def is_id(text: str) -> bool:
    """Whether it is a UUID as notes have it."""
    return _UUID.fullmatch(text) is not None


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
