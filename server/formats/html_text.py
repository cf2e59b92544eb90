"""The words of a piece of HTML, for a passage that another program kept as markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from server.formats.html_markdown import plain_tags


def words_of(text: str) -> str:
    """The text as a reader saw it; what holds no markup, or is far too long, is as it was."""
    if len(text) > _MOST or not _MARKUP.search(text):
        return text
    parser = _Words()
    parser.feed(plain_tags(text))
    parser.close()
    return re.sub(r" ?\n\s*", "\n", "".join(parser.words)).strip()


_MOST = 500_000  # characters: far over what a passage may be, markup and all
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_BREAKS = frozenset(
    "address blockquote br dd div dl dt figcaption h1 h2 h3 h4 h5 h6 hr li ol p pre tr ul".split()
)
_UNSEEN = frozenset("head iframe noscript script style template".split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(re.sub(r"[ \t\r\n\f]+", " ", data))
