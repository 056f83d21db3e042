"""Sessions and trusted browsers: listed to their owner alone, dead at the next request once ended."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.audit.models import Record
from infohub.members.models import Person
from infohub.policy.viewer import SYSTEM
from infohub.register import actions
from infohub.register.models import TrustedBrowser, Visit
from infohub.support.clock import now
from infohub.web.accounts import letters
from tests.authenticator import Clock
from tests.cast import Cast, give_second_step, sign_in
from tests.passkey import given
from tests.web import entering
from tests.web.entering import LOGIN, PASSWORD, SECOND, type_code, type_password

pytestmark = pytest.mark.django_db
PAGE = "/member/account/sign-in/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


def enter(person: Person, secret: str, clock: Clock, *, agent: str = FIREFOX, trust: bool = False) -> Client:
    """A browser that went through both steps."""
    clock.at += 90
    browser = Client(headers={"user-agent": agent})
    type_password(browser, person.email)
    browser.post(SECOND, {"code": clock.code(secret), **({"trust": "on"} if trust else {})})
    assert entering.is_inside(browser)
    return browser


def again(browser: Client, person: Person) -> str:
    """Where the password alone leads in this browser, after signing out."""
    browser.post("/accounts/logout/")
    return str(type_password(browser, person.email)["Location"])


def visit_of(person: Person, system: str) -> Visit:
    return Visit.objects.running().get(person=person, system=system)


def test_sessions_are_listed_in_words_to_their_owner_alone(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    here = enter(cast.ann, secret, clock)
    enter(cast.ann, secret, clock, agent=PHONE)
    page = here.get(PAGE).text
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("this one") == 1
    assert "iPhone" not in sign_in(Client(), cast.ben).get(PAGE).text


def test_an_ended_session_is_dead_at_its_next_request_and_the_others_live(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    here, phone = enter(cast.ann, secret, clock), enter(cast.ann, secret, clock, agent=PHONE)
    lost = visit_of(cast.ann, "iPhone")
    strange = sign_in(Client(), cast.ben)
    assert strange.post(f"{PAGE}sessions/{lost.pk}/end/").status_code == 404
    assert entering.is_inside(phone)
    assert here.post(f"{PAGE}sessions/{lost.pk}/end/")["Location"] == PAGE
    assert here.post(f"{PAGE}sessions/{lost.pk}/end/")["Location"] == PAGE
    for path in ("/member/", "/items/IH-222222", "/office/", "/accounts/recovery-codes/", "/accounts/second-step/"):
        assert phone.get(path)["Location"].split("?")[0] == LOGIN
    assert phone.post("/accounts/2fa/ask/").status_code == 404
    assert entering.is_inside(here)
    assert Record.objects.filter(verb="ended_session", person=cast.ann.pk).count() == 1


def test_all_other_sessions_end_in_one_act(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    browsers = [enter(cast.ann, secret, clock) for _ in range(3)]
    ben = sign_in(Client(), cast.ben)
    assert "End all others" in browsers[0].get(PAGE).text
    browsers[0].post(f"{PAGE}sessions/end/")
    assert [entering.is_inside(one) for one in [*browsers, ben]] == [True, False, False, True]
    assert "Nowhere else" in browsers[0].get(PAGE).text


def test_a_copied_cookie_ends_with_its_session_and_sign_out_ends_the_visit(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    here, thief = enter(cast.ann, secret, clock), Client()
    thief.cookies = here.cookies.copy()  # type: ignore[assignment]  # a copy of a cookie jar is one
    here.post("/accounts/logout/")
    assert not entering.is_inside(thief)
    other = enter(cast.ann, secret, clock)
    assert other.get(PAGE).text.count("Firefox on Linux") == 1


def test_the_list_says_when_a_session_was_last_seen_without_a_write_for_each_page(cast: Cast, clock: Clock) -> None:
    here = enter(cast.ann, entering.equipped(cast.ann), clock)
    here.get("/member/")
    with CaptureQueriesContext(connection) as queries:
        here.get("/member/")
    assert [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))] == []
    Visit.objects.update(seen_at=now() - timedelta(hours=1))
    session = here.session
    session["seen"] -= 600
    session.save()
    here.get("/member/")
    assert now() - Visit.objects.get(person=cast.ann).seen_at < timedelta(minutes=1)


def test_a_trusted_browser_needs_the_password_alone_and_no_other_browser_does(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    entering.equipped(cast.ben)
    here = enter(cast.ann, secret, clock, trust=True)
    assert again(here, cast.ann) == "/member/"
    assert entering.is_inside(here)
    assert again(Client(), cast.ann) == SECOND
    assert again(here, cast.ben) == SECOND
    here.post("/accounts/logout/")
    assert type_password(here, cast.ann.email, "wrong").status_code == 200
    letters.wait()
    assert [letter.subject.partition(": ")[2] for letter in mail.outbox] == ["A browser is trusted"]
    assert list(Record.objects.filter(verb="signed_in").values_list("detail__way", flat=True)) == [
        "totp",
        "trusted_browser",
    ]


def test_trust_does_not_show_the_second_step_where_it_matters(cast: Cast, clock: Clock) -> None:
    here = enter(cast.ann, entering.equipped(cast.ann), clock, trust=True)
    assert here.get("/accounts/password/change/").status_code == 200
    again(here, cast.ann)
    assert here.get("/accounts/password/change/")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_trust_lasts_fourteen_days_and_ends_on_the_page(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    here = enter(cast.ann, secret, clock, trust=True)
    cookie = here.cookies["trusted"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (14 * 86_400, True, "Strict")
    (row,) = TrustedBrowser.objects.running()
    assert cookie.value not in str(TrustedBrowser.objects.values())
    strange = sign_in(Client(), cast.ben)
    assert strange.post(f"{PAGE}browsers/{row.pk}/end/").status_code == 404
    TrustedBrowser.objects.update(started=now() - timedelta(days=14, seconds=1))
    assert again(here, cast.ann) == SECOND
    TrustedBrowser.objects.update(started=now())
    assert again(here, cast.ann) == "/member/"
    assert "No longer trust" in here.get(PAGE).text
    here.post(f"{PAGE}browsers/{row.pk}/end/")
    assert "No longer trust" not in here.get(PAGE).text
    assert again(here, cast.ann) == SECOND


@pytest.mark.parametrize("change", ["password", "app", "passkey", "codes", "suspension", "leaving"])
def test_trust_ends_at_once_with_every_change(cast: Cast, clock: Clock, change: str) -> None:
    here = enter(cast.ann, entering.equipped(cast.ann), clock, trust=True)
    assert TrustedBrowser.objects.running().count() == 1
    match change:
        case "password":
            new = {"password1": "another horse battery staple", "password2": "another horse battery staple"}
            here.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
        case "app":
            give_second_step(cast.ann)
        case "passkey":
            given(here)
        case "codes":
            here.post("/accounts/recovery-codes/renew/")
        case "suspension":
            actions.suspend_person(SYSTEM, person=cast.ann, reason="test")
        case _:
            actions.leave(SYSTEM, membership=cast.ann.memberships.get())
    assert not TrustedBrowser.objects.running().exists()


def test_suspension_ends_sessions_even_if_it_is_lifted_before_their_next_request(cast: Cast, clock: Clock) -> None:
    here = enter(cast.ann, entering.equipped(cast.ann), clock)
    actions.suspend_person(SYSTEM, person=cast.ann, reason="test")
    actions.restore_person(SYSTEM, person=Person.objects.get(pk=cast.ann.pk))
    assert not entering.is_inside(here)


def test_whoever_is_suspended_between_the_steps_does_not_come_in(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    type_password(client, cast.ann.email)
    actions.suspend_person(SYSTEM, person=cast.ann, reason="test")
    assert type_code(client, clock.code(secret))["Location"] == LOGIN
    assert not entering.is_inside(client)


def test_the_log_is_in_words_newest_first_and_nobody_elses(cast: Cast, clock: Clock) -> None:
    here = enter(cast.ann, entering.equipped(cast.ann), clock)
    here.post("/accounts/recovery-codes/renew/")
    here.post("/accounts/recovery-codes/", {"stored": "on"})
    actions.suspend_person(SYSTEM, person=cast.ben, reason="test")
    token = {"kind": "personal", "personal-name": "Splunk", "personal-scopes": "taxii", "personal-ceiling": "1"}
    assert here.post("/member/integrations/", {**token, "personal-days": "30"}).status_code == 200
    page = here.get(PAGE).text
    said = [
        "A token was issued",
        "The recovery codes were stored",
        "New recovery codes were made",
        "Signed in with a code of the app",
    ]
    places = [page.index(words) for words in said]
    assert places == sorted(places)
    assert "suspended" not in page
    assert "recovery codes were made" not in sign_in(Client(), cast.cara).get(PAGE).text
    for _ in range(60):
        actions.arrive(cast.as_(cast.ann), person=cast.ann, way="webauthn")
    assert here.get(PAGE).text.count('<p class="small">') == 50
