"""What others say in a Web Annotation and Postil has no use for: kept, and given back unchanged.

`Annotation.extra["w3c"]` holds it under the names it had. A body or a target stands there whole
where Postil would have written it otherwise: given back as it came for as long as it still says
what the note says, and edited as little as can be once the reader has changed the note. Text that
is long and stands in the note anyway is not kept twice: a mark takes its place.

What else there is in `extra` travels as JSON in a property of its own, and so does all of it where
the parts do not tell it: a file taken out of Postil and put in again is the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import UNSET

from server.formats import w3c_own as own
from server.formats.w3c_iri import iri
from server.formats.w3c_own import Json
from server.formats.w3c_understood import TITLES, Said, Target, listed, names, said_in, target_of
from store import model
from store.model import MAX_EXTRA, Annotation, Color
from store.page_key import believed_canonical

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
KEY = "w3c"

_SAME = {"urn:postil:same": True}
_LONG = 1000  # characters, from which a text is not kept twice
_OURS = frozenset(
    {"id", "@id", "created", "modified", own.URL, own.CANONICAL, own.CONFLICT, own.EXTRA}
)
_PARTS = ("type", "motivation", "body", "target", "stylesheet")
_WOVEN = frozenset({*_PARTS, "bodyValue", "@context"})


def kept_of(value: Json, plain: Json, annotation: Annotation) -> Json:
    """What of an annotation is to be kept beside the record made of it.

    `plain` is that record as Postil itself would write it.
    """
    kept = {}
    for name, said in value.items():
        if said is None or (name == "body" and said == []):
            continue  # which is as good as not there
        if name[:1] == "@":
            # Of what belongs to JSON-LD itself only a context can be given back.
            if name == "@context" and said not in (CONTEXT, [CONTEXT]):
                kept[name] = said
            elif name == "@type" and said != "Annotation":
                kept["type"] = said
        elif name not in _OURS and (name not in _PARTS or plain.get(name) != said):
            kept[name] = said
    if "bodyValue" in kept:
        text = kept.pop("bodyValue")
        if isinstance(text, str) and not listed(value.get("body")):
            kept["bodyValue"] = None  # the note stands for it
        elif isinstance(text, str):
            kept["body"] = [*listed(value["body"]), {"type": "TextualBody", "value": text}]
    if kept.keys() & {"body", "bodyValue"}:
        kept["motivation"] = value.get("motivation")  # it says what a body without a purpose is
    if "body" in kept:
        kept["body"] = _elided(kept["body"], "value", annotation.note)
    if "target" in kept and annotation.quote is not None:
        kept["target"] = _elided(kept["target"], "exact", annotation.quote.exact)
    return kept


def fitting(kept: Json) -> Json:
    """The same within what a record may hold: the largest parts go first, and that is said."""
    dropped: list[str] = []
    while len(model.encode({KEY: kept})) > MAX_EXTRA:
        rest = [name for name in kept if name != own.DROPPED]
        largest = max(rest, key=lambda name: len(model.encode(kept[name])) + len(name))
        dropped.append(largest[:80])
        names_of = ", ".join(dropped[:40])
        kept = {name: kept[name] for name in rest if name != largest} | {own.DROPPED: names_of}
    return kept


def given_back(plain: Json, annotation: Annotation) -> Json:
    """An annotation as Postil would write it, with what is kept woven in."""
    extra = {} if annotation.extra is UNSET else annotation.extra
    kept = extra.get(KEY)
    if not isinstance(kept, dict):
        return plain
    others = {
        name: said
        for name, said in kept.items()
        if name not in _WOVEN and name not in plain and name not in _OURS and name[:1] != "@"
    }
    whole = {**plain, **others}
    if "Annotation" in names(kept.get("type")):
        whole["type"] = kept["type"]
    if isinstance(kept.get("@context"), (list, dict)):
        whole["@context"] = kept["@context"]
    _weave_body(whole, kept, annotation)
    _weave_target(whole, kept, annotation)
    return whole


def as_json(extra: Json) -> str:
    """An `extra` as the value of its own property."""
    return model.encode(extra).decode()


def of_json(text: Any) -> Json | None:
    """The `extra` in such a value; None where it is none."""
    try:
        value = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _weave_body(whole: Json, kept: Json, annotation: Annotation) -> None:
    motivations = names(kept.get("motivation"))
    if "bodyValue" in kept and not annotation.tags:
        if annotation.note:
            whole.pop("body", None)
            whole["bodyValue"] = annotation.note
        _weave_motivation(whole, kept)
        return
    if "body" not in kept:
        if kept.get("motivation") is not None:
            _weave_motivation(whole, kept)
        return
    filled = _filled(kept["body"], "value", annotation.note)
    if annotation.note == "" and filled != kept["body"]:
        filled = [body for body in listed(filled) if said_in(body, motivations) != Said()]
    said = [said_in(body, motivations) for body in listed(filled)]
    if text_of(said) == annotation.note and tags_of(said) == annotation.tags:
        whole["body"] = filled
        _weave_motivation(whole, kept)
    else:
        whole["body"] = _revised(listed(filled), said, annotation)
        if not set(motivations) <= {"commenting", "tagging", "highlighting", "bookmarking"}:
            _weave_motivation(whole, kept)
    if whole["body"] in ([], None):
        del whole["body"]


def _weave_motivation(whole: Json, kept: Json) -> None:
    if kept.get("motivation") is None:
        whole.pop("motivation", None)
    else:
        whole["motivation"] = kept["motivation"]


def text_of(said: Iterable[Said]) -> str:
    """What bodies say together, as one note."""
    return "\n\n".join(one.text for one in said if one.text)


def tags_of(said: Iterable[Said]) -> list[str]:
    """The tags they name."""
    return list(dict.fromkeys(one.tag for one in said if one.tag))


def _revised(bodies: list[Any], said: list[Said], annotation: Annotation) -> list[Any]:
    """Bodies after the reader has changed the note: text and tags as they are now, all else as it
    was."""
    texts = [at for at, one in enumerate(said) if one.text]
    only: Any = bodies[texts[0]] if len(texts) == 1 else None
    revised: list[Any] = []
    if annotation.note:
        same = isinstance(only, dict) and only.get("value") == text_of(said)
        revised.append(
            {**only, "value": annotation.note} if same else own.note_body(annotation.note)
        )
    named: Json = {one.tag: bodies[at] for at, one in enumerate(said) if one.tag}
    for tag in annotation.tags:
        body = named.get(tag)
        revised.append(
            {**body, "purpose": body.get("purpose", "tagging")}
            if isinstance(body, dict)
            else own.tag_body(tag)
        )
    return revised + [bodies[at] for at, one in enumerate(said) if one == Said()]


def _weave_target(whole: Json, kept: Json, annotation: Annotation) -> None:
    theirs = kept.get("stylesheet")
    if "target" not in kept:
        if theirs is not None:
            whole["stylesheet"] = theirs
        return
    exact = "" if annotation.quote is None else annotation.quote.exact
    filled = _filled(kept["target"], "exact", exact)
    found = target_of(filled)
    primary, looks = None, False
    if found is not None and _is_at(found, annotation):
        looks = found.title == annotation.title
        looks = looks and (found.color or Color.YELLOW) is annotation.color
        primary = listed(filled)[found.at]
    ours = whole.pop("stylesheet", None)
    if looks and found is not None:
        whole["target"] = filled
        sheets = [theirs] if theirs is not None else [ours] if found.color and ours else []
    else:
        if isinstance(primary, dict) and "source" in primary:
            whole["target"] = _restyled(primary, annotation)
            ours = own.stylesheet(annotation.color)
        rest = [one for at, one in enumerate(listed(filled)) if found is None or at != found.at]
        whole["target"] = [whole["target"], *rest] if rest else whole["target"]
        sheets = [*listed(theirs), *([ours] if ours else [])]
    if sheets:
        whole["stylesheet"] = sheets if len(sheets) > 1 else sheets[0]


def _is_at(found: Target, annotation: Annotation) -> bool:
    """Whether that is where the note is."""
    canonical = believed_canonical(found.url, found.canonical or None)
    return (
        found.url in (annotation.url, iri(annotation.url))
        and canonical == (None if annotation.canonical is UNSET else annotation.canonical)
        and found.quote == annotation.quote
        and found.position == annotation.position
    )


def _restyled(primary: Json, annotation: Annotation) -> Json:
    """A target of theirs with the colour and the title that the note has now."""
    classes = [
        name
        for name in listed(primary.get("styleClass"))
        if not isinstance(name, str) or not name.startswith("postil-")
    ]
    named = [own.style_class(annotation.color), *classes]
    restyled = _untitled(primary)
    restyled["styleClass"] = named if len(named) > 1 else named[0]
    if isinstance(source := restyled["source"], dict):
        restyled["source"] = _untitled(source)
    if annotation.title:
        restyled[own.TITLE] = annotation.title
    return restyled


def _untitled(resource: Json) -> Json:
    return {name: said for name, said in resource.items() if name not in TITLES}


def _elided(value: Any, name: str, text: str) -> Any:
    """The same with a mark for every `name` that is this text, where it is long."""
    if len(text) < _LONG:
        return value
    return _replaced(value, name, text, _SAME)


def _filled(value: Any, name: str, text: str) -> Any:
    """The same with this text for every `name` that is marked."""
    return _replaced(value, name, _SAME, text)


def _replaced(value: Any, name: str, old: Any, new: Any) -> Any:
    if isinstance(value, list):
        return [_replaced(one, name, old, new) for one in value]
    if isinstance(value, dict):
        return {
            key: new if key == name and said == old else _replaced(said, name, old, new)
            for key, said in value.items()
        }
    return value
