"""The pages a reader opens in a browser."""

from __future__ import annotations

from itertools import islice

from flask import Blueprint

from server.auth import known_device
from server.current import services
from server.library import (
    activity,
    answering,
    bringing,
    changing,
    lost,
    pairing,
    picking,
    reading,
    session,
    settling,
    tagging,
    taking,
    wording,
)
from server.library.counted import counted
from server.library.csrf import csrf_token, require_csrf
from server.library.narrowing import term
from server.library.passage import archived, opens_at
from server.markup import render
from store.model import Color, encode

blueprint = Blueprint("library", __name__)
TAGS_OFFERED = 100  # while one is typed

_PARTS = (
    session,
    reading,
    changing,
    settling,
    lost,
    tagging,
    pairing,
    picking,
    answering,
    activity,
    taking,
    bringing,
)
for _part in _PARTS:
    blueprint.register_blueprint(_part.blueprint)
blueprint.before_request(require_csrf)
blueprint.add_app_template_filter(render, "markdown")
blueprint.add_app_template_filter(opens_at, "opens_at")
blueprint.add_app_template_filter(archived, "archived")
blueprint.add_app_template_filter(lambda value: encode(value).decode(), "encoded")
blueprint.add_app_template_filter(lambda value, field: term(field, value), "term")
for _filter in (wording.day, wording.ago, wording.site, wording.named, wording.kind):
    blueprint.add_app_template_filter(_filter)


@blueprint.context_processor
def _standing() -> dict[str, object]:
    """What the head of every page says, once somebody is signed in."""
    device = known_device()
    if device is None:
        return {}
    counts = counted()
    return {
        "count": services().store.count(device.account),
        "conflicted": counts.conflicts,
        "lost_count": services().store.count_lost(device.account),
        "since": counts.cursor,
        "csrf": csrf_token(),
        "back": {},
        "told": answering.told_here(),
        "known_tags": islice(counts.tags, TAGS_OFFERED),
        "colors": list(Color),
    }
