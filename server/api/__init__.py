"""The API: one module a resource. What each path takes and answers stands in server/README.md."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

blueprint = Blueprint("api", __name__, url_prefix="/api")

for _module in iter_modules(__path__, f"{__name__}."):
    blueprint.register_blueprint(import_module(_module.name).blueprint)
