"""Where the built extension is."""

from __future__ import annotations

from pathlib import Path

import server


def built_extension() -> Path | None:
    """The folder with `chrome/` and `firefox/` in it, or None where it was never built.

    A wheel carries it inside this package; a checkout has it where `make extension` builds it.
    """
    package = Path(server.__file__).resolve().parent
    for folder in (package / "extension", package.parent / "extension" / "dist"):
        if (folder / "chrome" / "manifest.json").is_file():
            return folder
    return None
