"""Who is let in: a living token with the right scope, however it is sent, and nobody else."""

import base64
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
from tests.taxii.machine import Machine

pytestmark = pytest.mark.django_db

DEADLY = {
    "personal": {"revoked", "expired", "suspended", "left", "ended", "moved", "organisation left"},
    "organisation": {"revoked", "expired", "organisation left"},
    "peer": {"revoked", "expired"},
}


def harm(what: str, token: Token, cast: Cast) -> None:
    """What can happen to a token of Ann or the bank, or to its holder."""
    ann, bank = Person.objects.filter(pk=cast.ann.pk), Organisation.objects.filter(pk=cast.bank.pk)
    match what:
        case "revoked":
            Token.objects.filter(pk=token.pk).update(revoked=now())
        case "expired":
            Token.objects.filter(pk=token.pk).update(expires=now() - timedelta(seconds=1))
        case "suspended" | "left":
            ann.update(status=what)
        case "organisation left":
            bank.update(status="left")
        case _:
            Membership.objects.filter(person=cast.ann).update(ended=now())
    if what == "moved":
        Membership.objects.create(person=cast.ann, organisation=cast.clinic, started=now())


@pytest.mark.parametrize("what", sorted(DEADLY["personal"]))
@pytest.mark.parametrize("kind", DEADLY)
def test_a_token_dies_with_its_holder_and_not_with_others(kind: str, what: str, cast: Cast) -> None:
    holder = {"personal": cast.ann, "organisation": cast.bank, "peer": None}[kind]
    token, secret = pieces.token(holder, expires=now() + timedelta(days=1))
    machine = Machine(secret)
    assert machine.ask("/taxii2/").status == 200
    harm(what, token, cast)
    assert machine.ask("/taxii2/").status == (401 if what in DEADLY[kind] else 200)


def written(form: str, secret: str) -> str:
    """An Authorization header of this form; Basic takes `user:password`."""
    scheme, _, credentials = form.format(secret).partition(" ")
    if scheme.lower() == "basic" and ":" in credentials:
        credentials = base64.b64encode(credentials.encode()).decode()
    return f"{scheme} {credentials}".rstrip(" " * (not credentials))


@pytest.mark.parametrize(
    "form",
    [
        *("Bearer {}", "bearer  {} ", "Token {}", "Basic misp:{}", "basic :{}", "Basic 密碼:{}"),
    ],
)
def test_a_token_is_taken_in_every_usual_form(form: str, bank: Machine) -> None:
    machine = Machine("", authorization=written(form, bank.secret))
    assert machine.ask("/taxii2/").status == 200


@pytest.mark.parametrize(
    "form",
    [
        *("", "{}", "Bearer", "Digest {}", "Bearer {}x", "Bearer x{}", "Basic ***", "Basic /w=="),
        *("Basic misp:", "Basic {}:x", "Basic misp:misp:{}", "Bearer misp:{}"),
    ],
)
@pytest.mark.parametrize("path", ["/taxii2/", "/taxii2/api/", "/taxii2/api/collections/", "/taxii2/anything"])
def test_whoever_has_no_token_is_told_how_to_send_one(path: str, form: str, bank: Machine) -> None:
    client = Client(headers={"accept": TAXII, "authorization": written(form, bank.secret)})
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
        monkeypatch.setattr("infohub.register.machines.now", lambda at=first + timedelta(seconds=seconds): at)
        machine.ask("/taxii2/")
        token.refresh_from_db()
        assert token.used_at == first + timedelta(seconds=noted)
    with django_assert_num_queries(1):
        machine.ask("/taxii2/")
