"""The API: one module a resource. What each path takes and answers stands in server/README.md."""

from flask import Blueprint

from server.api import (
    annotations,
    changes,
    devices,
    export,
    grants,
    pages,
    pair,
    search,
    status,
    tags,
)

blueprint = Blueprint("api", __name__, url_prefix="/api")

for _resource in (annotations, changes, devices, export, grants, pages, pair, search, status, tags):
    blueprint.register_blueprint(_resource.blueprint)
