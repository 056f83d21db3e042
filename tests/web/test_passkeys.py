"""Passkeys: alone or as the second step, made and removed by their owner, and refused whatever else they are."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from infohub.audit.models import Record
from infohub.members.models import Person
from infohub.policy.viewer import SYSTEM
from infohub.register import actions, links, second_step
from infohub.register.actions.steps import MOST_PASSKEYS
from infohub.web.accounts import letters
from tests.authenticator import Clock
from tests.cast import Cast, sign_in
from tests.passkey import Passkey, given
from tests.web import entering
from tests.web.entering import CODES, ENROL, LOGIN, PASSWORD, RESET, SECOND, TERMS

pytestmark = pytest.mark.django_db
ALONE, OWN, NEW = "/accounts/passkey/", "/accounts/2fa/ask/", "/accounts/second-step/passkey/"
PAGE = "/member/account/sign-in/"


@pytest.fixture
def phone(cast: Cast, clock: Clock) -> Passkey:
    """Ann's passkey, beside her app."""
    entering.equipped(cast.ann)
    made = given(sign_in(Client(), cast.ann))
    letters.wait()
    mail.outbox.clear()
    return made


def step_of(person: Person, kind: str = second_step.PASSKEY) -> Authenticator:
    return Authenticator.objects.get(user=person, type=kind)


def test_a_passkey_alone_opens_the_door_with_a_session_of_its_own(client: Client, cast: Cast, phone: Passkey) -> None:
    client.get(LOGIN)
    credential = phone.sign(client)
    before = client.session.session_key
    assert client.post(ALONE, {"credential": credential})["Location"] == "/member/"
    assert entering.is_inside(client)
    assert client.session.session_key != before
    (arrival,) = Record.objects.filter(verb="signed_in", person=cast.ann.pk)
    assert arrival.detail == {"way": "webauthn"}
    assert client.get(NEW).status_code == 200


def test_a_passkey_is_the_second_step_after_the_password_and_only_its_owners(
    client: Client, cast: Cast, phone: Passkey
) -> None:
    entering.equipped(cast.ben)
    strange = given(sign_in(Client(), cast.ben))
    entering.type_password(client, cast.ann.email)
    assert "data-passkey" in client.get(SECOND).text
    refused = client.post(SECOND, {"credential": strange.sign(client, OWN), "code": ""})
    assert len(entering.errors(refused)) == 1
    assert not entering.is_inside(client)
    entering.type_password(client, cast.ann.email)
    assert client.post(SECOND, {"credential": phone.sign(client, OWN), "code": ""})["Location"] == "/member/"
    assert entering.is_inside(client)


def test_a_passkey_leads_where_the_person_wanted_to_go_and_nowhere_else(cast: Cast, phone: Passkey) -> None:
    for wanted, led in (("/items/IH-22", "/items/IH-22"), ("https://evil.example/", "/member/")):
        browser = Client()
        assert f'value="{wanted}"' in browser.get(LOGIN, {"next": wanted}).text or led != wanted
        sent = {"credential": phone.sign(browser), "next": wanted}
        assert browser.post(ALONE, sent)["Location"] == led


def test_an_answer_works_once_and_for_its_own_challenge(cast: Cast, phone: Passkey) -> None:
    first, second = Client(), Client()
    credential = phone.sign(first)
    phone.sign(second)
    assert second.post(ALONE, {"credential": credential}).status_code == 422
    assert first.post(ALONE, {"credential": credential}).status_code == 302
    first.post("/accounts/logout/")
    assert first.post(ALONE, {"credential": credential}).status_code == 422
    assert not entering.is_inside(first)


@pytest.mark.parametrize(
    "change", [{"origin": "https://evil.example"}, {"origin": "http://sub.localhost:8000"}, {"verifies": False}]
)
def test_a_false_page_or_an_owner_who_was_not_verified_opens_nothing(
    cast: Cast, phone: Passkey, change: dict[str, object]
) -> None:
    for name, value in change.items():
        setattr(phone, name, value)
    alone, after = Client(), Client()
    assert alone.post(ALONE, {"credential": phone.sign(alone)}).status_code == 422
    entering.type_password(after, cast.ann.email)
    assert after.post(SECOND, {"credential": phone.sign(after, OWN)}).status_code == 200
    assert not entering.is_inside(alone)
    assert not entering.is_inside(after)


def test_whoever_is_refused_reads_the_same_words(client: Client, cast: Cast, phone: Passkey) -> None:
    removed, stranger, nobody = Passkey(owner=phone.owner), Passkey(owner="MTIzNDU2"), Passkey(owner="!")
    pages = [client.post(ALONE, {"credential": one.sign(client)}) for one in (removed, stranger, nobody)]
    actions.suspend_person(SYSTEM, person=cast.ann, reason="test")
    pages.append(client.post(ALONE, {"credential": phone.sign(client)}))
    assert {page.status_code for page in pages} == {422}
    assert len({tuple(entering.errors(page)) for page in pages}) == 1
    assert entering.errors(pages[0]) != []


@pytest.mark.parametrize("sent", ["", "x", "{}", "[]", "null", "1", '"a"', "[" * 5000, '{"response": 1}', "{" * 30_000])
def test_a_mangled_answer_is_refused_and_breaks_nothing(client: Client, cast: Cast, phone: Passkey, sent: str) -> None:
    phone.sign(client)
    assert client.post(ALONE, {"credential": sent}).status_code == 422
    assert len(entering.errors(client.post(ALONE, {"credential": sent}))) == 1


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature", "userHandle", "rawId"])
@pytest.mark.parametrize("value", [None, 1, "", "AAAA", "é", {}, ["AAAA"]])
def test_a_part_that_was_changed_is_refused(
    client: Client, cast: Cast, phone: Passkey, part: str, value: object
) -> None:
    credential = json.loads(phone.sign(client))
    place = credential if part in credential else credential["response"]
    place[part] = value
    assert client.post(ALONE, {"credential": json.dumps(credential)}).status_code == 422
    assert not entering.is_inside(client)


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("value", [None, 1, "", "AAAA", "oA", "é", {}])
def test_a_new_passkey_that_was_changed_is_refused(client: Client, cast: Cast, part: str, value: object) -> None:
    sign_in(client, cast.ann)
    credential = json.loads(Passkey().make(client))
    credential["response"][part] = value
    page = client.post(NEW, {"name": "My phone", "credential": json.dumps(credential)})
    assert len(entering.errors(page)) == 1
    assert 'value="My phone"' in page.text
    assert not second_step.has_passkey(cast.ann)


def test_challenges_are_throttled_by_address_and_say_nothing_about_who_is_here(cast: Cast, phone: Passkey) -> None:
    asked = [Client().post(f"{ALONE}ask/") for _ in range(59)]
    assert {answer.status_code for answer in asked} == {200}
    assert not any(answer.json()["publicKey"].get("allowCredentials") for answer in asked)
    last = [Client().post(f"{ALONE}ask/").status_code for _ in range(3)]
    assert last[-1] == 429
    assert Client().post(OWN).status_code == 404


def test_wrong_passkeys_close_the_second_step_as_wrong_codes_do(client: Client, cast: Cast, phone: Passkey) -> None:
    entering.type_password(client, cast.ann.email)
    for _ in range(5):
        client.post(SECOND, {"credential": Passkey(owner=phone.owner).sign(client, OWN)})
    assert client.post(SECOND, {"credential": phone.sign(client, OWN)}).status_code == 200
    assert not entering.is_inside(client)


def test_adding_and_removing_is_told_and_recorded_and_the_last_step_stays(
    client: Client, cast: Cast, clock: Clock
) -> None:
    entering.equipped(cast.ann)
    sign_in(client, cast.ann)
    given(client, "Blue key")
    assert "Blue key" in client.get(PAGE).text
    app, passkey = step_of(cast.ann, second_step.TOTP), step_of(cast.ann)
    assert client.post(f"/accounts/second-step/{passkey.pk}/rename/", {"name": ""}).status_code == 200
    client.post(f"/accounts/second-step/{passkey.pk}/rename/", {"name": "Red key"})
    assert "Red key" in client.get(PAGE).text
    assert client.get(f"/accounts/second-step/{app.pk}/rename/").status_code == 404
    client.post(f"/accounts/second-step/{app.pk}/remove/")
    assert list(second_step.steps_of(cast.ann)) == [passkey]
    assert "only second step" in client.get(f"/accounts/second-step/{passkey.pk}/remove/").text
    client.post(f"/accounts/second-step/{passkey.pk}/remove/")
    assert list(second_step.steps_of(cast.ann)) == [passkey]
    letters.wait()
    assert [letter.subject.partition(": ")[2] for letter in mail.outbox] == [
        "A passkey was added",
        "Your authenticator app was removed",
    ]
    verbs = Record.objects.filter(subject=f"person:{cast.ann.pk}").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["added_passkey", "renamed_passkey", "removed_second_step"]


def test_a_removed_passkey_opens_nothing(client: Client, cast: Cast, phone: Passkey) -> None:
    sign_in(client, cast.ann)
    client.post(f"/accounts/second-step/{step_of(cast.ann).pk}/remove/")
    other = Client()
    assert other.post(ALONE, {"credential": phone.sign(other)}).status_code == 422
    assert not entering.is_inside(other)


def test_nobody_touches_somebody_elses_passkey(client: Client, cast: Cast, phone: Passkey) -> None:
    sign_in(client, cast.ben)
    for what in ("rename", "remove"):
        path = f"/accounts/second-step/{step_of(cast.ann).pk}/{what}/"
        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "Mine"}).status_code == 404
    assert str(step_of(cast.ann)) == "My phone"


def test_whoever_comes_first_may_set_up_a_passkey_instead_of_an_app(client: Client, cast: Cast, clock: Clock) -> None:
    dora = actions.enrol(SYSTEM, name="Dora", email="dora@bank.example", organisation=cast.bank)
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(links.path_of(actions.invite(SYSTEM, person=dora)), chosen)
    assert NEW in client.get(ENROL).text
    made = Passkey()
    assert client.post(NEW, {"name": "Phone", "credential": made.make(client)})["Location"] == CODES
    client.post(CODES, {"stored": "on"})
    assert client.post(TERMS, {"accepted": "on"})["Location"] == "/member/"
    assert entering.is_inside(client)
    other = Client()
    assert other.post(ALONE, {"credential": made.sign(other)})["Location"] == "/member/"
    reset = Client().post(RESET, {"email": "dora@bank.example"})
    letters.wait()
    assert reset.status_code == 302
    assert [letter.to for letter in mail.outbox] == [["dora@bank.example"]]


def test_a_passkey_needs_a_fresh_second_step_and_nobody_has_hundreds(
    client: Client, cast: Cast, phone: Passkey
) -> None:
    sign_in(client, cast.ann)
    entering.let_time_pass(client)
    for answer in (client.get(NEW), client.post(NEW, {"name": "x", "credential": "{}"}), client.post(f"{NEW}ask/")):
        assert answer.status_code in {200, 302}
        assert "publicKey" not in answer.text
    sign_in(client, cast.ann)
    for number in range(MOST_PASSKEYS - 1):
        given(client, f"Key {number}")
    page = client.post(NEW, {"name": "One more", "credential": Passkey().make(client)})
    assert "ten passkeys" in " ".join(entering.errors(page))
    assert Authenticator.objects.filter(user=cast.ann, type=second_step.PASSKEY).count() == MOST_PASSKEYS
