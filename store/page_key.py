"""A URL -> the key its notes are kept under.

The same article is met under many addresses: `http` and `https`, with and without a slash at the
end, with a newsletter's tracking parameters, with the fragment of a heading or of a quoted text.
A reader who comes back by another of them expects the notes to be there. But two addresses that
differ in anything that *may* select another text must stay apart: notes of two articles mixed up
are worse than notes not found. So only what is known to be noise goes:

    http://Example.com:80/a/?utm_source=x#top     https://example.com/a
    https://example.com/watch?v=1&t=10            https://example.com/watch?t=10&v=1   (t stays)
    https://example.com/#/chapter/2               https://example.com/#/chapter/2      (a route)
    https://example.com/a#:~:text=some%20words    https://example.com/a
    urn:isbn:9780141439518                        urn:isbn:9780141439518               (kept whole)

The parsing is the WHATWG URL Standard's, by ada; percent-encoding is made equal as RFC 3986,
sections 6.2.2.1 and 6.2.2.2 allow. `extension/src/page_key.ts` is this module's twin: the vectors
in `tests/store/page_keys.json` are the rules, and both run them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ada_url import URL

from store.model import Invalid

TRACKING = frozenset(
    """
    _ga _gl _hsenc _hsmi __hsfp __hssc __hstc _openstat dclid fbclid gad_source gbraid gclid gclsrc
    hsctatracking igsh igshid li_fat_id mc_cid mc_eid mkt_tok msclkid oly_anon_id oly_enc_id ref_src
    ref_url srsltid ttclid twclid vero_conv vero_id wbraid wickedid yclid
    """.split()
)
"""Parameters that say where a reader came from, never what is read."""


def page_key(url: str) -> str:
    """The key of a page. Equal for all addresses of one text; itself a URL, and its own key.

    Raises `Invalid` for what is not an absolute URL.
    """
    return _key(url)


@lru_cache(maxsize=1024)  # a reader's notes come page by page
def _key(url: str) -> str:
    href = _parse(url).href
    web = _WEB.fullmatch(href)
    if web is None:
        return href
    host, port, path, search, hash = web.groups("")
    if port and port != "443":
        host = f"{host}:{port}"
    path = _normal_escapes(path).rstrip("/") or "/"
    return f"https://{host}{path}{_query(search)}{_route(hash)}"


def believed_canonical(url: str, canonical: str | None) -> str | None:
    """What a page's rel=canonical adds to its address: an absolute URL, or None.

    Believed only on the same site and port, and only when it is not the site's root while the page
    is not (a common mistake of templates, which would pile a whole site's notes on its front
    page). None also where it has the page's own key, and so says nothing new.

    Raises `Invalid` where `url` itself is not an absolute URL.
    """
    page = _parse(url)
    if not canonical:
        return None
    try:
        claimed = URL(canonical, base=page.href)
    except ValueError:
        return None
    web = ("http:", "https:")
    if page.protocol not in web or claimed.protocol not in web or page.port != claimed.port:
        return None
    if not _same_site(page.hostname, claimed.hostname):
        return None
    key, own = page_key(claimed.href), page_key(page.href)
    if key == own or len(claimed.href) > 4096:
        return None
    if _is_root(key) and not _is_root(own):
        return None
    return claimed.href


def _parse(url: str) -> URL:
    try:
        return URL(url)
    except ValueError:
        raise Invalid(f"`{url[:200]}` is not an absolute URL.", "url") from None


# What ada writes is a URL in normal form: taking it apart is quicker than asking for each part.
_WEB = re.compile(
    r"https?://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL
)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")


def _normal_escapes(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        character = chr(int(match[0][1:], 16))
        return character if _UNRESERVED.fullmatch(character) else match[0].upper()

    return _ESCAPE.sub(one, text) if "%" in text else text


def _query(search: str) -> str:
    if not search:
        return ""
    kept = []
    for part in _normal_escapes(search.removeprefix("?")).split("&"):
        name = part.partition("=")[0]
        lower = name.lower()
        if part and lower not in TRACKING and not lower.startswith("utm_"):
            kept.append((name, part))
    kept.sort(key=lambda pair: pair[0])
    return "?" + "&".join(part for _, part in kept) if kept else ""


def _route(hash: str) -> str:
    if not hash:
        return ""
    fragment = hash.partition(":~:")[0]
    routed = fragment.startswith(("#/", "#!")) and fragment not in ("#/", "#!", "#!/")
    return fragment if routed else ""


_DOORS = re.compile(r"^(?:www\d?|m|mobile|amp|touch)\.(?=[^.]+\.)")
_ADDRESS = re.compile(r"^\[|^\d+(?:\.\d+){3}$")


def _same_site(one: str, other: str) -> bool:
    """Equal but for a `www.` or the like, or one within the other.

    Sibling hosts are not: without the public suffix list nobody can tell `a.example.com` and
    `b.example.com` from `a.co.uk` and `b.co.uk`.
    """
    if one == other:
        return True
    if _ADDRESS.search(one) or _ADDRESS.search(other):
        return False
    one, other = _DOORS.sub("", one), _DOORS.sub("", other)
    inner, outer = (one, other) if len(one) >= len(other) else (other, one)
    return inner == outer or ("." in outer and inner.endswith("." + outer))


def _is_root(key: str) -> bool:
    return re.fullmatch(r"https://[^/?#]*/", key) is not None
