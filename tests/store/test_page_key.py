"""The rules of page identity, as vectors both languages run, and as properties."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.model import Invalid
from store.page_key import TRACKING, believed_canonical, page_key

VECTORS = json.loads(Path(__file__).with_name("page_keys.json").read_text())


@pytest.mark.parametrize(("url", "key", "why"), VECTORS["keys"])
def test_a_page_has_one_key(url, key, why):
    assert page_key(url) == key, why


@pytest.mark.parametrize("url", VECTORS["invalid"])
def test_what_is_no_url_is_refused_by_name(url):
    with pytest.raises(Invalid, match="is not an absolute URL") as refusal:
        page_key(url)
    assert refusal.value.field == "url"


@pytest.mark.parametrize(("url", "canonical", "believed", "why"), VECTORS["canonical"])
def test_a_canonical_address_is_believed_only_with_reason(url, canonical, believed, why):
    assert believed_canonical(url, canonical) == believed, why


def test_every_tracking_parameter_has_a_vector():
    urls = " ".join(url for url, _, _ in VECTORS["keys"]).lower()
    assert [name for name in sorted(TRACKING) if f"{name}=" not in urls] == []


PART = st.text(max_size=30).map(lambda text: text.replace("#", "").replace("?", ""))
URLS = st.builds(
    "{}://{}{}/{}?{}#{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["example.com", "EXAMPLE.com", "xn--bcher-kva.example", "[::1]", "a.b.c"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    PART,
    PART,
    st.text(max_size=20),
)


@given(URLS)
def test_a_key_is_its_own_key(url):
    key = page_key(url)
    assert page_key(key) == key


@given(st.text(), st.text())
def test_hostile_text_is_a_key_or_a_refusal(url, canonical):
    try:
        key = page_key(url)
        believed_canonical(url, canonical)
    except Invalid:
        return
    assert page_key(key) == key


@given(URLS, st.sampled_from(sorted(TRACKING)), st.integers())
def test_tracking_never_changes_a_key(url, name, value):
    bare, _, fragment = url.partition("#")
    assert page_key(f"{bare}&{name}={value}#{fragment}") == page_key(url)
