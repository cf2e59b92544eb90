"""What a store's address tells before anything is opened."""

from __future__ import annotations


def without_secrets(url: str) -> str:
    """A store's address as it may be shown: without user, password and parameters."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else scheme


def is_database(url: str) -> bool:
    """Whether a store's address is that of a database, which several processes may have open."""
    return url.partition("://")[0] in ("postgresql", "postgres")
