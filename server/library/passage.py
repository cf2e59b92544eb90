"""Links that open the page at the noted passage, or where its earlier states are kept.

URL Fragment Text Directives (WICG scroll-to-text-fragment): `#:~:text=prefix-,start,end,-suffix`.
A browser that does not know them just opens the page.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from ada_url import URL

from store.model import Annotation

_LONG = 300  # characters: a longer passage is named by its first and last words
_WORDS = 5


def opens_at(annotation: Annotation) -> str:
    """The link; '' where the address is not one a library page may link to."""
    url = annotation.url
    if not url.lower().startswith(("http://", "https://")):
        return ""
    if annotation.quote is None:
        return url
    base, _, fragment = url.partition("#")
    fragment = fragment.partition(":~:")[0]
    return f"{base}#{fragment}:~:text={_directive(annotation.quote.exact)}"


def archived(url: str) -> str:
    """Where the Internet Archive lists its copies of a page, for an address that `opens_at` may
    link to; it hears of it only when a reader goes there."""
    try:
        bare = URL(url)
    except ValueError:
        return ""
    bare.username = bare.password = bare.hash = ""
    return f"https://web.archive.org/web/*/{bare.href}"


def _directive(exact: str) -> str:
    text = re.sub(r"\s+", " ", exact).strip()
    words = text.split(" ")
    if len(text) > _LONG and len(words) > 2 * _WORDS:
        return f"{_term(' '.join(words[:_WORDS]))},{_term(' '.join(words[-_WORDS:]))}"
    return _term(text)


def _term(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")
