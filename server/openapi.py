"""The API, described for programs: OpenAPI 3.1, made of what `@described` says on every view."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from flask import Flask
from msgspec import Struct
from werkzeug.routing import Rule

from server.auth import is_open
from server.described import Described, Media
from server.version import VERSION
from store.model import Annotation, Id, Operation

_SCHEMAS = "#/components/schemas/{name}"
_ALWAYS = (400, 401, 403, 413, 421, 422, 503, 507)  # any view may answer with these
_WRITES = ("POST", "PUT", "PATCH")
_DESCRIPTION = (
    "Notes in the margins of the web. Every change is an operation; errors are problem details "
    "(RFC 9457) with a sentence a person can act on."
)


class ProblemDetails(Struct, frozen=True):
    """RFC 9457. `type` is `urn:postil:problem:NAME`; `field` is the path of what is to blame."""

    type: str
    title: str
    status: int
    detail: str
    field: str = ""
    common: int = 0


def openapi(app: Flask, root: str = "") -> dict[str, Any]:
    """The whole document; `root` is the path the server stands under, where it has one."""
    views = list(_views(app))
    kinds: list[Any] = [Annotation, Operation, ProblemDetails]
    for _, _, described in views:
        kinds += [kind for kind in (described.takes, described.query) if inspect.isclass(kind)]
        kinds += [kind for kind in described.answers.values() if inspect.isclass(kind)]
    _, components = msgspec.json.schema_components(kinds, ref_template=_SCHEMAS)
    # What is sent is the record without its clock: that is the store's own business.
    annotation = components["Annotation"]
    annotation["properties"].pop("clock")
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, described in views:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _operation(
            app, rule, method, described, components
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Postil", "version": VERSION, "description": _DESCRIPTION},
        "servers": [{"url": root or "/"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {name: components[name] for name in sorted(components)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _views(app: Flask) -> Iterator[tuple[Rule, str, Described]]:
    for rule in app.url_map.iter_rules():
        described = getattr(app.view_functions[rule.endpoint], "described", None)
        if isinstance(described, Described):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, described


def _operation(
    app: Flask, rule: Rule, method: str, described: Described, components: dict[str, Any]
) -> dict[str, Any]:
    view = app.view_functions[rule.endpoint]
    summary, _, rest = (inspect.getdoc(view) or "").partition("\n\n")
    made: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api."),
        "tags": [rule.endpoint.split(".")[1]],
        "summary": " ".join(summary.split()),
        "parameters": _parameters(rule, described, components),
        "responses": _responses(method, described),
    }
    if rest:
        made["description"] = " ".join(rest.split())
    if isinstance(described.takes, Media):
        file = {"schema": {"type": "string", "format": "binary"}}
        made["requestBody"] = {
            "required": True,
            "content": dict.fromkeys(described.takes.types, file),
        }
    elif described.takes is not None:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(described.takes)}},
        }
    if is_open(view):
        made["security"] = [{}, {"token": []}]
    return made


def _parameters(
    rule: Rule, described: Described, components: dict[str, Any]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": msgspec.json.schema(Id)}
        for name in sorted(rule.arguments)
    ]
    if described.query is None:
        return found
    asked = components[described.query.__name__]
    for name, schema in asked["properties"].items():
        shown = {key: value for key, value in schema.items() if key != "description"}
        parameter = {
            "name": name,
            "in": "query",
            "required": name in asked.get("required", ()),
            "schema": shown,
        }
        if "description" in schema:
            parameter["description"] = schema["description"]
        found.append(parameter)
    return found


def _responses(method: str, described: Described) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, kind in described.answers.items():
        answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if isinstance(kind, Media):
            answer["content"] = {type: {} for type in kind.types}
        elif kind is not None:
            answer["content"] = {"application/json": {"schema": _reference(kind)}}
        responses[str(status)] = answer
    if method == "GET":
        responses["304"] = {"description": "Not changed since the `If-None-Match` given"}
    statuses = {*_ALWAYS, *described.problems, *((415,) if method in _WRITES else ())}
    for status in sorted(statuses):
        responses.setdefault(str(status), _problem(status))
    return responses


@cache
def _problem(status: int) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": _reference(ProblemDetails)}},
    }


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": _SCHEMAS.format(name=kind.__name__)}
