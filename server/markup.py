"""A note's Markdown -> HTML that is safe to show. The one home of bleach.

Notes are kept as written and cleaned each time they leave as HTML, never on the way in: cleaning
Markdown turns `a < b` into `a &lt; b` and leaves `[x](javascript:...)` alone. Two layers, neither
trusting the other: markdown-it-py renders with raw HTML off, then bleach lets through what the
allow-list names. A third, the Content-Security-Policy, stands in `guard`.

Rendering costs a millisecond or two, so each text is rendered once and remembered. What it costs
rises with the marks in a note, not with its words, and some notes are nothing but marks: so they
are counted first, and what is beyond the count stands as it was written.

What renders and what cleans is loaded with the first note: to load both takes as long as everything
else of the library together, and a server that only syncs shows no note.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from server.remembered import Remembered

if TYPE_CHECKING:
    from bleach.sanitizer import Cleaner

TAGS = frozenset(
    """
    a blockquote br code del em h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul
    """.split()
)
ATTRIBUTES = {"a": ["href", "title", "rel"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})

MARKS = 800
"""How many marks of Markdown are rendered in one note; each costs some 50 microseconds."""

_MARK = re.compile(r"[\n\\`*_~\[\]<>&|]|https?:|www\.|(?P<light>[!#$%+:=@^{}-])", re.I)
_LIGHTER = 20  # times: what Markdown only has to look at
_ROOM = 16_000_000  # characters of notes and their HTML that are remembered


def render(note: str) -> str:
    """A note as HTML that is safe for any text whatever; templates mark it so."""
    html = _rendered.get(note)
    if html is None:
        html = render_anew(note)
        _rendered.keep(note, html)
    return html


def render_anew(note: str) -> str:
    """The same, by doing it again."""
    from server.markdown import escape, markdown, write_out  # noqa: PLC0415  # see above

    if not hasattr(_mine, "cleaner"):
        _mine.markdown, _mine.cleaner = markdown(), _cleaner()
    end = _affordable(note)
    html = _mine.markdown.render(note[:end])
    if end < len(note):
        html += f"<pre>{escape(note[end:])}</pre>"
    return write_out(_mine.cleaner.clean(html))


_mine = threading.local()  # a Cleaner keeps state while it cleans: one a thread


_rendered = Remembered[str, str](_ROOM, lambda note, html: len(note) + len(html))


def _affordable(note: str) -> int:
    """Where to stop rendering: the end, or the last line before there are too many marks."""
    left = MARKS * _LIGHTER
    for mark in _MARK.finditer(note):
        left -= 1 if mark["light"] else _LIGHTER
        if left < 0:
            return note.rfind("\n", 0, mark.start()) + 1
    return len(note)


def _cleaner() -> Cleaner:
    from bleach.sanitizer import Cleaner  # noqa: PLC0415  # see above

    return Cleaner(tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=False)
