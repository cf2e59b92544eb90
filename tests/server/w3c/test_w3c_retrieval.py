"""Web Annotation Protocol, section 3: each MUST and SHOULD of retrieving an annotation.

What is left out here and in section 4.1 is Turtle (SHOULD), since Postil speaks no RDF but JSON-LD;
and https (SHOULD), which is for the operator to choose (`--cert`, or a proxy).
"""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from protocol import (
    LD,
    PROFILE,
    RESOURCE,
    methods,
    put,
)
from web_annotation import CONTEXT


def test_3_an_annotation_must_support_get_head_and_options(reader: FlaskClient, made: Any) -> None:
    whole = reader.get(made.location)
    head = reader.head(made.location)
    options = reader.options(made.location)
    assert (whole.status_code, head.status_code, options.status_code) == (200, 200, 200)
    assert head.data == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Link", "Allow", "Vary"):
        assert head.headers.getlist(name) == whole.headers.getlist(name)


def test_3_json_ld_must_be_supported_and_should_name_the_profile(
    reader: FlaskClient, made: Any
) -> None:
    for accept in (None, "*/*", LD, PROFILE, "application/*", "text/html, */*;q=0.1", ""):
        answer = reader.get(made.location, headers={} if accept is None else {"Accept": accept})
        assert answer.status_code == 200
        assert answer.content_type == PROFILE
        assert answer.json["@context"] == CONTEXT


def test_3_content_negotiation_should_be_supported(reader: FlaskClient, made: Any) -> None:
    plain = reader.get(made.location, headers={"Accept": "application/json"})
    assert plain.content_type == "application/json"
    both = reader.get(made.location, headers={"Accept": f"application/json;q=0.5, {LD}"})
    assert both.content_type == PROFILE
    less = reader.get(made.location, headers={"Accept": f"application/json, {LD};q=0.5"})
    assert less.content_type == "application/json"


def test_3_the_link_must_say_that_it_is_a_resource(reader: FlaskClient, made: Any) -> None:
    links = reader.get(made.location).headers.getlist("Link")
    assert RESOURCE in links
    assert '<http://www.w3.org/ns/oa#Annotation>; rel="type"' in links


def test_3_the_etag_must_change_with_the_annotation(reader: FlaskClient, made: Any) -> None:
    before = reader.get(made.location).headers["ETag"]
    known = reader.get(made.location, headers={"If-None-Match": before})
    assert (known.status_code, known.data) == (304, b"")
    put(reader, made.location, made.json | {"body": {"value": "Or not."}}, before)
    assert reader.get(made.location).headers["ETag"] != before


def test_3_allow_must_list_the_methods(reader: FlaskClient, made: Any) -> None:
    for answer in (reader.get(made.location), reader.options(made.location)):
        assert methods(answer) == {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}


def test_3_vary_must_name_accept(reader: FlaskClient, made: Any) -> None:
    assert "Accept" in reader.get(made.location).vary
