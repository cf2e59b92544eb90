"""Who may sync: the devices of an account, taking that away, and letting one more in."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import segno
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as BaseResponse

from server.access import CODE_LIFE
from server.auth import device
from server.current import services
from server.errors import Problem
from store.model import Device

blueprint = Blueprint("pairing", __name__)


class Listed(Struct, frozen=True):
    """A device in the list; `own` is the browser that shows it."""

    device: Device
    own: bool


@blueprint.get("/devices")
def devices() -> Response:
    """All of them: this one first, then those last seen last."""
    me, parts = device(), services()
    known = [Listed(one, one.id == me.id) for one in parts.store.devices(me.account)]
    known.sort(key=lambda one: (one.own, one.device.seen), reverse=True)
    html = render_template("devices.html", known=known, now=parts.access.moment())
    return make_response(html)


@blueprint.post("/devices/<id>/revoke")
def revoke(id: str) -> BaseResponse:
    """From now on its token opens nothing. Of this browser itself, that is signing out."""
    if not services().access.revoke(device().account, id):
        raise Problem(404, "not-found", "This device was revoked already.")
    view = "session.signed_out" if id == device().id else "pairing.devices"
    return redirect(url_for(f"library.{view}"), 303)


@blueprint.post("/devices/code")
def code() -> Response:
    """A fresh pairing code, as letters, as a link and as a picture of the link."""
    secret = services().access.pairing_code(device().account)
    address = services().config.url.rstrip("/") or request.url_root.rstrip("/")
    link = f"{address}/pair#{secret}"
    html = render_template(
        "pairing_code.html",
        code=secret,
        link=link,
        picture=_picture(link),
        minutes=CODE_LIFE // 60,
        only_here=_is_loopback(urlsplit(address).hostname or ""),
    )
    response = make_response(html)
    response.headers["Cache-Control"] = "no-store"
    return response


def _picture(link: str) -> str:
    """A QR code as SVG in the page itself: no address is asked that would have to carry the code.

    Always dark on light, with the margin that the standard (ISO/IEC 18004) asks for: some cameras
    read no other.
    """
    made = segno.make_qr(link, error="m")
    return made.svg_inline(
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
        title="QR code of the pairing link",
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
