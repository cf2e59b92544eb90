"""Fresh pairing codes and sign-in links, for the command line of whoever runs the server."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, Response
from msgspec import Struct

from server.auth import device
from server.current import services
from server.described import described
from server.operator import operator_only
from server.wire import answer, body

blueprint = Blueprint("grants", __name__)


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """Which kind of grant."""

    kind: Literal["pair", "sign-in"]


class Granted(Struct, frozen=True):
    """A secret to be exchanged once."""

    kind: str
    secret: str


@blueprint.post("/grants")
@described(takes=Wanted, answers={201: Granted}, problems=(403,))
@operator_only
def grant() -> Response:
    """A secret to be exchanged once. The operator's token only: devices let no devices in."""
    wanted = body(Wanted)
    access, account = services().access, device().account
    pairing = wanted.kind == "pair"
    secret = access.pairing_code(account) if pairing else access.sign_in_secret(account)
    return answer(Granted(wanted.kind, secret), 201, {"Cache-Control": "no-store"})
