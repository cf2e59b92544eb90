"""Fresh pairing codes and sign-in links, for the command line of whoever runs the server."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, Response
from msgspec import Struct

from server.auth import device
from server.current import services
from server.errors import Problem
from server.wire import answer, body

blueprint = Blueprint("grants", __name__)


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """Which kind of grant."""

    kind: Literal["pair", "sign-in"]


@blueprint.post("/grants")
def grant() -> Response:
    """A secret to be exchanged once. The operator's token only: devices let no devices in."""
    wanted = body(Wanted)
    if device().kind != "operator":
        raise Problem(403, "operator-only", "Only whoever runs this server may do that.")
    access = services().access
    secret = access.pairing_code() if wanted.kind == "pair" else access.sign_in_secret()
    return answer({"kind": wanted.kind, "secret": secret}, 201, {"Cache-Control": "no-store"})
