"""Who is let in: a living token with the right scope, however it is sent, and nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from infohub.intel.actions import ensure_collections
from infohub.members.models import Membership, Organisation, Person, Token
from infohub.standards.taxii21.media import TAXII
from infohub.support import ids
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.taxii.machine import Machine, basic

pytestmark = pytest.mark.django_db

Harm = Callable[[Token, Cast], object]


def holder(kind: str, cast: Cast) -> Person | Organisation | None:
    return {"personal": cast.ann, "organisation": cast.bank, "peer": None}[kind]


HARMS: dict[str, Harm] = {
    "revoked": lambda token, cast: Token.objects.filter(pk=token.pk).update(revoked=now()),
    "expired": lambda token, cast: Token.objects.filter(pk=token.pk).update(expires=now() - timedelta(seconds=1)),
    "person suspended": lambda token, cast: Person.objects.filter(pk=cast.ann.pk).update(status="suspended"),
    "person left": lambda token, cast: Person.objects.filter(pk=cast.ann.pk).update(status="left"),
    "membership ended": lambda token, cast: Membership.objects.filter(person=cast.ann).update(ended=now()),
    "organisation suspended": lambda token, cast: Organisation.objects.filter(pk=cast.bank.pk).update(status="left"),
    "moved": lambda token, cast: _move(cast),
}
DEADLY = {
    "personal": set(HARMS),
    "organisation": {"revoked", "expired", "organisation suspended"},
    "peer": {"revoked", "expired"},
}


def _move(cast: Cast) -> None:
    Membership.objects.filter(person=cast.ann).update(ended=now())
    Membership.objects.create(person=cast.ann, organisation=cast.clinic, started=now())


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("kind", DEADLY)
def test_a_token_dies_with_its_holder_and_not_with_others(kind: str, harm: str, cast: Cast) -> None:
    token, secret = pieces.token(holder(kind, cast), expires=now() + timedelta(days=1))
    machine = Machine(secret)
    assert machine.ask("/taxii2/").status == 200
    HARMS[harm](token, cast)
    assert machine.ask("/taxii2/").status == (401 if harm in DEADLY[kind] else 200)


@pytest.mark.parametrize(
    "form",
    [
        lambda secret: f"Bearer {secret}",
        lambda secret: f"bearer  {secret} ",
        lambda secret: f"Token {secret}",
        lambda secret: basic(secret),
        lambda secret: basic(secret, user=""),
        lambda secret: basic(secret, user="密碼"),
    ],
)
def test_a_token_is_taken_in_every_usual_form(form: Callable[[str], str], bank: Machine) -> None:
    assert bank.ask("/taxii2/", authorization=form(bank.secret)).status == 200


@pytest.mark.parametrize(
    "form",
    [
        lambda secret: "",
        lambda secret: secret,
        lambda secret: "Bearer",
        lambda secret: f"Digest {secret}",
        lambda secret: f"Bearer {secret}x",
        lambda secret: f"Bearer {ids.keyed_digest(secret)}",
        lambda secret: "Basic ***",
        lambda secret: "Basic /w==",
        lambda secret: basic(""),
        lambda secret: basic("x", user=secret),
        lambda secret: basic("misp:" + secret),
    ],
)
@pytest.mark.parametrize("path", ["/taxii2/", "/taxii2/api/", "/taxii2/api/collections/", "/taxii2/anything"])
def test_whoever_has_no_token_is_told_how_to_send_one(path: str, form: Callable[[str], str], bank: Machine) -> None:
    client = Client(headers={"accept": TAXII, "authorization": form(bank.secret)})
    response = client.get(path)
    assert response.status_code == 401
    assert response.headers["Content-Type"] == TAXII
    assert "Basic" in response.headers["WWW-Authenticate"]
    assert "Bearer" in response.headers["WWW-Authenticate"]
    assert response.json()["http_status"] == "401"


@pytest.mark.parametrize("scopes", [[], ["read"], ["misp", "feed", "write"], ["taxii-write"]])
def test_a_token_for_something_else_is_refused(scopes: list[str], cast: Cast) -> None:
    machine = Machine(pieces.token(cast.bank, scopes=scopes)[1])
    assert machine.ask("collections/").status == 403
    assert Machine(pieces.token(cast.bank, scopes=[*scopes, "taxii"])[1]).ask("collections/").status == 200


def test_a_set_up_link_is_no_token(cast: Cast) -> None:
    Token.objects.create(
        kind="setup",
        name="set-up",
        digest=ids.keyed_digest("secret"),
        person=cast.ann,
        scopes=["taxii"],
        created=make.START,
    )
    assert Machine("secret").ask("/taxii2/").status == 401


def test_a_session_is_not_a_token(cast: Cast, client: Client) -> None:
    client.force_login(cast.ann)
    assert client.get("/taxii2/").status_code == 401


def test_use_is_noted_once_a_minute(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_collections()
    token, secret = pieces.token(cast.bank)
    machine, first = Machine(secret), now()
    for seconds, noted in ((0, 0), (59, 0), (61, 61), (90, 61)):
        monkeypatch.setattr("infohub.taxii.auth.now", lambda at=first + timedelta(seconds=seconds): at)
        machine.ask("/taxii2/")
        token.refresh_from_db()
        assert token.used_at == first + timedelta(seconds=noted)
    with django_assert_num_queries(3):
        machine.ask("/taxii2/")
