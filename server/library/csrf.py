"""Forms prove that they are ours.

A form on another site could be sent here with the reader's cookie, were that cookie not Strict and
its Origin not looked at (`server/guard.py`). This is the third lock: every form carries a value
made from the session's own secret, which no other site can know.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from flask import request

from server.auth import session_token
from server.errors import Problem
from server.guard import MAX_BODY

FIELD = "csrf"


def csrf_token() -> str:
    """What this session's forms carry."""
    return hmac.new(session_token().encode(), b"postil-forms", hashlib.sha256).hexdigest()


def sealed(text: bytes) -> str:
    """A text that travels in an address, and is known again as this session's own."""
    return f"{base64.urlsafe_b64encode(text).decode()}.{_seal(text)}"


def unsealed(text: str) -> bytes | None:
    """The text again; None where this session did not seal it."""
    said, _, seal = text.partition(".")
    try:
        plain = base64.b64decode(said.encode(), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return plain if hmac.compare_digest(seal.encode(), _seal(plain).encode()) else None


def _seal(text: bytes) -> str:
    return hmac.new(session_token().encode(), b"postil-said" + text, hashlib.sha256).hexdigest()


def require_csrf() -> None:
    """Refuse a form that does not carry it."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    # A long note or many ids take more than a form is given by default, and no more than any body.
    request.max_form_memory_size = MAX_BODY
    if not hmac.compare_digest(request.form.get(FIELD, "").encode(), csrf_token().encode()):
        raise Problem(
            403,
            "stale-form",
            "This form is not from this session. Go back, load the page again, and repeat it.",
        )
