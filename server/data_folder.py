"""The folder everything is kept in: its owner's alone."""

from __future__ import annotations

from pathlib import Path

from server.running import CannotServe


def make_private(folder: Path) -> None:
    """Make the data folder, or make it its owner's alone. Raises `CannotServe`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise CannotServe(f"The data folder {folder} cannot be used: {error.strerror}.") from None
