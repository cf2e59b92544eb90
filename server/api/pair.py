"""Exchanging a pairing code for a token."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from msgspec import Meta, Struct

from server.auth import open_to_all
from server.current import services
from server.described import described
from server.errors import Problem
from server.guard import extension_origin, slow_to_guess
from server.wire import answer, body

blueprint = Blueprint("pair", __name__)


class Introduction(Struct, frozen=True, forbid_unknown_fields=True):
    """What a new device says of itself."""

    code: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(min_length=1, max_length=128)]


class Paired(Struct, frozen=True):
    """What the device keeps. The token is shown this once."""

    token: str
    device: str
    account: str


@blueprint.post("/pair")
@described(takes=Introduction, answers={201: Paired}, problems=(403, 429))
@open_to_all
@slow_to_guess
def pair() -> Response:
    """A token for a code. Codes live ten minutes, work once, and die of five wrong guesses."""
    introduction = body(Introduction)
    origin = extension_origin()
    kind = "extension" if origin else "api"
    paired = services().access.pair(introduction.code, introduction.name, kind, origin)
    if paired is None:
        raise Problem(
            403,
            "wrong-code",
            "This pairing code is wrong, used up or older than ten minutes. "
            "`postil pair` prints a new one.",
            field="code",
        )
    token, device = paired
    made = Paired(token, device.id, device.account)
    return answer(made, 201, {"Cache-Control": "no-store"})
