"""Lists of values that firewalls pull: for living tokens, up to their ceiling, cheap where nothing changed."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from django.test import Client

from infohub.audit.models import Record
from infohub.intel.actions import calls, retract_object, write_calls
from infohub.intel.models import Call, CallKind, Collection
from infohub.members.models import Token
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.api.program import program
from tests.cast import Cast, sign_in
from tests.intel.pieces import Stix, token
from tests.intel.sending import agreed, sent, speaking

pytestmark = pytest.mark.django_db

HERE = "collections/shared/values"


def host(name: str, *, tlp: Tlp = Tlp.GREEN) -> Stix:
    return speaking(f"[domain-name:value = '{name}']", tlp=tlp)


@pytest.fixture(autouse=True)
def nothing_gathered() -> Iterator[None]:
    """What other tests gathered is not written here."""
    calls.gathered.clear()
    yield
    calls.gathered.clear()


@pytest.fixture
def shared(cast: Cast) -> Collection:
    to = agreed("shared", cast.bank, cast.clinic)
    sent(
        to,
        host("a.example"),
        host("b.example", tlp=Tlp.AMBER),
        speaking("[ipv4-addr:value = '198.51.100.7']"),
        by=cast.bank,
    )
    return to


def basic(secret: str, user: str = "any") -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{user}:{secret}'.encode()).decode()}"}


def test_a_firewall_pulls_one_kind_of_what_its_token_reads_up_to_its_ceiling(cast: Cast, shared: Collection) -> None:
    low, high = (program(cast.clinic, ceiling=ceiling) for ceiling in (Tlp.GREEN, Tlp.AMBER))
    assert low.ask(HERE, type="domain").content.decode().splitlines() == ["# TLP:GREEN", "# domain: 1", "a.example"]
    assert "b.example" in high.ask(HERE).content.decode()
    assert "198.51.100.7" in high.ask(f"collections/{shared.uuid}/values", form="rpz").content.decode().replace(
        "32.7.100.51.198", "198.51.100.7"
    )
    for nothing in ("form=stix", "form=pieces", "type=zebra", "kind=domain"):
        assert high.ask(f"{HERE}?{nothing}").status == 422, nothing


def test_it_is_for_living_tokens_with_the_scope_of_who_reads_the_collection(cast: Cast, shared: Collection) -> None:
    assert program(cast.clinic, "taxii").ask(HERE).status == 403
    for stranger in (program(cast.vendor), program(None)):
        assert stranger.ask(HERE).status == 404
    reading = program(cast.clinic)
    Token.objects.filter(organisation=cast.clinic).update(revoked=now())
    assert reading.ask(HERE).status == 401


def test_the_token_may_be_the_password_of_basic_here_and_nowhere_else(cast: Cast, shared: Collection) -> None:
    secret = token(cast.clinic, scopes=("read", "taxii-write"), ceiling=Tlp.AMBER)[1]
    client = Client()
    assert "a.example" in client.get(f"/api/v1/{HERE}", headers=basic(secret)).text
    for other in ("me", "collections", "collections/shared/objects"):
        assert client.get(f"/api/v1/{other}", headers=basic(secret)).status_code == 401
    sending = client.post(
        "/api/v1/collections/shared/objects", {"objects": []}, content_type="application/json", headers=basic(secret)
    )
    assert sending.status_code == 401
    told = client.get(f"/api/v1/{HERE}")
    assert (told.status_code, told["WWW-Authenticate"].split(" ")[0]) == (401, "Basic")
    assert client.get(f"/api/v1/{HERE}", headers=basic("wrong")).status_code == 401


def test_what_did_not_change_is_not_sent_again_and_what_was_taken_back_is_gone(cast: Cast, shared: Collection) -> None:
    secret = token(cast.clinic, scopes=("read",), ceiling=Tlp.AMBER)[1]
    client = Client()
    first = client.get(f"/api/v1/{HERE}", headers=basic(secret))
    again = basic(secret) | {"if-none-match": first["ETag"]}
    same = client.get(f"/api/v1/{HERE}", headers=again)
    assert (same.status_code, same.content) == (304, b"")
    made = shared.placements.filter(object__raw__contains="a.example").get()
    retract_object(cast.as_(cast.ann), collection=shared, stix_id=made.stix_id, reason="ours")
    changed = client.get(f"/api/v1/{HERE}", headers=again)
    assert (changed.status_code, "a.example" in changed.text, "b.example" in changed.text) == (200, False, True)


def test_each_pull_is_a_call_of_its_token_and_no_export_of_a_person(cast: Cast, shared: Collection) -> None:
    row, secret = token(cast.clinic, scopes=("read",), ceiling=Tlp.AMBER)
    Client().get(f"/api/v1/{HERE}", headers=basic(secret))
    Client().get(f"/api/v1/collections/{shared.uuid}/values", headers=basic(secret))
    Token.objects.filter(pk=row.pk).update(expires=now())
    Client().get(f"/api/v1/{HERE}", headers=basic(secret))
    write_calls()
    told = list(Call.objects.of(row).values_list("what", "collection", "status").order_by("pk"))
    assert told == [
        (CallKind.VALUES, shared.pk, 200),
        (CallKind.VALUES, shared.pk, 200),
        (CallKind.VALUES, None, 401),
    ]
    assert not Record.objects.filter(verb="export").exists()
    assert "a.example" in sign_in(Client(), cast.cara).get(f"/api/v1/{HERE}").text
    assert Record.objects.filter(verb="export", subject="shared").count() == 1


def test_a_token_says_on_its_page_which_list_it_took(cast: Cast, shared: Collection) -> None:
    row, secret = token(cast.ann, scopes=("read",), ceiling=Tlp.AMBER)
    Client().get(f"/api/v1/{HERE}", headers=basic(secret))
    write_calls()
    page = sign_in(Client(), cast.ann).get(f"/member/integrations/tokens/{row.pk}/").text
    assert "took a list of the values in “Shared”" in page
