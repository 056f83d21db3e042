"""Which requests a TAXII 2.1 server answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.taxii21.media import TAXII, accept_allows, content_type_allows

WELCOME = [
    None,
    "",
    TAXII,
    "application/taxii+json",
    "application/taxii+json; version=2.1",
    'application/taxii+json;version="2.1"',
    'APPLICATION/TAXII+JSON; VERSION="2.1"',
    "application/taxii+json ; charset=utf-8 ; version = 2.1",
    "*/*",
    "application/*",
    "application/json",
    "application/json, text/plain, */*",
    "text/html, application/taxii+json;version=2.1;q=0.5",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "application/vnd.oasis.taxii+json; version=2.0, application/taxii+json; version=2.1",
    "application/taxii+json;version=2.0, application/taxii+json;version=2.1",
    "application/taxii+json;q=strange",
    'text/x;a="q,;", */*',
]
UNWELCOME = [
    "text/html",
    "application/taxii+json;version=2.0",
    "application/taxii+json;version=1.9",
    "application/vnd.oasis.taxii+json; version=2.0",
    "application/stix+json;version=2.1",
    "application/taxii+json;version=2.1;q=0",
    "application/taxii+json;q=0, */*",
    "nonsense",
]


@pytest.mark.parametrize("header", WELCOME)
def test_clients_that_take_taxii_are_answered(header: str | None) -> None:
    assert accept_allows(header)


@pytest.mark.parametrize("header", UNWELCOME)
def test_clients_that_take_something_else_are_told(header: str) -> None:
    assert not accept_allows(header)


@pytest.mark.parametrize("header", [TAXII, "application/taxii+json", 'Application/TAXII+json; version="2.1"'])
def test_a_body_may_come_with_or_without_version(header: str) -> None:
    assert content_type_allows(header)


@pytest.mark.parametrize(
    "header", [None, "", "text/plain", "application/json", "application/taxii+json;version=2.0", "*/*"]
)
def test_another_body_is_refused(header: str | None) -> None:
    assert not content_type_allows(header)


@given(st.text(max_size=300))
def test_no_header_is_too_strange_to_judge(header: str) -> None:
    assert accept_allows(header) in {True, False}
    assert content_type_allows(header) in {True, False}
