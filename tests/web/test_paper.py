"""Promises about pieces and advisories on paper: what their reader may read, in their language, stamped."""

from __future__ import annotations

import io
import re

import pytest
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from pypdf import PdfReader

from infohub.audit.models import Record
from infohub.members.models import Person
from infohub.releases.actions import withdraw_release
from infohub.sharing.actions import put_text, retract_indicator, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, Origin
from infohub.standards.tlp import Tlp
from infohub.support import pdf
from tests import make
from tests.cast import Cast, sign_in
from tests.releases.acts import released, words
from tests.sharing.acts import BODY, shared, text

pytestmark = pytest.mark.django_db
HANT = {"title": "致電會計部的騙徒", "body": "騙徒致電索取一次性密碼。"}


def paper(answer: HttpResponseBase) -> str:
    """All words on it, with one space between them."""
    assert answer["Content-Type"] == "application/pdf"
    content: bytes = answer.getvalue()
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def printed(person: Person, item: Item, query: str = "") -> str:
    return paper(sign_in(Client(), person).get(f"/items/{item.ref}/export/pdf{query}"))


def for_clinic(cast: Cast, *, body: str = BODY) -> Item:
    return shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text(tlp=Tlp.AMBER, body=body))


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that has not got the extra."""
    monkeypatch.setattr(pdf, "find_spec", lambda _name: None)


def test_a_reader_takes_the_piece_out_with_its_marking_audience_and_their_own_stamp(cast: Cast) -> None:
    item = for_clinic(cast)
    answer = sign_in(Client(), cast.cara).get(f"/items/{item.ref}/export/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{item.ref}-TLP-AMBER.pdf"'
    told = paper(answer)
    assert re.search(r"TLP:AMBER, Printed by Cara, Clinic, 2\d{3}-\d\d-\d\d \d\d:\d\d", told)
    for part in (item.title, item.ref, "They called our accounts team", "Ann, Bank", "can see this.", "Severity High"):
        assert part in told
    assert "You may pass it on inside Clinic" in told
    assert "hxxp://198.51.100[.]7/pay" in told
    assert Record.objects.get(verb="export", subject=item.ref, person=cast.cara.pk).detail["form"] == "pdf"


def test_nobody_else_gets_it_and_a_withdrawn_piece_is_on_no_paper(cast: Cast) -> None:
    item = for_clinic(cast)
    stranger, absent = sign_in(Client(), cast.eve), "/items/IH-NEVER1/export/pdf"
    answers = [stranger.get(path) for path in (f"/items/{item.ref}/export/pdf", absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Client().get(f"/items/{item.ref}/export/pdf").status_code == 302
    withdraw(cast.as_(cast.ann), item=item, reason="")
    for person in (cast.ann, cast.cara):
        assert sign_in(Client(), person).get(f"/items/{item.ref}/export/pdf").status_code == 404
    assert not Record.objects.filter(verb="export").exists()


def test_it_is_in_the_language_of_its_reader_as_the_page_is(cast: Cast) -> None:
    item = for_clinic(cast)
    put_text(cast.as_(cast.ann), item=item, language="zh-hant", origin=Origin.HUMAN, **HANT)
    Person.objects.filter(pk=cast.cara.pk).update(language="zh-hant")
    told = printed(cast.cara, item).replace(" ", "")
    for part in (HANT["title"], HANT["body"], "嚴重程度高", "指標"):
        assert part in told
    assert item.title in printed(cast.cara, item, "?language=en")


def test_what_is_retracted_is_not_on_it(cast: Cast) -> None:
    item = for_clinic(cast)
    row = item.indicators.as_system("a test").get(kind="url")
    assert "Web address" in printed(cast.cara, item)
    retract_indicator(cast.as_(cast.ann), item=item, indicator=row, reason="")
    assert "Web address" not in printed(cast.cara, item)


def test_a_sealed_author_and_an_unlisted_group_are_not_on_it(cast: Cast) -> None:
    secret = make.group("Night shift", cast.ann, listed=False)
    choice = Choice(groups=[secret.pk], organisations=[cast.clinic.pk])
    item = shared(cast.as_(cast.ann), choice, text(tlp=Tlp.GREEN, unattributed=True))
    told = printed(cast.cara, item)
    assert "A member" in told
    assert [word for word in ("Ann", "Bank", "Night shift") if word in told] == []
    assert "Night shift" in printed(cast.ann, item)


def test_the_page_leads_to_it_with_or_without_indicators(cast: Cast) -> None:
    for item in (for_clinic(cast), for_clinic(cast, body="No address in here.")):
        page = sign_in(Client(), cast.cara).get(f"/items/{item.ref}").text
        assert page.count(f"/items/{item.ref}/export/pdf?language=en") == 1


def test_without_the_extra_no_page_speaks_of_it_and_its_address_is_none(cast: Cast, without: None) -> None:
    item, public, reader = for_clinic(cast), released(cast), sign_in(Client(), cast.cara)
    assert "export/pdf" not in reader.get(f"/items/{item.ref}").text
    assert reader.get(f"/items/{item.ref}/export/pdf").status_code == 404
    assert "PDF" not in Client().get(f"/advisories/{public.ref}").text
    assert Client().get(f"/advisories/{public.ref}/advisory.pdf").status_code == 404
    assert reader.get(f"/items/{item.ref}/export/csv").status_code == 200


def test_a_piece_too_long_for_paper_leads_back_and_says_so(cast: Cast) -> None:
    item = for_clinic(cast, body="word " * 30_000)
    answer = sign_in(Client(), cast.cara).get(f"/items/{item.ref}/export/pdf", follow=True)
    assert answer.redirect_chain == [(f"/items/{item.ref}", 302)]
    assert "too long for a PDF" in answer.text
    assert not Record.objects.filter(verb="export").exists()


# --- advisories


def test_an_advisory_is_on_paper_in_each_language_until_it_is_withdrawn(client: Client, cast: Cast) -> None:
    public = released(cast, words(), words("zh-hant", title="騙徒來電"))
    there = f"/advisories/{public.ref}/advisory.pdf"
    answer = client.get(there)
    assert answer["Content-Disposition"] == f'attachment; filename="{public.ref}.pdf"'
    told = paper(answer)
    said = ("TLP:CLEAR", words().title, "Nobody honest asks for your code.", "hxxp://198.51.100[.]7/pay", public.ref)
    assert [part for part in said if part not in told] == []
    assert "Printed by" not in told
    assert f"http://localhost:8000/advisories/{public.ref}" in told
    chinese = paper(client.get(f"/zh-hant{there}")).replace(" ", "")
    assert "騙徒來電" in chinese
    assert "指標" in chinese
    assert there in client.get(f"/advisories/{public.ref}").text
    withdraw_release(cast.as_(cast.mori), public=public, reason="Wrong.")
    assert client.get(there).status_code == 404
    assert "advisory.pdf" not in client.get(f"/advisories/{public.ref}").text


def test_an_advisory_is_made_once_and_a_failure_says_so_on_its_page(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = released(cast)
    there = f"/advisories/{public.ref}/advisory.pdf"
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    failed = client.get(there)
    assert failed.status_code == 503
    assert "could not be set as a PDF" in failed.text
    monkeypatch.undo()
    assert client.get(there).status_code == 503  # strangers do not make it fail again and again
    cache.clear()
    first = client.get(there).content
    monkeypatch.setattr(pdf, "SECONDS", 0.01)
    assert client.get(there).content == first
