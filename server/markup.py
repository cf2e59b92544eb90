"""A note's Markdown -> HTML that is safe to show. The one home of bleach.

Notes are kept as written and cleaned each time they leave as HTML, never on the way in: cleaning
Markdown turns `a < b` into `a &lt; b` and leaves `[x](javascript:...)` alone. Two layers, neither
trusting the other: markdown-it-py renders with raw HTML off, then bleach lets through what the
allow-list names. A third, the Content-Security-Policy, stands in `guard`.

Rendering costs a millisecond or two, so each text is rendered once and remembered.
"""

from __future__ import annotations

import threading
from collections.abc import MutableMapping
from functools import lru_cache, partial

from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

TAGS = frozenset(
    """
    a blockquote br code del em h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul
    """.split()
)
ATTRIBUTES = {"a": ["href", "title", "rel"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})

_SHORT = 4_000  # characters; longer notes are few, and are remembered apart so memory stays small


def render(note: str) -> str:
    """A note as HTML that is safe for any text whatever; templates mark it so."""
    return _short(note) if len(note) <= _SHORT else _long(note)


def _render(note: str) -> str:
    if not hasattr(_mine, "cleaner"):
        _mine.markdown, _mine.cleaner = _markdown(), _cleaner()
    return str(_mine.cleaner.clean(_mine.markdown.render(note)))


_short = lru_cache(maxsize=4096)(_render)
_long = lru_cache(maxsize=64)(_render)
_mine = threading.local()  # a Cleaner keeps state while it cleans: one a thread


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True})
    made.enable(["table", "strikethrough"])
    made.disable("image")  # a picture would tell its server when a note is read; a link stays
    made.core.ruler.push("postil_headings", _lower_headings)
    return made


def _lower_headings(state: StateCore) -> None:
    """A note stands under its page's heading, so its own begin three levels down."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 3)}"


def _cleaner() -> Cleaner:
    linkify = partial(LinkifyFilter, callbacks=[_link], skip_tags={"pre", "code"})
    return Cleaner(
        tags=TAGS, attributes=ATTRIBUTES, protocols=PROTOCOLS, strip=False, filters=[linkify]
    )


Attributes = MutableMapping[tuple[str | None, str], str]

_REL: tuple[None, str] = (None, "rel")


def _link(attributes: Attributes, _new: bool = False, /) -> Attributes:
    attributes[_REL] = "noopener nofollow ugc"
    return attributes
