"""Sign-in: two steps for everybody, each rule with its way around tried."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, override_settings

from infohub.audit.models import Record
from infohub.members.models import Person
from infohub.policy.viewer import SYSTEM
from infohub.register import actions, second_step
from infohub.support import sealing
from infohub.web.accounts import letters, progress
from tests.authenticator import Clock
from tests.cast import Cast, give_second_step, make_administrator, sign_in
from tests.make import membership
from tests.web import entering
from tests.web.entering import CODES, ENROL, LOGIN, PASSWORD, RESET, SECOND, TERMS, type_code, type_password

pytestmark = pytest.mark.django_db
BEHIND = ("/member/", "/member/feed/", "/member/account/", "/items/IH-7K3QXM", "/items/nothing", "/office/")


def test_password_and_code_together_open_the_door(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    assert type_password(client, cast.ann.email)["Location"] == SECOND
    assert not entering.is_inside(client)
    assert type_code(client, clock.code(secret))["Location"] == "/member/"
    assert entering.is_inside(client)
    assert Record.objects.filter(verb="signed_in", person=cast.ann.pk).count() == 1


def test_the_address_is_the_same_however_it_is_typed(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    assert type_password(client, " ＡＮＮ@Bank.Example ")["Location"] == SECOND
    spaced = clock.code(secret).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert type_code(client, f"{spaced[:3]} {spaced[3:]}")["Location"] == "/member/"


@pytest.mark.parametrize("path", BEHIND)
def test_no_page_opens_between_the_steps(client: Client, cast: Cast, clock: Clock, path: str) -> None:
    entering.equipped(cast.ann)
    type_password(client, cast.ann.email)
    for answer in (client.get(path), client.post(path), client.put(path), client.head(path), client.delete(path)):
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, LOGIN)
    json = client.post(path, {"a": 1}, content_type="application/json", headers={"accept": "application/json"})
    assert (json.status_code, json["Location"]) == (302, LOGIN)
    fragment = client.get(path, headers={"hx-request": "true", "hx-current-url": "http://testserver/member/"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, f"{LOGIN}?next=%2Fmember%2F")


@pytest.mark.parametrize("path", [ENROL, CODES, f"{CODES}download/", f"{CODES}renew/", TERMS])
def test_no_step_can_be_jumped_over(client: Client, cast: Cast, clock: Clock, path: str) -> None:
    entering.equipped(cast.ann)
    type_password(client, cast.ann.email)
    assert client.get(path)["Location"] == LOGIN
    assert client.post(path, {"code": "123456", "accepted": "on", "stored": "on"})["Location"] == LOGIN
    assert not entering.is_inside(client)


def test_a_wrong_code_opens_nothing(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    type_password(client, cast.ann.email)
    for code in ("000000", "", "abc", clock.code(secret, steps=2), clock.code(secret, steps=-2)):
        page = type_code(client, code)
        assert page.status_code == 200
        assert len(entering.errors(page)) == 1
    assert not entering.is_inside(client)


def test_a_form_without_a_code_is_asked_again(client: Client, cast: Cast, clock: Clock) -> None:
    entering.equipped(cast.ann)
    type_password(client, cast.ann.email)
    for sent in ({}, {"credential": "{}"}, {"credential": "null"}, {"credential": "[]"}, {"credential": '{"id": 1}'}):
        page = client.post(SECOND, sent)
        assert page.status_code == 200
        assert len(entering.errors(page)) == 1, sent
    assert client.get(SECOND).status_code == 200
    assert not entering.is_inside(client)


@pytest.mark.parametrize("moves", [(0,), (31,), (86_400, -86_400)])
def test_a_code_works_once_whatever_the_clock_does(cast: Cast, clock: Clock, moves: tuple[int, ...]) -> None:
    secret = entering.equipped(cast.ann)
    code, first, second = clock.code(secret, steps=1), Client(), Client()
    type_password(first, cast.ann.email)
    assert type_code(first, code)["Location"] == "/member/"
    for seconds in moves:
        clock.at += seconds
    type_password(second, cast.ann.email)
    assert type_code(second, code).status_code == 200
    assert not entering.is_inside(second)
    assert type_code(second, clock.code(secret, steps=-1))["Location"] == "/member/"


def test_a_recovery_code_works_once_and_is_told(cast: Cast, clock: Clock) -> None:
    entering.equipped(cast.ann)
    row = second_step.codes_of(cast.ann)
    assert row is not None
    code, first, second = second_step.unused_codes(row)[3], Client(), Client()
    type_password(first, cast.ann.email)
    assert type_code(first, f"{code[:4]} {code[4:]}")["Location"] == "/member/"
    letters.wait()
    assert [letter.to for letter in mail.outbox] == [[cast.ann.email]]
    assert code not in str(mail.outbox[0].message())
    type_password(second, cast.ann.email)
    assert type_code(second, code).status_code == 200
    assert not entering.is_inside(second)


def test_the_session_has_a_new_id_after_each_step(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    client.get(LOGIN)
    client.session.save()
    ids = [client.session.session_key]
    type_password(client, cast.ann.email)
    ids.append(client.session.session_key)
    type_code(client, clock.code(secret))
    ids.append(client.session.session_key)
    assert len(set(ids)) == 3
    assert list(Session.objects.values_list("session_key", flat=True)) == [ids[2]]


def test_whoever_fails_reads_the_same_words(cast: Cast, clock: Clock) -> None:
    for person in (cast.ann, cast.ben, cast.cara, cast.eve):
        entering.equipped(person)
    actions.suspend_person(SYSTEM, person=cast.ben, reason="test")
    actions.leave(SYSTEM, membership=membership(cast.cara))
    actions.suspend_organisation(SYSTEM, organisation=cast.vendor, reason="test")
    attempts = [
        (cast.ann.email, "wrong"),
        ("nobody@bank.example", PASSWORD),
        *((person.email, PASSWORD) for person in (cast.ben, cast.cara, cast.eve)),
    ]
    pages = [type_password(Client(), *attempt) for attempt in attempts]
    assert {page.status_code for page in pages} == {200}
    assert len({tuple(entering.errors(page)) for page in pages}) == 1
    assert entering.errors(pages[0]) != []
    assert type_password(Client(), cast.ann.email)["Location"] == SECOND


def test_an_unknown_address_costs_as_much_work_as_a_wrong_password(
    cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    entering.equipped(cast.ann)
    hashed: list[str] = []

    def encode(_hasher: MD5PasswordHasher, password: str, _salt: str) -> str:
        hashed.append(password)
        return "md5$salt$none"

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    for address in (cast.ann.email, "nobody@bank.example", cast.ben.email):
        hashed.clear()
        type_password(Client(), address, "wrong password")
        assert len(hashed) == 1, address


def test_five_failures_close_an_address_in_every_spelling(cast: Cast, clock: Clock) -> None:
    entering.equipped(cast.ann)
    for address in (
        "ann@bank.example",
        "ANN@bank.example",
        "ａnn@bank.example",
        " ann@bank.example",
        "Ann@Bank.Example",
    ):
        type_password(Client(), address, "wrong")
    page = type_password(Client(), cast.ann.email)
    assert page.status_code == 200
    assert "Wait five minutes" in page.text
    entering.with_password(cast.ben)
    assert type_password(Client(), cast.ben.email).status_code == 302


def test_five_wrong_codes_close_the_second_step(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    type_password(client, cast.ann.email)
    for _ in range(5):
        type_code(client, "000000")
    assert type_code(client, clock.code(secret)).status_code == 200
    assert not entering.is_inside(client)


def test_whoever_has_no_second_step_sets_it_up_first(client: Client, cast: Cast, clock: Clock) -> None:
    entering.with_password(cast.ann)
    type_password(client, cast.ann.email)
    for path in BEHIND:
        assert client.get(path)["Location"].split("?")[0] == ENROL
    for path in (CODES, TERMS, f"{CODES}renew/", "/accounts/password/change/"):
        assert client.get(path)["Location"] == ENROL
    secret = entering.shown_secret(client.get(ENROL, {"next": "/member/feed/"}))
    assert entering.shown_secret(client.post(ENROL, {"code": "000000"})) == secret
    assert client.post(ENROL, {"code": clock.code(secret)})["Location"] == CODES
    assert client.get("/member/")["Location"].split("?")[0] == CODES
    assert client.post(CODES, {"stored": "on"})["Location"] == TERMS
    assert client.get("/member/")["Location"].split("?")[0] == TERMS
    assert client.post(TERMS, {"accepted": "on"})["Location"] == "/member/feed/"
    assert entering.is_inside(client)


def test_a_session_with_the_password_alone_is_worth_nothing_once_there_is_a_second_step(
    client: Client, cast: Cast, clock: Clock
) -> None:
    entering.with_password(cast.ann)
    type_password(client, cast.ann.email)
    give_second_step(cast.ann)
    for path in (ENROL, CODES, TERMS, "/accounts/password/change/", "/member/"):
        thief = Client()
        thief.cookies = client.cookies
        assert thief.get(path)["Location"].split("?")[0] == LOGIN
    assert not entering.is_inside(client)


def test_the_code_that_proved_the_app_does_not_also_sign_in(cast: Cast, clock: Clock) -> None:
    entering.with_password(cast.ann)
    first, second = Client(), Client()
    type_password(first, cast.ann.email)
    secret = entering.shown_secret(first.get(ENROL))
    first.post(ENROL, {"code": clock.code(secret)})
    type_password(second, cast.ann.email)
    assert type_code(second, clock.code(secret)).status_code == 200
    assert not entering.is_inside(second)


def test_suspension_and_leaving_end_the_session_for_good(cast: Cast, clock: Clock) -> None:
    ann, ben, cara = (sign_in(Client(), person) for person in (cast.ann, cast.ben, cast.cara))
    assert all(entering.is_inside(one) for one in (ann, ben, cara))
    actions.suspend_person(SYSTEM, person=cast.ann, reason="test")
    actions.leave(SYSTEM, membership=membership(cast.ben))
    actions.suspend_organisation(SYSTEM, organisation=cast.clinic, reason="test")
    assert [one.get("/member/")["Location"] for one in (ann, ben, cara)] == [f"{LOGIN}?next=%2Fmember%2F"] * 3
    actions.restore_person(SYSTEM, person=Person.objects.get(pk=cast.ann.pk))
    actions.restore_organisation(SYSTEM, organisation=cast.clinic)
    assert [one.get("/member/").status_code for one in (ann, ben, cara)] == [302] * 3
    assert Session.objects.count() == 0


@pytest.mark.parametrize("hours", [12.1, -1])
def test_a_session_ends_after_twelve_hours_whatever_was_done(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, hours: float
) -> None:
    sign_in(client, cast.ann)
    assert entering.is_inside(client)
    session = client.session
    session["began"] = int(time.time() - hours * 3600)
    session.save()
    assert not entering.is_inside(client)
    assert progress.LIFETIME == 12 * 3600


def test_sign_out_ends_the_session(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ann)
    assert client.get("/accounts/logout/").status_code == 200
    assert entering.is_inside(client)
    client.post("/accounts/logout/")
    assert not entering.is_inside(client)


def test_a_forgotten_password_never_replaces_the_second_step(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    elsewhere = sign_in(Client(), cast.ann)
    assert client.post(RESET, {"email": "ANN@bank.example"})["Location"] == f"{RESET}done/"
    letters.wait()
    body = str(mail.outbox[0].body)
    link = next(word for word in body.split() if "/password/reset/key/" in word)
    form = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    new = "another horse battery staple"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done["Location"] == f"{RESET}key/done/"
    assert not entering.is_inside(client)
    assert not entering.is_inside(elsewhere)
    assert type_password(client, cast.ann.email, new)["Location"] == SECOND
    assert not entering.is_inside(client)
    assert type_code(client, clock.code(secret))["Location"] == "/member/"
    assert "no longer works" in Client().get(link.removeprefix("http://localhost:8000")).text


def test_a_forgotten_password_says_nothing_about_who_is_here(cast: Cast, clock: Clock) -> None:
    entering.equipped(cast.ann)
    entering.equipped(cast.ben)
    entering.with_password(cast.cara)
    actions.suspend_person(SYSTEM, person=cast.ben, reason="test")
    answers = [
        Client().post(RESET, {"email": address}, follow=True)
        for address in ("nobody@bank.example", cast.ben.email, cast.cara.email, cast.ann.email)
    ]
    assert len({answer.text for answer in answers}) == 1
    letters.wait()
    assert [letter.to for letter in mail.outbox] == [[cast.ann.email]]


def test_secrets_are_sealed_where_they_rest(cast: Cast, clock: Clock) -> None:
    browser = Client()
    entering.with_password(cast.ann)
    type_password(browser, cast.ann.email)
    secret = entering.shown_secret(browser.get(ENROL))
    assert secret not in str(browser.session.items())
    browser.post(ENROL, {"code": clock.code(secret)})
    codes = [code.replace(" ", "") for code in entering.shown_codes(browser.get(CODES))]
    assert len(codes) == 10
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not [known for known in (secret, *codes) if known in kept]
    assert sealing.unseal(Authenticator.objects.get(type="totp").data["secret"]) == secret


def test_a_new_key_opens_what_the_old_one_sealed_until_it_is_thrown_away(cast: Cast, clock: Clock) -> None:
    with override_settings(SECOND_STEP_KEYS=["old"]):
        secret = entering.equipped(cast.ann)
    browser = Client()
    with override_settings(SECOND_STEP_KEYS=["new", "old"]):
        type_password(browser, cast.ann.email)
        assert type_code(browser, clock.code(secret)).status_code == 302
        assert actions.reseal(SYSTEM) == 2
    browser = Client()
    with override_settings(SECOND_STEP_KEYS=["new"]):
        type_password(browser, cast.ann.email)
        assert type_code(browser, clock.code(secret, steps=1)).status_code == 302


def test_nobody_signs_up_and_no_other_door_of_the_library_exists(client: Client, cast: Cast) -> None:
    sign_in(client, make_administrator(cast.ann))
    for path in ("signup/", "email/", "2fa/", "2fa/totp/deactivate/", "2fa/totp/activate/", "inactive/", "social/"):
        assert client.get(f"/accounts/{path}").status_code == 404, path
        assert client.post(f"/accounts/{path}").status_code == 404, path
    assert client.post("/_allauth/browser/v1/auth/login").status_code == 404


def test_a_next_address_elsewhere_is_not_followed(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    aims = [("https://evil.example/", "/member/"), ("//evil.example/", "/member/"), ("/items/IH-22", "/items/IH-22")]
    for steps, (wanted, led) in enumerate(aims, start=-1):
        browser = Client()
        browser.post(LOGIN, {"login": cast.ann.email, "password": PASSWORD, "next": wanted})
        assert type_code(browser, clock.code(secret, steps=steps))["Location"] == led
