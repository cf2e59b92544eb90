"""The W3C Web Annotation Protocol (Recommendation of 2017-02-23), for tools that are not Postil's.

An account is a container, and so is each of its pages; what is put into one is a note like any
other, made by an operation, and the browsers show it. Same tokens, guard and problems as the API.
`containers` and `annotations` hold the views, `negotiation` what a request prefers, `iris` what
things are called, `headers` what the protocol wants on every answer, `writing` how a document
becomes an operation.
"""

from flask import Blueprint

from server.w3c import annotations, containers, headers

blueprint = Blueprint("w3c", __name__, url_prefix="/w3c")
blueprint.after_app_request(headers.add)
blueprint.register_blueprint(containers.blueprint)
blueprint.register_blueprint(annotations.blueprint)
