"""The API: one module a resource. What each path takes and answers stands in server/README.md."""

from flask import Blueprint

from server.api import (
    accounts,
    annotations,
    backups,
    changes,
    check,
    devices,
    docs,
    export,
    grants,
    pages,
    pair,
    search,
    status,
    tags,
    trash,
)

blueprint = Blueprint("api", __name__, url_prefix="/api")

for _resource in (
    accounts,
    annotations,
    backups,
    changes,
    check,
    devices,
    docs,
    export,
    grants,
    pages,
    pair,
    search,
    status,
    tags,
    trash,
):
    blueprint.register_blueprint(_resource.blueprint)
