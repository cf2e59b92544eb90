"""A note's Markdown -> HTML, by CommonMark with tables and strikethrough; not yet cleaned.

Whatever stands in a note is text first: raw HTML is shown as it was written, a picture stays a link
(fetching it would tell its server when a note is read), addresses become links.

`&`, `<` and `>` in text are not written as `&amp;`, `&lt;` and `&gt;` but as three characters that
mean nothing (from the very end of Unicode's private use), for `markup` to write them out once all
else is done: bleach takes its time over each entity, and over many of them the square of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_ESCAPES = {"&": "\U0010fff0", "<": "\U0010fff1", ">": "\U0010fff2"}
_ENTITIES = {"\U0010fff0": "&amp;", "\U0010fff1": "&lt;", "\U0010fff2": "&gt;"}
_ESCAPED = str.maketrans(dict.fromkeys(_ENTITIES, "\ufffd") | _ESCAPES)
_WRITTEN_OUT = str.maketrans(_ENTITIES)

REL = "noopener nofollow ugc"

_ADDRESS = re.compile(
    r"(?<![\w@./-])(?:https?://|www\.)[^\s<>\"\U0010fff0-\U0010fff2]{1,2000}", re.I
)
_AFTER = ".,:;!?'*_~"  # what ends a sentence and not an address


def markdown() -> MarkdownIt:
    """A renderer of notes. Not to be shared between threads."""
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
    made.enable(["table", "strikethrough"])
    made.disable("image")
    made.core.ruler.push("postil_headings", _lower_headings)
    made.core.ruler.push("postil_links", _link_addresses)
    return made


def escape(text: str) -> str:
    """Text, as it may stand in HTML until `write_out`."""
    return text.translate(_ESCAPED)


def write_out(html: str) -> str:
    """HTML with the entities it is to be sent with."""
    return html.translate(_WRITTEN_OUT)


class _Renderer(RendererHTML):
    """Writes text by `escape`. The names are those of the tokens' types."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return escape(tokens[idx].content)

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"<code>{escape(tokens[idx].content)}</code>"

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"<pre><code>{escape(tokens[idx].content)}</code></pre>\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.code_block(tokens, idx, options, env)


def _lower_headings(state: StateCore) -> None:
    """A note stands under its page's heading, so its own begin three levels down."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 3)}"


def _link_addresses(state: StateCore) -> None:
    """Make links of addresses in text, and have none of all links vouch for where it leads."""
    for block in state.tokens:
        if block.children:
            block.children = list(_linked(state.md, block.children))


def _linked(md: MarkdownIt, tokens: list[Token]) -> Iterator[Token]:
    inside = False
    for token in tokens:
        if token.type == "link_open":
            token.attrs["rel"] = REL
        if token.type in ("link_open", "link_close"):
            inside = token.type == "link_open"
        if token.type == "text" and not inside:
            yield from _split(md, token)
        else:
            yield token


def _split(md: MarkdownIt, token: Token) -> Iterator[Token]:
    """A run of text, with a link about each address in it."""
    text, done = token.content, 0
    for found in _ADDRESS.finditer(text):
        address = _without_what_follows(found[0])
        target = md.normalizeLink(address if "://" in address else f"http://{address}")
        if md.validateLink(target):
            yield _text(text[done : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": target, "rel": REL})
            yield _text(address)
            yield Token("link_close", "a", -1)
            done = found.start() + len(address)
    yield _text(text[done:])


def _without_what_follows(address: str) -> str:
    """An address without what belongs to the sentence it stands in."""
    open_ones = address.count("(") - address.count(")")
    end = len(address)
    while end:
        if address[end - 1] == ")" and open_ones < 0:
            open_ones += 1
        elif address[end - 1] not in _AFTER:
            break
        end -= 1
    return address[:end]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
