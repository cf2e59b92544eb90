"""A body in HTML -> the Markdown a note is kept in. No tag ever comes through: a note is text."""

from __future__ import annotations

import re
from html.parser import HTMLParser


def markdown_of(html: str) -> str:
    """The words of a piece of HTML, with its paragraphs, lists, quotations, emphasis and links."""
    parser = _Markdown()
    parser.feed(plain_tags(html))
    parser.close()
    return parser.written()


def plain_tags(html: str) -> str:
    """The same with nothing but tags in angle brackets: a comment or the like that has no end
    costs the parser time that grows with the square of its length."""
    first, *others = html.split("<!--")
    shown = first + "".join(other.partition("-->")[2] for other in others)
    return _NO_TAG.sub("&lt;", _DECLARATION.sub("", shown))


_BLOCKS = frozenset(
    """
    address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hr li main nav ol p pre section table tr ul
    """.split()
)
_UNSEEN = frozenset("head iframe math noscript object script style svg template textarea".split())
_MARKS = {"b": "**", "strong": "**", "i": "_", "em": "_", "code": "`", "del": "~~", "s": "~~"}
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>()]+", re.IGNORECASE)
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_NO_TAG = re.compile(r"<(?!/?[A-Za-z][^<>]*>)")
_DEEPEST = 8  # quotations within quotations
_SPACES = re.compile(r"[ \t\r\n\f]+")


class _Markdown(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines = [""]
        self._quoted = 0
        self._unseen = 0
        self._verbatim = 0
        self._links: list[str] = []
        self._marked: list[str] = []

    def written(self) -> str:
        lines = [line.rstrip() for line in self._lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif self._unseen:
            return
        elif tag == "br":
            self._break(1)
        elif tag in _BLOCKS:
            self._quoted += tag == "blockquote"
            self._verbatim += tag == "pre"
            self._break(1 if tag in ("li", "tr") else 2)
            if tag == "li":
                self._write("- ")
        elif tag == "a":
            href = (dict(attrs).get("href") or "").strip()
            self._links.append(href if _LINK.fullmatch(href) else "")
            self._write("[" if self._links[-1] else "")
        elif tag in _MARKS:
            self._marked.append(tag)
            self._write(_MARKS[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif self._unseen:
            return
        elif tag in _BLOCKS:
            self._quoted = max(0, self._quoted - (tag == "blockquote"))
            self._verbatim = max(0, self._verbatim - (tag == "pre"))
            self._break(1 if tag in ("li", "tr") else 2)
        elif tag == "a" and self._links:
            href = self._links.pop()
            self._write(f"]({href})" if href else "")
        elif tag in self._marked:
            self._marked.remove(tag)
            self._write(_MARKS[tag])

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._verbatim:
            first, *more = data.split("\n")
            self._write(first)
            for line in more:
                self._break(1, verbatim=True)
                self._write(line)
            return
        words = _SPACES.sub(" ", data)
        self._write(words if self._lines[-1].strip("> ") else words.lstrip(" "))

    def _write(self, text: str) -> None:
        if text and not self._lines[-1]:
            self._lines[-1] = "> " * min(self._quoted, _DEEPEST)
        self._lines[-1] += text

    def _break(self, lines: int, *, verbatim: bool = False) -> None:
        """Begin a new line, after an empty one where two are asked for."""
        if verbatim:
            self._lines.append("")
        elif any(self._lines):
            standing = next((n for n, line in enumerate(reversed(self._lines)) if line), lines)
            self._lines += [""] * max(0, lines - standing)
