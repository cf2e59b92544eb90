"""The page that says what became of a deed, and offers to take it back."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from server.library.deeds import Deed, Done, perform
from server.library.returning import named, there, whence
from store.model import decode, encode

_IN_ONE_FORM = 1_500_000  # bytes of the two megabytes a request may carry

blueprint = Blueprint("answering", __name__)


@blueprint.post("/undo")
def undo() -> Response:
    """Take a deed back, by the deeds its answer carried."""
    deeds = [decode(deed.encode(), Deed) for deed in request.form.getlist("deed")]
    return answer_page(perform(deeds), "{notes} {are} as before.", again=True)


def answer_page(done: Done, said: str, *, again: bool = False, **words: str) -> Response:
    """Say it in words. `said` may speak of `{notes}`: "1 note", "2,000 notes"."""
    one = done.changed == 1
    sentence = said.format(
        notes="1 note" if one else f"{done.changed:,} notes",
        carry="carries" if one else "carry",
        are="is" if one else "are",
        **words,
    )
    html = render_template(
        "done.html",
        done=done,
        sentence=sentence,
        forms=_forms(done.undo),
        again=again,
        back=whence(),
        there=there(),
        there_named=named(),
    )
    return make_response(html)


def _forms(undo: list[Deed]) -> list[list[str]]:
    """The deeds as they stand in forms, none of which is more than can be sent."""
    forms: list[list[str]] = []
    room = 0
    for deed in undo:
        text = encode(deed).decode()
        if len(text) > room:
            forms.append([])
            room = _IN_ONE_FORM
        forms[-1].append(text)
        room -= len(text)
    return forms
