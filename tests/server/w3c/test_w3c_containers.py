"""Web Annotation Protocol, section 4: each MUST and SHOULD of containers and their pages."""

from __future__ import annotations

from typing import Any

import pytest
from asking import ARTICLE, note, problem
from flask.testing import FlaskClient
from protocol import (
    CONSTRAINED,
    CONTAINERS,
    DESCRIPTIONS,
    IRIS,
    LD,
    MINIMAL,
    OF_PAGE,
    PROFILE,
    annotation,
    methods,
    post,
    prefer,
    traversed,
)
from web_annotation import CONTEXT, check_page, iri


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_a_container_must_end_in_a_slash_and_should_be_a_basic_one(
    reader: FlaskClient, made: Any, container: str
) -> None:
    answer = prefer(reader, MINIMAL, container)
    assert answer.json["id"] == f"http://localhost{container}"
    assert answer.json["id"].endswith("/")
    assert "BasicContainer" in answer.json["type"]
    moved = reader.get(container.rstrip("/"))
    assert (moved.status_code, moved.location) == (308, f"http://localhost{container}")


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_annotations_must_have_iris_below_that_of_their_container(
    reader: FlaskClient, many: list[str], container: str
) -> None:
    base = prefer(reader, MINIMAL, container).json["id"]
    created = post(reader, annotation(), container)
    iris = [*traversed(reader, container, IRIS), created.location]
    assert len(iris) == 122
    for each in iris:
        assert each.startswith(base)
        assert "/" not in each.removeprefix(base)
    assert reader.get(iris[5]).json["id"] == iris[5]


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_1_a_container_must_support_get_head_and_options(
    reader: FlaskClient, made: Any, container: str
) -> None:
    whole, head = reader.get(container), reader.head(container)
    assert (whole.status_code, head.status_code) == (200, 200)
    assert reader.options(container).status_code == 200
    assert head.data == b""
    for name in ("ETag", "Content-Type", "Content-Location", "Link", "Allow", "Accept-Post"):
        assert head.headers.getlist(name) == whole.headers.getlist(name)


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_1_get_must_return_a_description_in_json_ld(
    reader: FlaskClient, made: Any, container: str
) -> None:
    answer = reader.get(container)
    assert answer.content_type == PROFILE
    described = answer.json
    assert described["type"] == ["BasicContainer", "AnnotationCollection"]
    assert described["label"]
    assert described["total"] == 1


def test_4_1_it_should_use_the_contexts_of_ldp_and_of_annotations(reader: FlaskClient) -> None:
    assert reader.get("/w3c/").json["@context"] == [CONTEXT, "http://www.w3.org/ns/ldp.jsonld"]


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_1_without_accept_it_must_answer_json_ld(reader: FlaskClient, container: str) -> None:
    assert reader.get(container).mimetype == LD
    assert reader.get(container, headers={"Accept": "text/turtle, */*;q=0.1"}).mimetype == LD


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_1_allow_must_advertise_all_methods(reader: FlaskClient, container: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = reader.open(container, method=method)
        assert methods(answer) == {"GET", "HEAD", "OPTIONS", "POST"}
        for allowed in methods(answer):
            assert reader.open(container, method=allowed).status_code != 405


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE"])
def test_4_1_link_must_be_on_all_responses(
    reader: FlaskClient, client: FlaskClient, container: str, method: str
) -> None:
    for who in (reader, client):
        links = who.open(container, method=method).headers.getlist("Link")
        assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in links
        assert CONSTRAINED in links


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PATCH"])
def test_4_1_etag_must_be_on_all_responses(
    reader: FlaskClient, container: str, method: str
) -> None:
    assert reader.open(container, method=method).headers["ETag"]


def test_4_1_the_etag_changes_with_the_contents_and_with_the_representation(
    reader: FlaskClient, many: list[str]
) -> None:
    asked = ["?iris=0", "?iris=1", "?iris=0&page=0", "?iris=0&page=1", "?iris=1&page=0"]
    paths = [f"/w3c/{query}" for query in asked]
    before = [reader.get(path).headers["ETag"] for path in paths]
    before.append(prefer(reader, MINIMAL).headers["ETag"])
    assert len(set(before)) == 6
    for path, etag in zip(paths, before, strict=False):
        assert reader.get(path, headers={"If-None-Match": etag}).status_code == 304
    post(reader, annotation())
    for path, etag in zip(paths, before, strict=False):
        assert reader.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_1_vary_must_name_accept(reader: FlaskClient, container: str) -> None:
    assert {"Accept", "Prefer"} <= set(reader.get(container).vary)


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_1_accept_post_should_say_what_may_be_sent(reader: FlaskClient, container: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        accepted = reader.open(container, method=method).headers["Accept-Post"]
        assert accepted == f"{PROFILE}, application/json"


def test_4_1_1_the_three_preferences_are_honoured(reader: FlaskClient, many: list[str]) -> None:
    minimal, iris, whole = (prefer(reader, one) for one in (MINIMAL, IRIS, DESCRIPTIONS))
    assert minimal.json["id"] == "http://localhost/w3c/"
    assert iris.json["id"] == "http://localhost/w3c/?iris=1"
    assert whole.json["id"] == "http://localhost/w3c/?iris=0"
    for answer in (minimal, iris, whole):
        assert answer.headers["Preference-Applied"] == "return=representation"
    (first,) = reader.get(iris.json["first"]).json["items"][:1]
    iri(first)
    assert reader.get(whole.json["first"]).json["items"][0]["body"][0]["value"] == "note 0"


@pytest.mark.parametrize(
    "given",
    [
        f'return=representation; include="{IRIS}"',
        f'respond-async, return=representation; include="{IRIS}"',
        f'return=representation;include="http://other.example/ {IRIS}"',
        f"return=representation;include={IRIS}",
        f'return = "representation" ; include = "{IRIS}"',
    ],
)
def test_4_1_1_a_preference_is_understood_however_it_is_written(
    reader: FlaskClient, given: str
) -> None:
    answer = reader.get("/w3c/", headers={"Prefer": given})
    assert answer.json["id"] == "http://localhost/w3c/?iris=1"


@pytest.mark.parametrize("given", ["", "return=minimal", 'return=representation;include="x"', ";"])
def test_4_1_1_without_a_preference_descriptions_should_be_returned(
    reader: FlaskClient, many: list[str], given: str
) -> None:
    answer = reader.get("/w3c/", headers={"Prefer": given})
    assert answer.json["id"] == "http://localhost/w3c/?iris=0"
    assert "Preference-Applied" not in answer.headers
    assert reader.get(answer.json["first"]).json["items"][0]["type"] == "Annotation"


def test_4_1_2_a_response_without_annotations_should_link_pages_and_embed_nothing(
    reader: FlaskClient, many: list[str]
) -> None:
    described = prefer(reader, MINIMAL).json
    assert described.keys() == {"@context", "id", "type", "label", "total", "first", "last"}
    for end in ("first", "last"):
        assert isinstance(described[end], str)
        assert reader.get(described[end]).json["type"] == "AnnotationPage"


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("include", [IRIS, DESCRIPTIONS])
def test_4_1_3_traversing_every_page_gives_all_annotations_in_order(
    reader: FlaskClient, many: list[str], container: str, include: str
) -> None:
    items = traversed(reader, container, include)
    iris = items if include == IRIS else [item["id"] for item in items]
    assert [each.rpartition("/")[2] for each in iris] == many


def test_4_1_3_the_collection_should_have_total_and_must_have_first_and_should_have_last(
    reader: FlaskClient, many: list[str]
) -> None:
    for include in (IRIS, DESCRIPTIONS):
        described = prefer(reader, include).json
        assert described["total"] == len(many)
        iri(described["first"])
        iri(described["last"])
        assert "next" not in reader.get(described["last"]).json


def test_4_1_3_an_empty_container_has_no_pages(reader: FlaskClient) -> None:
    for container in CONTAINERS:
        described = reader.get(container).json
        assert described["total"] == 0
        assert "first" not in described
        problem(reader.get(f"{container}?iris=0&page=0"), 404, "not-found")


@pytest.mark.parametrize("container", CONTAINERS)
def test_4_1_3_content_location_must_be_the_iri_of_what_is_shown(
    reader: FlaskClient, made: Any, container: str
) -> None:
    for include in (MINIMAL, IRIS, DESCRIPTIONS):
        answer = prefer(reader, include, container)
        location = answer.headers["Content-Location"]
        assert location == answer.json["id"]
        if include != MINIMAL:
            assert reader.get(location).json == answer.json


def test_4_1_3_vary_should_name_prefer(reader: FlaskClient, many: list[str]) -> None:
    for path in ("/w3c/", "/w3c/?iris=0&page=0", OF_PAGE):
        assert "Prefer" in reader.get(path).vary


def test_4_1_3_a_page_must_link_its_container_and_its_neighbours(
    reader: FlaskClient, many: list[str]
) -> None:
    described = reader.get("/w3c/").json
    pages = [reader.get(f"/w3c/?iris=0&page={n}").json for n in range(3)]
    assert described["first"] == pages[0]["id"]
    assert described["last"] == pages[2]["id"]
    assert [page["partOf"]["id"] for page in pages] == [described["id"]] * 3
    assert [page.get("prev") for page in pages] == [None, pages[0]["id"], pages[1]["id"]]
    assert [page.get("next") for page in pages] == [pages[1]["id"], pages[2]["id"], None]
    assert [page["startIndex"] for page in pages] == [0, 50, 100]
    for page in pages:
        check_page(page)


def test_4_1_3_a_page_is_no_container(reader: FlaskClient, many: list[str]) -> None:
    for query in ("?iris=0&page=0", "?iris=1&page=0"):
        page = reader.get(f"/w3c/{query}")
        assert methods(page) == {"GET", "HEAD", "OPTIONS"}
        assert "Accept-Post" not in page.headers
        assert reader.head(f"/w3c/{query}").status_code == 200
        assert reader.options(f"/w3c/{query}").status_code == 200


@pytest.mark.parametrize("query", ["iris=2", "iris=x", "page=-1", "page=x", "page=99999999999"])
def test_4_1_3_what_is_no_representation_is_refused(reader: FlaskClient, query: str) -> None:
    problem(reader.get(f"/w3c/?{query}"), 422, "invalid", query.partition("=")[0])


def test_4_2_the_container_of_a_page_is_found_by_its_address(
    reader: FlaskClient, made: Any
) -> None:
    answer = reader.get("/w3c/pages/", query_string={"url": f"{ARTICLE}?utm_source=x#top"})
    assert (answer.status_code, answer.location) == (303, f"http://localhost{OF_PAGE}")
    assert answer.headers["Link"] == (
        f'<http://localhost{OF_PAGE}>; rel="http://www.w3.org/ns/oa#annotationService"'
    )
    assert reader.get(answer.location).json["total"] == 1
    problem(reader.get("/w3c/pages/?url=nowhere"), 422, "invalid", "url")
    problem(reader.get("/w3c/pages/"), 422, "invalid", "url")


def test_4_2_it_is_the_one_where_notes_are_if_the_page_has_two_addresses(
    reader: FlaskClient,
) -> None:
    other = "https://example.org/essays/margins/print"
    reader.post("/api/annotations", json=note(url=other, canonical=ARTICLE))
    asked = {"url": ARTICLE, "canonical": other}
    found = reader.get("/w3c/pages/", query_string=asked).location
    assert reader.get(found).json["total"] == 1
