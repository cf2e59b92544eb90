"""The accounts there are, for the command line of whoever runs the server."""

from __future__ import annotations

from flask import Blueprint, Response

from server.answers import Accounts, Holding, Named
from server.config import ACCOUNT
from server.current import services
from server.described import described
from server.errors import Problem
from server.operator import operator_only
from server.wire import answer, body
from store.model import Invalid

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/accounts")
@described(answers={200: Accounts}, problems=(403,))
@operator_only
def index() -> Response:
    """Every account, and how much it holds."""
    store = services().store
    names = sorted({ACCOUNT, *store.accounts()})
    held = [Holding(name, store.count(name), len(store.devices(name))) for name in names]
    return answer(Accounts(held))


@blueprint.post("/accounts")
@described(takes=Named, answers={201: Named}, problems=(403, 409))
@operator_only
def add() -> Response:
    """Make a world of its own for another reader."""
    named = body(Named)
    if named.name == ACCOUNT or not services().store.add_account(named.name):
        raise Problem(409, "account-exists", f"There is an account `{named.name}` already.")
    return answer(named, 201)


@blueprint.delete("/accounts")
@described(takes=Named, answers={204: None}, problems=(403, 404, 415))
@operator_only
def remove() -> Response:
    """Forget an account with all its notes and devices, for good."""
    named = body(Named)
    if named.name == ACCOUNT:
        raise Invalid("The default account stays; its notes can be deleted.", "name")
    if not services().store.remove_account(named.name):
        raise Problem(404, "no-account", f"There is no account `{named.name}`.")
    return Response(status=204)
