"""Notes that were ticked in a list: tagged, recoloured or deleted together."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as BaseResponse

from server.library.answering import answer
from server.library.changing import typed_tags
from server.library.deeds import Deed, Done, packed, perform
from store.model import Color, Id, Invalid, Tags, convert

blueprint = Blueprint("picking", __name__)

_DIGITS = 16  # of a revision, at most


@blueprint.post("/notes/many")
def many() -> BaseResponse:
    """Do to all that were ticked what the pressed button says."""
    seen = dict(map(_ticked, request.form.getlist("note")))
    if not seen:
        raise Invalid("No note was selected. Go back, and tick those that are meant.", "note")
    ids, wish = packed(seen), request.form.get("do", "")
    if wish in ("tag", "untag"):
        tags = convert(typed_tags(request.form.get("tag", "")), Tags)
        if not tags:
            raise Invalid("Say which tag is meant. Go back, and write it.", "tag")
        return _tagged(ids, tags, off=wish == "untag")
    if wish == "delete":
        done = perform([Deed(ids, delete=True, seen=list(seen.values()))])
        return answer(done, "{notes} {are} in the trash.")
    if wish in set(Color):
        return answer(perform([Deed(ids, color=Color(wish))]), f"{{notes}} {{are}} {wish} now.")
    raise Invalid("Say what to do: tag, untag, delete, or a colour.", "do")


def _tagged(ids: str, tags: list[str], *, off: bool) -> BaseResponse:
    named = ", ".join(f"“{tag}”" for tag in tags)
    done: Done
    if off:
        done = perform([Deed(ids, remove=tags)])
        return answer(done, "{notes} no longer {carry} {named}.", named=named)
    done = perform([Deed(ids, add=tags)])
    return answer(done, "{notes} now {carry} {named}.", named=named)


def _ticked(value: str) -> tuple[str, int]:
    """A note as a tick names it: its id, and the revision its reader saw."""
    id, _, rev = value.partition(" ")
    if not (rev.isascii() and rev.isdigit() and len(rev) <= _DIGITS):
        raise Invalid("`note` is no note of this page.", "note")
    return convert(id, Id), int(rev)
