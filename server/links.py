"""The links that let somebody in."""

from __future__ import annotations


def pairing_link(url: str, code: str) -> str:
    """A link that carries the code in its fragment, which no server or log ever sees."""
    return f"{url}/pair#{code}"


def sign_in_link(url: str, secret: str) -> str:
    """A link that opens the library, once."""
    return f"{url}/sign-in/{secret}"
