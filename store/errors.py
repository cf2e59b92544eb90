"""What a store may raise."""

from __future__ import annotations


class StoreError(Exception):
    """Something the operator can act on; the message is a sentence that says what."""


class StoreLocked(StoreError):
    """Another process holds this store."""


class StoreDamaged(StoreError):
    """What is on disk cannot be read, and nothing older that could stand in for it either."""


class StoreFull(StoreError):
    """The disk is full: nothing was written, and nothing is lost. HTTP 507."""


class StoreUnwritable(StoreError):
    """The disk refuses writes (read-only, permissions, a fault): nothing was written. HTTP 503."""


class StoreUnavailable(StoreError):
    """The database cannot be reached just now; the same will go well later. HTTP 503."""


class ResyncRequired(Exception):
    """The cursor is not of this store's history: the device must pull all again. HTTP 410.

    `common` is the last sequence number known to be of both histories; 0 where none is.
    """

    def __init__(self, message: str, common: int = 0) -> None:
        super().__init__(message)
        self.common = common


def unreadable(error: Exception) -> StoreError:
    """What to say of a kept record that is none: only one that somebody edited can be."""
    return StoreError(
        f"A kept record cannot be read: {error}. `postil check` names it, and "
        "`postil check --repair` takes it out into a file beside the notes."
    )
