"""The API's description, and the API held against it."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from typing import Any

import pytest
import schemathesis
from asking import note
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_every_view_of_the_api_is_described(app: Flask) -> None:
    undescribed = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        and not rule.rule.startswith(("/api/docs", "/api/openapi"))
        and not hasattr(app.view_functions[rule.endpoint], "described")
    ]
    assert undescribed == []


def test_the_document_says_what_is_sent(client: FlaskClient) -> None:
    api: Any = client.get("/api/openapi.json").json
    assert api["openapi"].startswith("3.1")
    annotation = api["components"]["schemas"]["Annotation"]
    assert "clock" not in annotation["properties"]
    assert annotation["properties"]["note"]["maxLength"] == 100_000
    search = api["paths"]["/api/search"]["get"]
    limits = {each["name"]: each["schema"] for each in search["parameters"]}["limit"]
    assert (limits["minimum"], limits["maximum"], limits["default"]) == (1, 200, 50)
    assert "Authorization" not in str(api["paths"]["/api/status"])


def test_nobody_needs_a_token_or_a_script_to_read_it(client: FlaskClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "GET /api/annotations/{id}" in page.text
    assert "<script" not in page.text


# What touches the operator's own files, or guessing at codes, is tested by name elsewhere.
LEFT_OUT = ("/api/backup", "/api/restore", "/api/pair")


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_whatever_is_sent_the_answer_is_one_that_was_described(
    app: Flask, operator: FlaskClient, mode: GenerationMode
) -> None:
    kept = operator.post("/api/annotations", json=note())
    assert kept.status_code == 201
    token = operator.environ_base["HTTP_AUTHORIZATION"]
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    answered: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path not in LEFT_OUT:
            answered[operation.label] = _hold_to_its_description(operation, mode, token)
    assert len(answered) > 15
    assert sum(map(bool, answered.values())) > 10
    if mode is GenerationMode.POSITIVE:
        assert not any(401 in statuses for statuses in answered.values())
        plain = {label for label, statuses in answered.items() if statuses & {200, 201, 204}}
        assert {"POST /api/annotations", "GET /api/search", "POST /api/changes"} <= plain


def _hold_to_its_description(operation: Any, mode: GenerationMode, token: str) -> set[int]:
    """Send what the description allows, or what it does not; the statuses that came back."""
    answered: set[int] = set()

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def held(case: Any) -> None:
        headers = {**(case.headers or {}), "Authorization": token}
        response = case.call_and_validate(headers=headers, checks=CHECKS)
        answered.add(response.status_code)

    # What takes nothing at all can be sent nothing wrong.
    with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
        held()
    return answered
