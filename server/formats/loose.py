"""Members of JSON that anybody may have written: what is of another type counts as not there."""

from __future__ import annotations

from typing import Any


def text(said: Any, *names: str) -> str:
    """The first of these members that is a text and says something; '' where none does."""
    for name in names:
        value = said.get(name) if isinstance(said, dict) else None
        if isinstance(value, str) and value:
            return value
    return ""


def number(said: Any, name: str) -> int:
    """A member that is a whole number, or such a number as text; -1 where it is none."""
    value = said.get(name) if isinstance(said, dict) else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def items(said: Any, name: str) -> list[Any]:
    """A member that is a list; [] where it is none."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, list) else []


def members(said: Any, name: str) -> dict[str, Any]:
    """A member that is an object; {} where it is none."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, dict) else {}


def words(said: Any, name: str, inside: str = "name") -> list[str]:
    """A list of words, or of objects that each have one under `inside`: tags, labels."""
    found = [text(one, inside) if isinstance(one, dict) else one for one in items(said, name)]
    stripped = [" ".join(one.split()) for one in found if isinstance(one, str)]
    return list(dict.fromkeys(one for one in stripped if one))
