"""Walks a browser through sign-in and set-up, as the pages offer it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from django.test import Client

from infohub.members.models import Person
from tests.cast import give_second_step

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

PASSWORD = "correct horse battery staple"
LOGIN, SECOND, RESET = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/password/reset/"
ENROL, CODES, TERMS = "/accounts/second-step/", "/accounts/recovery-codes/", "/accounts/terms/"


def with_password(person: Person) -> Person:
    """Give a person the password of all tests."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def equipped(person: Person) -> str:
    """Give a person the password and an authenticator, whose secret is returned."""
    return give_second_step(with_password(person))


def type_password(client: Client, address: str, password: str = PASSWORD) -> Answer:
    """The first step."""
    return client.post(LOGIN, {"login": address, "password": password})


def type_code(client: Client, code: str) -> Answer:
    """The second step."""
    return client.post(SECOND, {"code": code})


def let_time_pass(client: Client) -> None:
    """Twenty minutes after the second step was shown."""
    session = client.session
    session["shown"] -= 20 * 60
    session.save()


def is_inside(client: Client) -> bool:
    """Whether the members' pages open."""
    answer = client.get("/member/account/")
    assert answer.status_code in {200, 302}
    return answer.status_code == 200


def shown_secret(page: Answer) -> str:
    """The key on the page that sets up the second step."""
    found = re.search(r'id="key"[^>]*>([A-Z2-7 ]+)<', page.text)
    assert found, page.text
    return found[1].replace(" ", "")


def shown_codes(page: Answer) -> list[str]:
    """The recovery codes on their page."""
    return re.findall(r"<li>(\d{4} \d{4})</li>", page.text)


def errors(page: Answer) -> list[str]:
    """What the summary above the form says."""
    summary = re.search(r'role="alert".*?</div>', page.text, re.DOTALL)
    return (
        [unescape(re.sub(r"<[^>]+>", "", line)) for line in re.findall(r"<li>.*?</li>", summary[0])] if summary else []
    )
