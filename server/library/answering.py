"""What became of a deed, in words, with a way to take it back.

A reader who ticked a few notes of a list comes back to that list, and is told there: what is said
travels in the address, sealed, so that no link of anybody else can have this library say or offer
something. What is too much for an address is said on a page of its own.
"""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from msgspec import Struct
from werkzeug.wrappers import Response as BaseResponse

from server.library.csrf import sealed, unsealed
from server.library.deeds import Deed, Done, perform
from server.library.returning import named, there, whence
from store.model import Invalid, decode, encode

_IN_AN_ADDRESS = 3_000  # bytes, of the eight thousand that proxies let through
_IN_ONE_FORM = 1_500_000  # bytes, of the two million that a request may carry

blueprint = Blueprint("answering", __name__)


class Told(Struct, frozen=True, omit_defaults=True):
    """What is said. `left` has why notes stayed as they are, and how many; `forms` what takes it
    back, in forms none of which is more than can be sent."""

    sentence: str
    changed: int
    left: dict[str, int]
    forms: list[list[Deed]]
    stopped: str = ""
    again: bool = False


@blueprint.post("/undo")
def undo() -> BaseResponse:
    """Take a deed back, by the deeds its answer carried."""
    deeds = [decode(deed.encode(), Deed) for deed in request.form.getlist("deed")]
    return answer(perform(deeds), "{notes} {are} as before.", again=True)


def answer(done: Done, said: str, *, again: bool = False, **words: str) -> BaseResponse:
    """Say it in words. `said` may speak of `{notes}`: "1 note", "2,000 notes"."""
    one = done.changed == 1
    sentence = said.format(
        notes="1 note" if one else f"{done.changed:,} notes",
        carry="carries" if one else "carry",
        are="is" if one else "are",
        **words,
    )
    told = Told(sentence, done.changed, dict(done.left), _forms(done.undo), done.stopped, again)
    text = encode(told)
    if len(text) <= _IN_AN_ADDRESS:
        return redirect(there(done=sealed(text)), 303)
    html = render_template(
        "done.html", told=told, back=whence(), there=there(), there_named=named()
    )
    return make_response(html)


def told_here() -> Told | None:
    """What this page was asked to say, by an answer of this session."""
    text = unsealed(request.args.get("done", ""))
    try:
        return None if text is None else decode(text, Told)
    except Invalid:
        return None  # of another version of this program


def _forms(undo: list[Deed]) -> list[list[Deed]]:
    forms: list[list[Deed]] = []
    room = 0
    for deed in undo:
        size = len(encode(deed))
        if size > room:
            forms.append([])
            room = _IN_ONE_FORM
        forms[-1].append(deed)
        room -= size
    return forms
