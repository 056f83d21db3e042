"""What a machine does not get, and how it is told: the same words for what is not there and for what is not yours."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection
from infohub.policy.clause import Clause
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import address, collection, indicator, placed
from tests.taxii.machine import Answer, Machine

pytestmark = pytest.mark.django_db

MEMBERS = "collections/members/"


@pytest.fixture
def hidden(cast: Cast, bank: Machine) -> Collection:
    """A collection with an object in it, which the bank may not read."""
    group = make.group("Hidden", cast.cara)
    ensure_collections()
    Collection.objects.filter(group=group).update(alias="hidden")
    placed("IH-HIDDEN", address(), clauses=[Clause(groups=frozenset({group.pk}))])
    return collection("hidden")


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=ten", "limit=1&limit=2", "limit="),
        *("added_after=yesterday", "added_after=2026-01-01", "added_after=2026-01-01T00:00:00Z&added_after=x"),
        *("match[version]=all,last", "match[version]=newest", "match[id]=x", "match[id]=%00", "next=", "next=x"),
        *("match[type]=a,,b", "match[spec_version]=two"),
    ],
)
def test_a_malformed_query_is_refused_with_its_reason(query: str, bank: Machine) -> None:
    for path in ("objects/", "manifest/"):
        answer = bank.ask(f"{MEMBERS}{path}?{query}")
        assert answer.status == 400
        assert answer.body["http_status"] == "400"
        assert answer.body["description"]


def same(one: Answer, other: Answer) -> bool:
    """But for how many requests may follow."""
    headers = [{name: of.headers[name] for name in of.headers if "RateLimit" not in name} for of in (one, other)]
    return (one.status, one.body, headers[0]) == (other.status, other.body, headers[1])


@pytest.mark.parametrize("rest", ["", "objects/", "manifest/", f"objects/{address()['id']}/", "objects/x/versions/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_what_is_not_yours_is_not_there(
    method: str, rest: str, hidden: Collection, bank: Machine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bank.ask("collections/")
    with django_assert_num_queries(1):
        unknown = bank.ask(f"collections/not-there/{rest}", method)
    assert unknown.status == 404
    for name in ("hidden", str(hidden.uuid)):
        with django_assert_num_queries(1):
            assert same(bank.ask(f"collections/{name}/{rest}", method), unknown)
    assert "hidden" not in str(bank.ask("collections/").body)


def test_an_object_you_may_not_read_is_not_there(
    hidden: Collection, bank: Machine, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    placed("IH-1", amber := indicator(), tlp=Tlp.AMBER)
    green = Machine(pieces.token(cast.bank)[1])
    green.ask("collections/")
    for collection_name, queries in (("members", 3), ("everything", 5)):
        path = f"collections/{collection_name}/objects/"
        assert bank.ask(f"{path}{amber['id']}/").status == 200
        for rest in ("", "versions/"):
            with django_assert_num_queries(queries):
                unknown = green.ask(f"{path}indicator--{pieces.uuid()}/{rest}")
            assert unknown.status == 404
            for made in (amber, address()):
                with django_assert_num_queries(queries):
                    assert same(green.ask(f"{path}{made['id']}/{rest}"), unknown)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "objects/", 403),
        ("DELETE", f"objects/{address()['id']}/", 403),
        ("PUT", "objects/", 405),
        ("POST", "", 405),
        ("POST", "manifest/", 405),
        ("PATCH", f"objects/{address()['id']}/", 405),
        ("OPTIONS", "objects/", 405),
    ],
)
def test_a_reader_cannot_write(method: str, path: str, status: int, bank: Machine) -> None:
    client = Client(enforce_csrf_checks=True)
    placed("IH-1", address())
    for name in ("members", "everything"):
        answer = Machine(bank.secret, client).ask(f"collections/{name}/{path}", method)
        assert answer.status == status
        assert answer.body["http_status"] == str(status)
        assert ("Allow" in answer.headers) == (status == 405)
    assert bank.ask(MEMBERS + "objects/").ids == [address()["id"]]


@pytest.mark.parametrize(
    "path",
    [
        *("/taxii2/x", "/taxii2/api/x/", "/taxii2/api/status/00000000-0000-4000-8000-000000000000/"),
        *("/taxii2/api/collections/members/x/", "/taxii2/api/collections/%00/", "/taxii2/api/collections/members/%00"),
        *("/taxii2/api/collections/members/objects/%00/", "/taxii2/api/collections//", "/taxii2//"),
        *(f"/taxii2/api/status/{word * 36}/" for word in "-a"),
    ],
)
def test_what_is_not_there_says_so_in_taxii(path: str, bank: Machine) -> None:
    answer = bank.ask(path)
    assert (answer.status, answer.body["http_status"]) == (404, "404")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (TAXII, 200),
        ("application/taxii+json", 200),
        ('Application/TAXII+JSON; version="2.1"', 200),
        ("*/*", 200),
        ("application/json, text/plain, */*", 200),
        ("application/taxii+json;version=2.0", 406),
        ("text/html", 406),
    ],
)
def test_only_a_real_misfit_of_accept_is_refused(accept: str, status: int, bank: Machine) -> None:
    client = Client(headers={"authorization": f"Bearer {bank.secret}", "accept": accept, "content-type": "text/html"})
    response = client.get("/taxii2/api/collections/members/objects/")
    assert (response.status_code, response.headers["Content-Type"]) == (status, TAXII)


def test_a_failure_of_ours_is_an_error_resource_too(bank: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("infohub.taxii.views.page", broken)
    bank.client.raise_request_exception = False
    answer = bank.ask("collections/members/objects/")
    assert (answer.status, answer.body["http_status"]) == (500, "500")
    assert "secret" not in str(answer.body)
