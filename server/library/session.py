"""Signing in to the library."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from server.auth import open_to_all, start_session
from server.current import services
from server.errors import Problem
from server.guard import slow_to_guess

blueprint = Blueprint("session", __name__)


@blueprint.get("/sign-in")
@open_to_all
def signed_out() -> Response:
    """What to do to get in."""
    return make_response(render_template("signed_out.html"))


@blueprint.get("/sign-in/<secret>")
@open_to_all
@slow_to_guess
def sign_in(secret: str) -> Response:
    """Exchange a one-time link for a session.

    Answered with a page that moves on by itself, not with a redirect: a Strict cookie is not sent
    along a redirect that began on another site or in another program.
    """
    admitted = services().access.sign_in(secret, _browser())
    if admitted is None:
        raise Problem(
            403,
            "stale-link",
            "This sign-in link was used already or is too old. `postil sign-in` prints a new one.",
        )
    token, _ = admitted
    response = make_response(render_template("signed_in.html"))
    start_session(response, token)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/pair")
@open_to_all
def pair() -> Response:
    """How to finish pairing. The code stands in the fragment, which no server ever sees."""
    return make_response(render_template("pair.html"))


def _browser() -> str:
    """A name for this session that its reader will recognise among the devices."""
    agent = request.user_agent.string
    for name in ("Firefox", "Edg", "OPR", "Chrome", "Safari"):
        if name in agent:
            return {"Edg": "Edge", "OPR": "Opera"}.get(name, name)
    return "A browser"
