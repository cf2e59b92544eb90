"""What containers and annotations are called.

`/w3c/` holds every note of the account that asks, `/w3c/pages/NAME/` those of one page. NAME is the
page's key in base64url, since a key has slashes of its own; section 4 wants an annotation's IRI
below its container's, so a note has one under each.
"""

from __future__ import annotations

import base64
import binascii

from flask import request

from server.current import services
from server.errors import Problem
from store.model import Invalid
from store.page_key import page_key


def root() -> str:
    """The address readers reach the server at, without a slash at its end."""
    return services().config.url.rstrip("/") or request.url_root.rstrip("/")


def container_iri(page: str = "") -> str:
    """The IRI of the account's container, or of that of the page of this name."""
    return f"{root()}/w3c/pages/{page}/" if page else f"{root()}/w3c/"


def annotation_iri(id: str, page: str = "") -> str:
    """The IRI of a note within a container."""
    return f"{container_iri(page)}{id}"


def name_of(key: str) -> str:
    """The name under which a page has its container."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_of(name: str) -> str:
    """The key of the page of that name. A problem with 404 for a name that is none."""
    try:
        padded = name + "=" * (-len(name) % 4)
        key = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
        if name_of(key) == name and page_key(key) == key:
            return key
    except (binascii.Error, UnicodeDecodeError, Invalid):
        pass
    raise Problem(404, "not-found", "There is no page of this name.")
