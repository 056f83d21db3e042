"""TAXII 2.1, sections 1.6, 3.1, 3.6 and 4, clause by clause: what every address answers to every kind of request."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import cast as as_type
from uuid import UUID

import orjson
import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import override_settings

from infohub.intel.models import Collection
from infohub.standards.taxii21.media import STIX, TAXII
from tests.intel.pieces import indicator
from tests.standards.test_media import UNWELCOME, WELCOME
from tests.taxii.machine import Machine
from tests.taxii.rights import BOTH, RIGHTS, bank, clinic

__all__ = ["bank", "clinic"]

pytestmark = pytest.mark.django_db

API = "/taxii2/api/"
READING = ("GET", "HEAD")
ADDRESSES = {
    # what is written into the address, and which methods it knows
    "/taxii2/": READING,
    API: READING,
    f"{API}collections/": READING,
    f"{API}collections/both/": READING,
    f"{API}collections/both/objects/": (*READING, "POST"),
    f"{API}collections/both/manifest/": READING,
    f"{API}collections/both/objects/ID/": (*READING, "DELETE"),
    f"{API}collections/both/objects/ID/versions/": READING,
    f"{API}status/STATUS/": READING,
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ERROR = {"title", "description", "error_id", "error_code", "http_status", "external_details", "details"}

every_address = pytest.mark.parametrize("address", ADDRESSES)


@pytest.fixture
def filled(bank: Machine) -> dict[str, str]:
    """What stands for the names in addresses, once something is there."""
    said = bank.add(BOTH, made := indicator()).body
    return {"ID": str(made["id"]), "STATUS": str(said["id"])}


def ask(bank: Machine, address: str, filled: dict[str, str], method: str = "GET", **headers: str) -> HttpResponse:
    """One request to an address; without other headers from the bank, which takes TAXII."""
    for name, word in filled.items():
        address = address.replace(name, word)
    sent = {"accept": TAXII, "authorization": f"Bearer {bank.secret}", **headers}
    body = b"" if method in READING else orjson.dumps({"objects": [indicator()]})
    answer = bank.client.generic(method, address, body, content_type=TAXII, headers=sent)
    return as_type(HttpResponse, answer)


def is_error(answer: HttpResponse, status: int, *, head: bool = False) -> bool:
    """Whether this is an answer with an error resource of this status (section 3.6.1)."""
    assert (answer.status_code, answer["Content-Type"]) == (status, TAXII)
    if head:
        return answer.content == b""
    told = orjson.loads(answer.content)
    assert told.keys() <= ERROR
    assert all(isinstance(value, str) for name, value in told.items() if name != "details")
    return bool(told["title"]) and told["http_status"] == str(status)


@every_address
def test_every_address_answers_in_taxii_whatever_usual_accept_asks_for_it(
    address: str, bank: Machine, filled: dict[str, str]
) -> None:
    for accept in WELCOME:
        answer = ask(bank, address, filled, accept=accept or "")
        assert (answer.status_code, answer["Content-Type"]) == (200, TAXII), accept
        assert isinstance(orjson.loads(answer.content), dict)


@every_address
def test_who_takes_no_taxii_is_told_so_at_every_address(address: str, bank: Machine, filled: dict[str, str]) -> None:
    for accept in UNWELCOME:
        for method in ADDRESSES[address]:
            assert is_error(ask(bank, address, filled, method, accept=accept), 406, head=method == "HEAD"), accept
    assert bank.ask(BOTH).ids == [filled["ID"]]


@every_address
def test_a_method_that_an_address_does_not_know_is_refused_with_those_that_it_knows(
    address: str, bank: Machine, filled: dict[str, str]
) -> None:
    for method in set(METHODS) - set(ADDRESSES[address]):
        answer = ask(bank, address, filled, method)
        assert is_error(answer, 405)
        assert answer["Allow"].split(", ") == list(ADDRESSES[address])


@every_address
@pytest.mark.parametrize("authorization", ["", "Bearer nobody", "Basic bm9ib2R5Om5vYm9keQ==", "Digest x"])
def test_every_address_asks_for_a_token_before_anything_else(
    authorization: str, address: str, bank: Machine, filled: dict[str, str]
) -> None:
    for method in METHODS:
        for accept in (TAXII, "text/html"):
            answer = ask(bank, address, filled, method, accept=accept, authorization=authorization)
            assert is_error(answer, 401, head=method == "HEAD")
            assert re.match(r'Basic realm="[^"]+"', answer["WWW-Authenticate"])


@every_address
def test_head_is_get_without_its_body(address: str, bank: Machine, filled: dict[str, str]) -> None:
    got, head = (ask(bank, address, filled, method) for method in READING)
    assert (head.status_code, head.content) == (200, b"")
    counting = {"RateLimit-Remaining", "RateLimit-Reset"}  # each request is one more
    told, again = ({name: value for name, value in of.headers.items() if name not in counting} for of in (got, head))
    assert again == told | {"Content-Length": str(len(got.content))}


@every_address
def test_what_no_address_knows_changes_no_answer(address: str, bank: Machine, filled: dict[str, str]) -> None:
    plain = ask(bank, address, filled)
    asked = ask(bank, f"{address}?colour=blue&colour=red&match[x]=1", filled, **{"content-type": "text/html"})
    assert (asked.status_code, asked.content) == (200, plain.content)
    assert ask(bank, address.rstrip("/"), filled).content == plain.content


def test_header_names_and_schemes_have_no_case(bank: Machine, filled: dict[str, str]) -> None:
    answer = bank.client.generic(
        "POST",
        f"{API}{BOTH}",
        orjson.dumps({"objects": [indicator()]}),
        content_type='APPLICATION/TAXII+JSON; Version="2.1"; Charset=UTF-8',
        headers={"ACCEPT": 'Application/TAXII+Json;VERSION="2.1"', "AUTHORIZATION": f"bEARER {bank.secret}"},
    )
    assert answer.status_code == 202


def test_discovery_and_api_root_say_what_the_standard_asks_for_and_nothing_else(bank: Machine) -> None:
    discovery = bank.ask("/taxii2/").body
    assert discovery.keys() >= {"title", "default", "api_roots"}
    assert discovery.keys() <= {"title", "description", "contact", "default", "api_roots"}
    roots = discovery["api_roots"]
    assert isinstance(roots, list)
    assert discovery["default"] in roots
    assert len(set(roots)) == len(roots)
    for root in roots:
        assert re.match(r"https://|/[^/]", root)
        assert root.endswith("/")
        told = bank.ask(root).body
        assert told.keys() - {"description"} == {"title", "versions", "max_content_length"}
        assert TAXII in as_type(list[str], told["versions"])
        assert type(told["max_content_length"]) is int
        assert told["max_content_length"] > 0
    texts = [one for name, one in discovery.items() if name != "api_roots"]
    assert all(isinstance(one, str) and one for one in texts)


def test_collections_are_named_once_and_listed_in_one_order(bank: Machine) -> None:
    listed = bank.ask("collections/").listed("collections")
    assert {str(row["alias"]) for row in listed} == {"everything", "members", *RIGHTS} - {"neither"}
    for row in listed:
        assert row.keys() <= {"id", "title", "description", "alias", "can_read", "can_write", "media_types"}
        assert UUID(str(row["id"])).version == 4
        assert str(UUID(str(row["id"]))) == row["id"]
        assert row["title"]
        assert {type(row["can_read"]), type(row["can_write"])} == {bool}
        assert row["media_types"] == [STIX]
        for name in (row["id"], row["alias"], str(row["id"]).upper()):
            assert bank.ask(f"collections/{name}/").body == row
    for name in ("id", "alias"):
        assert len({str(row[name]) for row in listed}) == len(listed)
    assert bank.ask("collections/%62oth/").body == bank.ask("collections/both/").body
    assert all(bank.ask("collections/").body == {"collections": listed} for _ in range(3))


def test_no_two_collections_have_one_alias(bank: Machine) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.create(alias="both", kind="named", titles={"en": "Again"})


def test_who_reads_no_collection_gets_a_list_without_the_key(bank: Machine) -> None:
    Collection.objects.update(audience=None, writers=None, kind="named")
    assert bank.ask("collections/").body == {}


@override_settings(PASSWORD_HASHERS=[])
def test_a_token_costs_no_password_hash(bank: Machine) -> None:
    basic = b64encode(f"any:{bank.secret}".encode()).decode()
    for authorization in (f"Bearer {bank.secret}", f"Token {bank.secret}", f"Basic {basic}"):
        assert Machine("", authorization=authorization).ask("collections/").status == 200
