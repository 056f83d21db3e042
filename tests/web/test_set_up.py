"""The set-up link: it survives an interruption, works for one set-up, and tells a stranger nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from infohub.members.models import Membership, Person, Role, Token
from infohub.policy.viewer import SYSTEM
from infohub.register import actions, links
from infohub.support.clock import now
from tests.authenticator import Clock
from tests.cast import Cast, give_second_step
from tests.web import entering
from tests.web.entering import CODES, ENROL, PASSWORD, TERMS

pytestmark = pytest.mark.django_db
CHOSEN = {"password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def dora(cast: Cast) -> Person:
    """Somebody whom the bank has just named."""
    return actions.enrol(SYSTEM, name="Dora", email="Dora@Bank.example", organisation=cast.bank)


def link_of(person: Person) -> str:
    """The path of a new set-up link."""
    return links.path_of(actions.invite(SYSTEM, person=person))


def test_a_link_leads_through_password_second_step_codes_and_terms(client: Client, dora: Person, clock: Clock) -> None:
    path = link_of(dora)
    page = client.get(path)
    assert "Dora" in page.text
    assert "Bank" in page.text
    assert client.post(path, CHOSEN)["Location"] == ENROL
    secret = entering.shown_secret(client.get(ENROL))
    assert Person.objects.get(pk=dora.pk).status == "invited"
    assert client.post(ENROL, {"code": clock.code(secret)})["Location"] == CODES
    assert Person.objects.get(pk=dora.pk).status == "active"
    codes = entering.shown_codes(client.get(CODES))
    assert len(codes) == 10
    assert all(code in client.get(f"{CODES}download/").text for code in codes)
    assert "tick this box" in client.post(CODES, {}).text
    assert client.post(CODES, {"stored": "on"})["Location"] == TERMS
    assert client.get(CODES)["Location"] == TERMS
    assert client.get(f"{CODES}download/")["Location"] == CODES
    assert "Tick this box" in client.post(TERMS, {}).text
    assert client.post(TERMS, {"accepted": "on"})["Location"] == "/member/"
    assert entering.is_inside(client)
    assert Person.objects.get(pk=dora.pk).terms_accepted_at is not None


def test_an_interrupted_set_up_can_be_taken_up_but_a_finished_one_not_again(dora: Person, clock: Clock) -> None:
    path, first, second = link_of(dora), Client(), Client()
    first.post(path, CHOSEN)
    first.get(ENROL)
    assert second.get(path).status_code == 200
    second.post(path, CHOSEN)
    secret = entering.shown_secret(second.get(ENROL))
    second.post(ENROL, {"code": clock.code(secret)})
    for browser in (first, second, Client()):
        assert browser.get(path).status_code == 404
        assert browser.post(path, CHOSEN).status_code == 404
    assert first.post(ENROL, {"code": clock.code(secret, steps=1)}).status_code == 404
    assert not entering.is_inside(first)
    assert second.post(CODES, {"stored": "on"}).status_code == 302


def test_every_link_that_does_not_work_looks_the_same(client: Client, cast: Cast, dora: Person, clock: Clock) -> None:
    replaced = link_of(dora)
    expired = link_of(dora)
    Token.objects.filter(person=dora, revoked=None).update(expires=now() - timedelta(seconds=1))
    suspended = links.path_of(actions.invite(SYSTEM, person=cast.ben))
    actions.suspend_person(SYSTEM, person=cast.ben, reason="test")
    used = links.path_of(actions.invite(SYSTEM, person=cast.ann))
    give_second_step(cast.ann)
    pages = [client.get(path) for path in (replaced, expired, suspended, used, "/accounts/set-up/nothing/")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "new one" in pages[0].text


def test_a_link_is_kept_as_a_keyed_digest_and_lives_seven_days(dora: Person) -> None:
    secret = actions.invite(SYSTEM, person=dora)
    token = Token.objects.get(person=dora, revoked=None)
    assert secret not in str(Token.objects.filter(pk=token.pk).values())
    assert token.expires is not None
    assert token.expires - token.created == timedelta(days=7)
    assert links.path_of(secret) == reverse("accounts_set_up", args=[secret])


def test_a_weak_password_is_refused_with_the_reason_beside_it(client: Client, dora: Person) -> None:
    path = link_of(dora)
    for first, second, said in (
        ("short", "short", "too short"),
        ("dora@bank.example", "dora@bank.example", "too similar"),
        ("password12345", "password12345", "too common"),
        (PASSWORD, "something else entirely", "not the same"),
        ("", "", "required"),
    ):
        page = client.post(path, {"password1": first, "password2": second})
        assert page.status_code == 200
        assert said in " ".join(entering.errors(page)), first
    assert client.get(ENROL)["Location"] == entering.LOGIN


def test_the_second_step_page_is_nobodys_without_a_link_or_sign_in(client: Client, dora: Person) -> None:
    link_of(dora)
    assert client.get(ENROL)["Location"] == entering.LOGIN
    assert client.post(ENROL, {"code": "123456"})["Location"] == entering.LOGIN


def test_a_set_up_takes_over_no_session_of_somebody_else(cast: Cast, dora: Person, clock: Clock) -> None:
    browser = Client()
    secret = entering.equipped(cast.ann)
    entering.type_password(browser, cast.ann.email)
    entering.type_code(browser, clock.code(secret))
    assert entering.is_inside(browser)
    browser.post(link_of(dora), CHOSEN)
    assert not entering.is_inside(browser)
    assert entering.shown_secret(browser.get(ENROL)) != secret


def test_an_imported_active_person_sets_up_the_same_way(client: Client, cast: Cast, clock: Clock) -> None:
    client.post(links.path_of(actions.invite(SYSTEM, person=cast.cara)), CHOSEN)
    client.post(ENROL, {"code": clock.code(entering.shown_secret(client.get(ENROL)))})
    client.post(CODES, {"stored": "on"})
    assert client.get("/member/")["Location"].split("?")[0] == TERMS
    client.post(TERMS, {"accepted": "on"})
    assert entering.is_inside(client)


def test_the_first_operator_says_who_that_is(client: Client, db: None, clock: Clock) -> None:
    first = actions.first_operator()
    path = actions.first_operator()
    assert first is not None
    assert path is not None
    assert client.get(first).status_code == 404
    refused = client.post(path, {"name": "", "email": "nonsense", **CHOSEN})
    assert len(entering.errors(refused)) == 2
    assert 'value="nonsense"' in refused.text
    client.post(path, {"name": "Opal", "email": "OPAL@office.example", **CHOSEN})
    client.post(ENROL, {"code": clock.code(entering.shown_secret(client.get(ENROL)))})
    opal = Person.objects.get()
    assert (opal.name, opal.email, opal.status) == ("Opal", "opal@office.example", "active")
    assert set(Role.objects.values_list("name", flat=True)) == {"site_administrator", "moderator"}
    assert Membership.objects.get().organisation.organisation_class == "office"
    assert actions.first_operator() is None
    assert client.get(path).status_code == 404


def test_the_first_operator_can_go_on_after_giving_the_address(db: None, clock: Clock) -> None:
    path, first, second = actions.first_operator(), Client(), Client()
    assert path is not None
    first.post(path, {"name": "Opal", "email": "opal@office.example", **CHOSEN})
    assert "Opal" in second.get(path).text
    again = actions.first_operator()
    assert again is not None
    assert second.post(again, CHOSEN)["Location"] == ENROL
