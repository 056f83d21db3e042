"""Acts that matter ask for the second step of the last quarter of an hour; nothing typed is lost on the way."""

import re

import pytest
from django.test import Client

from infohub.members.models import Person, Role, Token
from tests.authenticator import Clock
from tests.cast import Cast, make_administrator, sign_in
from tests.web import entering

pytestmark = pytest.mark.django_db
AGAIN = "/accounts/2fa/reauthenticate/"
OWN = ["/accounts/password/change/", "/accounts/recovery-codes/renew/", "/accounts/second-step/passkey/"]


@pytest.fixture
def stale(cast: Cast, clock: Clock) -> Client:
    """Opal, who showed the second step twenty minutes ago."""
    browser = sign_in(Client(), entering.with_password(cast.opal))
    entering.let_time_pass(browser)
    return browser


def carried(page: str) -> dict[str, str]:
    """The hidden fields of the page that asks again."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page))


@pytest.mark.parametrize("path", [*OWN, "/office/people/new/", "/office/tokens/new/", "/office/people/{ann}/suspend/"])
def test_a_form_that_matters_asks_before_it_is_filled(stale: Client, cast: Cast, path: str) -> None:
    address = path.format(ann=cast.ann.pk)
    assert stale.get(address)["Location"] == f"{AGAIN}?next={address.replace('/', '%2F')}"
    sign_in(stale, cast.opal)
    assert stale.get(address).status_code == 200


@pytest.mark.parametrize("path", ["leave", "role", "administrator", "invite", "suspend", "restore"])
def test_no_act_on_a_person_goes_through_with_an_old_second_step(stale: Client, cast: Cast, path: str) -> None:
    answer = stale.post(f"/office/people/{cast.ann.pk}/{path}/", {"role": "moderator", "reason": "test"})
    assert answer.status_code == 200
    assert "Second step once more" in answer.text
    assert (Person.objects.get(pk=cast.ann.pk).status, cast.ann.memberships.get().ended) == ("active", None)
    assert not Role.objects.filter(person=cast.ann).exists()


def test_what_was_typed_comes_back_and_the_act_is_done_once(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.opal)
    browser = sign_in(Client(), cast.opal)
    entering.let_time_pass(browser)
    path = f"/office/people/{cast.ann.pk}/role/"
    page = browser.post(path, {"role": "moderator", "do": "grant", "more": ["<b>", "2"]}).text
    kept = carried(page)
    assert (kept["role"], kept["do"], kept["next"], kept["carried"]) == ("moderator", "grant", path, "1")
    assert "&lt;b&gt;" in page
    wrong = browser.post(AGAIN, kept | {"code": "000000"})
    assert carried(wrong.text)["role"] == "moderator"
    done = browser.post(AGAIN, kept | {"code": clock.code(secret)})
    assert (done.status_code, done["Location"]) == (307, path)
    browser.post(path, kept)
    assert [role.name for role in Role.objects.filter(person=cast.ann)] == ["moderator"]
    assert browser.get("/office/people/new/").status_code == 200


def test_secrets_are_typed_anew(stale: Client) -> None:
    for path, name in ((OWN[0], "oldpassword"), ("/accounts/second-step/", "code"), (OWN[2], "credential")):
        answer = stale.post(path, {name: "the-secret"})
        assert answer["Location"].startswith(AGAIN)
        assert "the-secret" not in str(dict(stale.session))


def test_a_list_opens_at_any_time_but_its_forms_matter(cast: Cast, clock: Clock) -> None:
    browser = sign_in(Client(), make_administrator(cast.ann))
    entering.let_time_pass(browser)
    assert browser.get("/member/integrations/").status_code == 200
    sent = {"kind": "personal", "personal-name": "Splunk", "personal-scopes": "taxii", "personal-ceiling": "1"}
    assert "Second step once more" in browser.post("/member/integrations/", {**sent, "personal-days": "30"}).text
    assert not Token.objects.exists()


def test_whoever_may_not_open_the_page_is_asked_for_nothing(cast: Cast, clock: Clock) -> None:
    browser = sign_in(Client(), cast.ben)
    entering.let_time_pass(browser)
    for path in ("/office/people/new/", "/office/tokens/new/", f"/office/people/{cast.ann.pk}/suspend/"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, {"name": "x"}).status_code == 404


def test_the_way_back_leads_nowhere_else(cast: Cast, clock: Clock) -> None:
    secret = entering.equipped(cast.ann)
    browser = sign_in(Client(), cast.ann)
    for steps, target in enumerate(("https://evil.example/", "//evil.example", "javascript:alert(1)"), start=-1):
        sent = {"code": clock.code(secret, steps=steps), "next": target, "carried": "1", "do": "x"}
        assert browser.post(AGAIN, sent)["Location"] == "/member/account/"
