"""A lost second step on the pages: asked after the right password, told at every turn, decided by two, stopped."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from infohub.members.models import Person
from infohub.policy.viewer import NOBODY
from infohub.register import actions, second_step
from infohub.register.models import Recovery
from infohub.support.clock import now
from infohub.web.accounts import letters
from tests.authenticator import Clock
from tests.cast import Cast, make_administrator, sign_in
from tests.web import entering
from tests.web.entering import CODES, ENROL, LOGIN, PASSWORD, SECOND, type_password

pytestmark = pytest.mark.django_db
ASK, STOP, LIST = "/accounts/recovery/", "/accounts/recovery/stop/", "/office/recoveries/"


@pytest.fixture
def ben(cast: Cast, clock: Clock) -> Person:
    """Ann's colleague, who signs in with both steps; Ann administers the bank."""
    make_administrator(cast.ann)
    entering.equipped(cast.ben)
    return cast.ben


def asked_by(person: Person) -> Client:
    """A browser in which the password was right and the second step is lost."""
    browser = Client()
    type_password(browser, person.email)
    assert browser.post(ASK)["Location"] == ASK
    return browser


def mails() -> list[tuple[str, str]]:
    """To whom what was written so far."""
    letters.wait()
    return [(letter.to[0], letter.subject.partition(": ")[2]) for letter in mail.outbox]


def link(part: str) -> str:
    """The newest link in a mail with this in its address."""
    letters.wait()
    words = [word for letter in mail.outbox for word in str(letter.body).split()]
    return [word for word in words if part in word][-1].removeprefix("http://localhost:8000")


def allow(browser: Client, person: Person) -> int:
    """Say yes on the page; the answer's status."""
    return browser.post(f"/office/people/{person.pk}/recovery/").status_code


def test_from_the_request_to_the_new_second_step(cast: Cast, ben: Person, clock: Clock) -> None:
    elsewhere, browser = sign_in(Client(), ben), asked_by(ben)
    assert "Your request is made" in browser.get(ASK).text
    assert "Stop the request" in elsewhere.get("/member/").text
    ann, vera = sign_in(Client(), cast.ann), sign_in(Client(), cast.vera)
    assert "1 person here has lost" in ann.get(f"/office/organisations/{cast.bank.ref}/").text
    assert "Ben" in ann.get(LIST).text
    assert "Ben" in vera.get(LIST).text
    assert "1 person has lost" in vera.get("/office/").text
    page = f"/office/people/{ben.pk}/recovery/"
    assert "every session" in ann.get(page).text
    assert allow(ann, ben) == 302
    assert ann.get(page).status_code == 404
    assert allow(vera, ben) == 302
    assert not entering.is_inside(elsewhere)
    assert type_password(Client(), ben.email).status_code == 200
    assert [subject for to, subject in mails() if to == ben.email] == [
        "Somebody asks for a new second step for you",
        "The first yes to your new second step",
        "Set up your sign-in anew",
    ]
    fresh = Client()
    chosen = {"password1": "another horse battery staple", "password2": "another horse battery staple"}
    assert fresh.post(link("/set-up/"), chosen)["Location"] == ENROL
    assert not entering.is_inside(fresh)
    secret = entering.shown_secret(fresh.get(ENROL))
    assert fresh.post(ENROL, {"code": clock.code(secret)})["Location"] == CODES
    assert fresh.post(CODES, {"stored": "on"})["Location"] == "/member/"
    assert entering.is_inside(fresh)
    assert Recovery.objects.get().status == "done"
    assert mails()[-1] == (ben.email, "Your second step was changed")
    assert Client().get(link("/set-up/")).status_code == 404


def test_only_the_right_password_leads_to_the_request(cast: Cast, ben: Person) -> None:
    stranger, wrong, inside = Client(), Client(), sign_in(Client(), ben)
    type_password(wrong, ben.email, "wrong")
    for browser in (stranger, wrong, inside):
        assert browser.get(ASK)["Location"] == LOGIN
        assert browser.post(ASK)["Location"] == LOGIN
    assert not Recovery.objects.exists()
    assert ASK in asked_by(ben).get(SECOND).text


def test_asking_twice_is_one_request_and_one_letter_and_is_throttled(cast: Cast, ben: Person) -> None:
    browser = asked_by(ben)
    for _ in range(4):
        assert browser.post(ASK).status_code == 302
    assert browser.post(ASK).status_code == 429
    assert Recovery.objects.count() == 1
    assert len(mails()) == 1


def test_neither_a_password_nor_a_link_skips_the_second_step_meanwhile(cast: Cast, ben: Person) -> None:
    asked_by(ben)
    other = Client()
    type_password(other, ben.email)
    assert other.get("/member/")["Location"].split("?")[0] == LOGIN
    for who in (cast.ann, cast.vera):
        allow(sign_in(Client(), who), ben)
    for password in (PASSWORD, ""):
        thief = Client()
        type_password(thief, ben.email, password)
        assert thief.get(ENROL)["Location"] == LOGIN
    assert Client().post("/accounts/password/reset/", {"email": ben.email}).status_code == 302
    assert "Choose a new password" not in str([subject for _, subject in mails()])


def test_it_is_stopped_from_any_session(cast: Cast, ben: Person) -> None:
    asked_by(ben)
    elsewhere = sign_in(Client(), ben)
    strange = sign_in(Client(), cast.cara)
    assert "Stop the request" not in strange.get("/member/").text
    strange.post(STOP)
    assert Recovery.objects.asked().count() == 1
    elsewhere.post(STOP)
    elsewhere.post(STOP)
    assert not Recovery.objects.asked().exists()
    assert "Stop the request" not in elsewhere.get("/member/").text
    assert allow(sign_in(Client(), cast.ann), ben) == 404
    assert [subject for _, subject in mails()][-1] == "The request for a new second step is stopped"
    assert second_step.is_set_up(ben)


def test_it_is_stopped_by_the_link_in_the_mail_but_not_by_following_it(cast: Cast, ben: Person) -> None:
    asked_by(ben)
    path = link("/recovery/stop/")
    assert "Stop the request?" in Client().get(path).text
    assert Recovery.objects.asked().exists()
    assert "is stopped" in Client().post(path).text
    gone = [Client().get(path), Client().post(path), Client().get(f"{STOP}nothing/")]
    assert [page.status_code for page in gone] == [404, 404, 404]
    assert len({re.sub(r"csrf.*", "", page.text) for page in gone}) == 1
    assert not Recovery.objects.asked().exists()
    assert len(mails()) == 2


def test_a_request_is_shown_only_to_those_who_look_after_the_person(cast: Cast, ben: Person) -> None:
    actions.ask_recovery(NOBODY, person=ben)
    make_administrator(cast.cara)
    for who, status in ((cast.cara, 200), (cast.eve, 404), (cast.audra, 404), (cast.mori, 404)):
        page = sign_in(Client(), who).get(LIST)
        assert page.status_code == status
        assert "Ben" not in page.text
        assert sign_in(Client(), who).get(f"/office/people/{ben.pk}/recovery/").status_code == 404
        assert allow(sign_in(Client(), who), ben) == 404
    assert "Has lost the second step" in sign_in(Client(), cast.ann).get(f"/office/people/{ben.pk}/").text
    assert "Nobody has lost" in sign_in(Client(), cast.cara).get(LIST).text


def test_the_office_alone_is_told_to_wait(cast: Cast, clock: Clock) -> None:
    entering.equipped(cast.cara)
    browser, vera = asked_by(cast.cara), sign_in(Client(), cast.vera)
    assert "not before" in browser.get(ASK).text
    assert "decides alone" in vera.get(LIST).text
    assert allow(vera, cast.cara) == 404
    Recovery.objects.update(asked_at=now() - timedelta(hours=25))
    assert allow(vera, cast.cara) == 302
    assert Recovery.objects.get().status == "granted"


def test_saying_yes_needs_a_fresh_second_step(cast: Cast, ben: Person) -> None:
    actions.ask_recovery(NOBODY, person=ben)
    ann = sign_in(Client(), cast.ann)
    entering.let_time_pass(ann)
    assert "reauthenticate" in ann.get(f"/office/people/{ben.pk}/recovery/")["Location"]
    assert allow(ann, ben) == 200
    assert Recovery.objects.get().administrator is None


def test_the_office_sends_the_link_again_by_mail_and_shows_it_to_nobody(cast: Cast, ben: Person) -> None:
    actions.ask_recovery(NOBODY, person=ben)
    for who in (cast.ann, cast.vera):
        allow(sign_in(Client(), who), ben)
    invite = f"/office/people/{ben.pk}/invite/"
    ann, vera = sign_in(Client(), cast.ann), sign_in(Client(), cast.vera)
    assert "Send a new invitation" not in ann.get(f"/office/people/{ben.pk}/").text
    assert ann.post(invite).status_code == 404
    sent = vera.post(invite, follow=True)
    assert "on its way to ben@bank.example" in sent.text
    assert "/set-up/" not in sent.text
    assert Client().get(link("/set-up/")).status_code == 200
