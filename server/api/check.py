"""Checking the store, for the command line of whoever runs the server."""

from __future__ import annotations

from flask import Blueprint, Response
from msgspec import Struct

from server.current import services
from server.described import described
from server.operator import operator_only
from server.wire import answer, body
from store.answers import Report

blueprint = Blueprint("check", __name__)


class Checking(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether to mend what can be mended."""

    repair: bool = False


@blueprint.post("/check")
@described(takes=Checking, answers={200: Report}, problems=(403,))
@operator_only
def check() -> Response:
    """Verify everything the store keeps, while it goes on serving."""
    return answer(services().store.check(repair=body(Checking).repair))
