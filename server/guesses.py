"""How often one address may try to guess a secret.

`limits` counts, and is loaded at the first try: it brings its half for asyncio along, a tenth of
all that a server loads before it can answer, and most are paired once and then never again.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limits.strategies import MovingWindowRateLimiter

A_MINUTE = 20


class Guesses:
    """The tries of the last minute, by what was tried and from where."""

    def __init__(self) -> None:
        self._beginning = Lock()
        self._window: MovingWindowRateLimiter | None = None

    def may(self, what: str, address: str) -> bool:
        """Count a try; whether it is allowed."""
        from limits import RateLimitItemPerMinute  # noqa: PLC0415  # takes long, and few are asked

        with self._beginning:  # or two who are the first would each count for themselves
            window = self._window = self._window or _begun()
        return window.hit(RateLimitItemPerMinute(A_MINUTE), what, address)


def _begun() -> MovingWindowRateLimiter:
    from limits.storage import MemoryStorage  # noqa: PLC0415  # takes long, and few are asked
    from limits.strategies import MovingWindowRateLimiter  # noqa: PLC0415  # takes long, and few are asked

    return MovingWindowRateLimiter(MemoryStorage())
