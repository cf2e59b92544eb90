"""A query in the language of SQLite's FTS5.

What is not text (colour, tags, sites) stands in the index as *facets*: words of a column of their
own, hashed, and begun by a character for private use that no reader types. So one expression asks
for all of it, and FTS5 walks the lists of all its words side by side; and words need no filter by
column, which costs FTS5 as much as a phrase does.
"""

from __future__ import annotations

import hashlib

from store.folding import fold
from store.model import Color
from store.page_key import page_key
from store.query import Query, Terms, site_of


def expression(query: Query) -> str | None:
    """The query in FTS5's language, or None where it asks for everything of some time."""
    wanted, unwanted = _expressions(query.wanted), _expressions(query.unwanted)
    if not wanted and not unwanted:
        return None
    asked = " AND ".join(wanted or [f'facets : "{EVERY}"'])
    return f"({asked}) NOT ({' OR '.join(unwanted)})" if unwanted else asked


def facets(page: str, canonical: str | None, color: Color, tags: list[str]) -> list[str]:
    """The facets of a note."""
    found = [EVERY, facet("color", color)]
    found += [facet("tag", " ".join(fold(tag).split())) for tag in tags]
    pages = [page] if canonical is None else [page, page_key(canonical)]
    for site in {site_of(page) for page in pages}:
        found += [facet("site", name) for name in _and_above(site)]
    return found


def _and_above(site: str | None) -> set[str]:
    """A site with its port and without, and the domains it is below."""
    if site is None:
        return set()
    labels = site.partition(":")[0].split(".")
    return {site, *(".".join(labels[at:]) for at in range(len(labels)))}


def facet(kind: str, value: str) -> str:
    """The word that says this of a note."""
    digest = hashlib.blake2b(f"{kind}:{value}".encode(), digest_size=10).hexdigest()
    return f"\ue000{digest}"


EVERY = facet("every", "note")
"""What every note has."""


def _expressions(terms: Terms) -> list[str]:
    found = [f'"{text.words}"' + " *" * text.prefix for text in terms.texts]
    found += [f'facets : "{facet("tag", tag)}"' for tag in terms.tags]
    for kind, values in (("site", terms.sites), ("color", terms.colors)):
        if values:
            either = " OR ".join(f'"{facet(kind, value)}"' for value in values)
            found.append(f"facets : ({either})")
    return found
