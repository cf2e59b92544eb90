"""Postil's server: the API, the library's pages and the command.

`server.create_app` is there for whoever serves. It is not imported before somebody asks for it: the
command, which finds this package first, has better things to do than to load what it does not use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.application import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from server.application import create_app  # noqa: PLC0415  # a quarter of a second, of no use to the command

    return create_app
