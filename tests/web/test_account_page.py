"""My account: what a person changes about themselves, and what needs the second step once more."""

from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from infohub import web
from infohub.members.models import Person
from infohub.register import second_step
from infohub.web.accounts import letters
from tests.authenticator import Clock
from tests.cast import Cast, sign_in
from tests.web import entering
from tests.web.entering import CODES, ENROL, PASSWORD

pytestmark = pytest.mark.django_db
ACCOUNT, AGAIN, RENEW = "/member/account/", "/accounts/2fa/reauthenticate/", "/accounts/recovery-codes/renew/"
LETTERS = Path(web.__file__).parent / "templates" / "mail" / "sign_in"
CHANGE = "/accounts/password/change/"


def test_name_and_language_can_be_changed_and_nothing_else(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ann)
    page = client.get(ACCOUNT).text
    assert "Bank" in page
    assert "10 are left" in page
    typed = {"name": " Ann Fong ", "language": "zh-hant", "email": "boss@bank.example", "status": "left"}
    assert client.post(ACCOUNT, typed)["Location"] == ACCOUNT
    ann = Person.objects.get(pk=cast.ann.pk)
    assert (ann.name, ann.language, ann.email, ann.status) == ("Ann Fong", "zh-hant", cast.ann.email, "active")
    assert 'lang="zh-Hant-HK"' in client.get(ACCOUNT).text


def test_being_found_and_single_keys_are_each_persons_own_choice(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ann)
    assert "keys.js" in client.get("/member/").text
    client.post(ACCOUNT, {"name": "Ann", "language": "en", "in_directory": "on"})
    ann = Person.objects.get(pk=cast.ann.pk)
    assert (ann.in_directory, ann.shortcuts) == (True, False)
    assert "keys.js" not in client.get("/member/").text
    client.post(ACCOUNT, {"name": "Ann", "language": "en", "shortcuts": "on"})
    ann.refresh_from_db()
    assert (ann.in_directory, ann.shortcuts) == (False, True)


def test_a_mistake_is_named_and_what_was_typed_stays(client: Client, cast: Cast) -> None:
    sign_in(client, cast.ann)
    page = client.post(ACCOUNT, {"name": "", "language": "tlh"})
    assert len(entering.errors(page)) == 2
    assert Person.objects.get(pk=cast.ann.pk).name == "Ann"


def test_new_codes_and_a_new_app_need_a_fresh_second_step(client: Client, cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    old = second_step.codes_of(cast.ann)
    assert old is not None
    lost = second_step.unused_codes(old)[0]
    sign_in(client, cast.ann)
    entering.let_time_pass(client)
    for path in (RENEW, ENROL):
        assert client.get(path)["Location"].split("?")[0] == AGAIN
        assert client.post(path, {"code": "000000"})["Location"].split("?")[0] == AGAIN
    asked = {"code": clock.code(secret), "next": RENEW}
    assert client.post(AGAIN, asked)["Location"] == RENEW
    assert client.post(AGAIN, asked).status_code == 200
    assert client.post(RENEW)["Location"] == CODES
    assert lost not in entering.shown_codes(client.get(CODES))
    assert client.post(CODES, {"stored": "on"})["Location"] == ACCOUNT
    moved = entering.shown_secret(client.get(ENROL))
    client.post(ENROL, {"code": clock.code(moved)})
    assert entering.is_inside(client)
    letters.wait()
    assert len(mail.outbox) == 2
    other = Client()
    entering.type_password(other, cast.ann.email)
    assert entering.type_code(other, clock.code(secret, steps=1)).status_code == 200
    assert entering.type_code(other, lost).status_code == 200
    assert entering.type_code(other, clock.code(moved, steps=1)).status_code == 302


def test_a_changed_password_ends_every_session_and_is_told(cast: Cast, clock: Clock) -> None:
    entering.equipped(cast.ann)
    here, elsewhere = sign_in(Client(), cast.ann), sign_in(Client(), cast.ann)
    new = "another horse battery staple"
    wrong = here.post(CHANGE, {"oldpassword": "wrong", "password1": new, "password2": new})
    assert len(entering.errors(wrong)) == 1
    short = here.post(CHANGE, {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert "too short" in " ".join(entering.errors(short))
    assert entering.is_inside(here)
    done = here.post(CHANGE, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done["Location"] == entering.LOGIN
    assert not entering.is_inside(here)
    assert not entering.is_inside(elsewhere)
    assert entering.type_password(Client(), cast.ann.email).status_code == 200
    assert entering.type_password(Client(), cast.ann.email, new).status_code == 302
    letters.wait()
    assert [letter.to for letter in mail.outbox] == [[cast.ann.email]]


def test_pages_of_entry_speak_the_persons_language_and_no_cache_keeps_them(client: Client, cast: Cast) -> None:
    chinese = client.get(entering.LOGIN, headers={"accept-language": "zh-hant"})
    assert 'lang="zh-Hant-HK"' in chinese.text
    cast.ann.language = "zh-hans"
    cast.ann.save(update_fields=["language"])
    sign_in(client, entering.with_password(cast.ann))
    page = client.get(CHANGE)
    assert 'lang="zh-Hans"' in page.text
    assert "no-store" in page["Cache-Control"]


def test_every_letter_is_whole_in_plain_text_and_as_a_page(cast: Cast) -> None:
    written = {path.name.removesuffix("_subject.txt") for path in LETTERS.glob("*_subject.txt")}
    changes = sorted(written - {"invitation", "password_reset_key"})
    assert len(changes) > 10
    for name in changes:
        letters.tell(name, cast.ann)
    letters.invite(cast.ann, "the-secret")
    letters.offer_new_password(cast.ann)
    letters.wait()
    assert len({letter.subject for letter in mail.outbox}) == len(changes) + 1
    for letter in mail.outbox:
        assert isinstance(letter, EmailMultiAlternatives)
        page = str(letter.alternatives[0][0])
        assert letter.to == [cast.ann.email]
        for said in (str(letter.body), page):
            assert "Dear Ann," in said
            assert "http://localhost:8000/accounts/" in said
            assert "You get this mail" in said
    assert "/accounts/set-up/the-secret/" in str(mail.outbox[-2].body)
