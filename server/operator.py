"""What only whoever runs the server may ask: the command line, with the operator's token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Response

from server.auth import device
from server.errors import Problem


def operator_only(view: Callable[[], Response]) -> Callable[[], Response]:
    """Refuse a view to every other device: none lets others in, or touches files."""

    @wraps(view)
    def guarded() -> Response:
        if device().kind != "operator":
            raise Problem(403, "operator-only", "Only whoever runs this server may do that.")
        return view()

    return guarded
