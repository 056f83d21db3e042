"""The programme's name and rule, the mail log, and the test mail."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from infohub.audit.models import Record
from infohub.delivery.models import Notice
from infohub.members.models import Person, Programme
from infohub.sharing.choice import Choice
from infohub.sharing.models import ItemState
from infohub.support.clock import now
from infohub.web.accounts import letters
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


NAMES = {"name_en": "Harbour Exchange", "name_zh_hant": "海港交流", "tagline_en": "We tell each other."}


def test_the_programme_manager_names_the_programme_in_every_language(cast: Cast) -> None:
    client = browser(cast.grace)
    assert client.post("/office/programme/", NAMES).status_code == 302
    row = Programme.objects.get()
    assert (row.names, row.taglines) == (
        {"en": "Harbour Exchange", "zh-hant": "海港交流"},
        {"en": "We tell each other."},
    )
    assert "海港交流" in Client().get("/zh-hant/").content.decode()
    assert "Harbour Exchange" in Client().get("/zh-hans/").content.decode()
    assert 'value="海港交流"' in client.get("/office/programme/").content.decode()
    assert Record.objects.filter(verb="described_programme", person=cast.grace.pk).count() == 1


@pytest.mark.parametrize("who", ["ann", "mori", "vera", "audra"])
def test_nobody_else_does(who: str, cast: Cast) -> None:
    assert browser(getattr(cast, who)).post("/office/programme/", NAMES).status_code == 404
    assert Programme.objects.count() == 0


def test_a_name_is_needed_and_what_was_typed_comes_back(cast: Cast) -> None:
    answer = browser(cast.opal).post("/office/programme/", NAMES | {"name_en": ""})
    assert answer.status_code == 422
    assert "海港交流" in answer.content.decode()


def test_from_then_on_every_piece_waits_where_the_programme_looks_first(cast: Cast) -> None:
    browser(cast.grace).post("/office/programme/", NAMES | {"review": "on"})
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]))
    assert item.state == ItemState.SUBMITTED


def test_the_mail_log_tells_what_became_of_mails_and_never_of_which_piece(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk, cast.bank.pk]))
    Notice.objects.filter(person=cast.ben).update(sent_at=now())
    page = browser(cast.opal).get("/office/jobs/mail/").content.decode()
    assert cast.cara.email in page
    assert cast.ben.email in page
    assert item.ref not in page
    assert item.title not in page
    only = browser(cast.opal).get("/office/jobs/mail/?q=cara").content.decode()
    assert cast.cara.email in only
    assert cast.ben.email not in only
    assert "No mail was for anybody" in browser(cast.opal).get("/office/jobs/mail/?q=zzz").content.decode()
    for stranger in (cast.ann, cast.mori, cast.audra):
        assert browser(stranger).get("/office/jobs/mail/").status_code == 404


def test_a_test_mail_goes_to_who_asks_and_once_a_minute(cast: Cast) -> None:
    cache.clear()
    client = browser(cast.ann)
    letters.wait()
    mail.outbox.clear()
    for words in ("is on its way", "a moment ago"):
        assert words in client.post("/member/notices/test/", follow=True).content.decode()
    letters.wait()
    (letter,) = mail.outbox
    assert letter.to == [cast.ann.email]
    assert "test mail you asked for" in letter.body
