"""New ids for notes that begin on the server."""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def uuid7() -> str:
    """RFC 9562, section 5.7: milliseconds since the epoch first, so ids sort by age."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76  # version
    value = value & ~(0x3 << 62) | 0x2 << 62  # variant
    return str(UUID(int=value))
