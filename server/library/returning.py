"""Where the reader came from: what they change in a list leads back to that list.

The list is named in the address of what leads away from it, by the arguments that made it (`q` of a
search, `of` of one page's notes, `page` of the library), never by an address: nobody else's link
can lead a reader anywhere but to a page of their own library.
"""

from __future__ import annotations

from typing import Any

from flask import request, url_for

_NAMED = ("q", "sort", "cursor", "of", "page", "tags", "trash", "lost")


def whence() -> dict[str, str]:
    """What names the list, to be handed on."""
    return {name: request.args[name] for name in _NAMED if name in request.args}


def there(anchor: str = "", **said: str | None) -> str:
    """Its address. `said` is what it is to tell: `deleted`, a note whose deletion it offers to
    undo; `done`, what became of a deed (see `answering`)."""
    came = whence()
    view, names = _list(came)
    kept: dict[str, Any] = {name: came[name] for name in names if name in came}
    if kept.get("page") == "1":
        del kept["page"]
    kept |= {name: value for name, value in said.items() if value}
    return url_for(view, _anchor=anchor or None, **kept)


def named() -> str:
    """What that list is called in a link to it."""
    came = whence()
    if "q" in came:
        return "Back to the search"
    if "of" in came:
        return "Back to the page"
    return "All tags" if "tags" in came else "Back to the notes"


def _list(came: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    if "q" in came:
        return "library.reading.search", ("q", "sort", "cursor")
    if "of" in came:
        return "library.reading.page", ("of", "page")
    if "tags" in came:
        return "library.tagging.index", ()
    if "trash" in came:
        return "library.changing.trash", ()
    if "lost" in came:
        return "library.lost.index", ("page",)
    return "library.reading.index", ("page",)
