"""What the command and the API say to each other.

Apart from the views that answer so: a command that asks a running server needs nothing of what
serves, and would wait longer for that than for the answer.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from store.model import Timestamp

ACCOUNT_HEADER = "Postil-Account"
"""Whose notes the command line is about, percent-encoded: its own token opens every account."""


class ServerStatus(Struct, frozen=True, omit_defaults=True):
    """Name and version for everybody; with a token, what the account holds."""

    name: str
    version: str
    account: str | UnsetType = UNSET
    device: str | UnsetType = UNSET
    store: str | UnsetType = UNSET
    epoch: str | UnsetType = UNSET
    annotations: int | UnsetType = UNSET
    pages: int | UnsetType = UNSET


class Known(Struct, frozen=True):
    """A device, as far as others are told. `current` is the one that asks."""

    id: str
    name: str
    kind: str
    origin: str
    created: Timestamp
    seen: Timestamp
    current: bool


class Devices(Struct, frozen=True):
    """The devices of an account, the oldest first."""

    devices: list[Known]


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    """An account's name."""

    name: Annotated[
        str,
        Meta(
            pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$",
            description="Small letters, digits, `.`, `_`, `-`",
        ),
    ]


class Holding(Struct, frozen=True):
    """An account, and what it holds."""

    name: str
    annotations: int
    devices: int


class Accounts(Struct, frozen=True):
    """All accounts, by name."""

    accounts: list[Holding]
