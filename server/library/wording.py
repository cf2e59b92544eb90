"""Times, places and kinds as a reader says them. Filters for the templates."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from store.model import Annotation, Page

LONGEST_NAME = 160  # characters of a title; pages may have 1,024

_KINDS = {
    "extension": "Browser with the extension",
    "library": "This library in a browser",
    "api": "Program",
}


def day(timestamp: str) -> str:
    """`24 November 2026`."""
    moment = _moment(timestamp)
    return timestamp if moment is None else f"{moment.day} {moment:%B %Y}"


def ago(timestamp: str, now: datetime) -> str:
    """`just now`, `5 minutes ago`, `yesterday`, `12 days ago`, `on 3 March 2026`."""
    moment = _moment(timestamp)
    if moment is None or moment.tzinfo is None:
        return timestamp
    minutes = int((now - moment).total_seconds() // 60)
    days = (now.date() - moment.date()).days
    if minutes < 2:
        return "just now"
    if minutes < 60:
        return f"{minutes} minutes ago"
    if minutes < 24 * 60:
        return "an hour ago" if minutes < 120 else f"{minutes // 60} hours ago"
    if days < 2:
        return "yesterday"
    return f"{days} days ago" if days < 31 else f"on {day(timestamp)}"


def site(url: str) -> str:
    """`example.org`, or the scheme of what is on no site."""
    try:
        return (urlsplit(url).hostname or url.partition(":")[0]).removeprefix("www.")
    except ValueError:
        return url


def named(page: Annotation | Page) -> str:
    """What a page is called, as much of it as a heading holds: its title, or its address."""
    name = page.title or page.url
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME].rstrip()}…"


def kind(device_kind: str) -> str:
    """What holds a token."""
    return _KINDS.get(device_kind, device_kind)


def _moment(timestamp: str) -> datetime | None:
    try:
        return datetime.fromisoformat(timestamp)
    except ValueError:
        return None  # another program wrote it
