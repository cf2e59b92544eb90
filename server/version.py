"""Which Postil this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def _version() -> str:
    try:
        return version("postil")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


VERSION = _version()
