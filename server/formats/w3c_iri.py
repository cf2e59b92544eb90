"""URLs as IRIs: JSON-LD takes nothing else, and browsers take much more.

A page's address may hold `|`, `{` or a space; an IRI (RFC 3987) may not. `extension/src/formats/
iri.ts` is this module's twin.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ada_url import URL


@lru_cache(maxsize=1024)  # notes come page by page
def iri(url: str) -> str:
    """A URL as an IRI: what is not allowed in one is percent-encoded."""
    match = _IRI.fullmatch(URL(url).href)
    assert match is not None
    before, path, fragment = match.groups()
    return (
        _escaped(before, _NEVER)
        + _escaped(path, _NOT_PAST_HOST)
        + ("#" + _escaped(fragment, _NOT_PAST_HOST) if fragment is not None else "")
    )


_IRI = re.compile(r"([a-z][a-z0-9+.-]*:(?://[^/?#]*)?)([^#]*)(?:#(.*))?", re.DOTALL)
_STRAY_PERCENT = r"%(?![0-9A-Fa-f]{2})"
_ALLOWED = (
    r"A-Za-z0-9\-._~:/?@!$&'()*+,;=%"
    "\u00a0-\u200d\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
)
_NEVER = re.compile(rf"{_STRAY_PERCENT}|[^{_ALLOWED}\[\]]")
_NOT_PAST_HOST = re.compile(rf"{_STRAY_PERCENT}|[^{_ALLOWED}]")


def _escaped(text: str, forbidden: re.Pattern[str]) -> str:
    return forbidden.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)
