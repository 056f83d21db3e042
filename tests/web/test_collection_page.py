"""A collection on its page: lists for who reads it; an object says what it is, and who may says it is false."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from infohub.audit.models import Record
from infohub.intel.actions import ensure_collections, retract_object
from infohub.intel.actions.spreading import spread
from infohub.intel.models import Collection, Retraction
from infohub.intel.tasks import place_due
from infohub.members.models import Person
from infohub.sharing.choice import Choice
from infohub.sharing.lists import LISTS
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast, sign_in
from tests.intel.pieces import Stix
from tests.intel.sending import agreed, sent, speaking
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

VALUE = "evil.example.org"
HERE = "/member/integrations/collections/"


@pytest.fixture
def of(cast: Cast) -> Collection:
    return agreed("sensors", cast.bank, cast.clinic, cast.office)


@pytest.fixture
def made(cast: Cast, of: Collection) -> Stix:
    one = speaking(f"[domain-name:value = '{VALUE}']", tlp=Tlp.GREEN, name=VALUE)
    sent(of, one, by=cast.bank)
    return one


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def page(of: Collection, rest: str = "") -> str:
    return f"{HERE}{of.uuid}/{rest}"


def object_page(of: Collection, made: Stix) -> str:
    return page(of, f"objects/{made['id']}/")


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def test_a_reader_takes_the_lists_that_the_page_names_and_each_is_recorded(
    cast: Cast, of: Collection, made: Stix
) -> None:
    assert of.pk
    cara = browser(cast.cara)
    assert page(of) in cara.get("/member/integrations/").text
    told = cara.get(page(of)).text
    assert "TLP:GREEN" in told
    assert "http://localhost:8000/api/v1/collections/sensors/values?type=domain" in told
    named = set(re.findall(rf'href="({re.escape(page(of))}lists/[^"]+)"', told))
    assert named == {page(of, f"lists/{form.value}") for form in LISTS} | {
        page(of, "lists/list?type=domain"),
        page(of, "lists/losses"),
    }
    for path in sorted(named):
        answer = cara.get(unescape(path))
        assert (answer.status_code, answer["Content-Disposition"].split(";")[0]) == (200, "attachment"), path
        assert (VALUE in answer.text) == ("losses" not in path), path
    assert Record.objects.filter(verb="export", subject="sensors").count() == len(named)


def test_it_is_not_there_for_anybody_else_nor_in_other_forms(cast: Cast, of: Collection, made: Stix) -> None:
    for stranger in (browser(cast.eve), browser(cast.opal)):
        for path in (page(of), page(of, "lists/list"), object_page(of, made)):
            assert stranger.get(path).status_code == 404, path
        assert stranger.post(object_page(of, made), {"do": "retract", "reason": "no"}).status_code == 404
    for form in ("stix", "pieces", "zebra", "list?type=zebra"):
        assert browser(cast.cara).get(page(of, f"lists/{form}")).status_code == 404, form
    assert not Record.objects.filter(verb="export").exists()


def test_an_empty_collection_says_why_and_what_to_do(cast: Cast, of: Collection) -> None:
    told = browser(cast.cara).get(page(of)).text
    assert "No value in it counts now" in told
    assert "Look a value up" in told
    assert "Download" not in told


def test_the_search_leads_to_each_object_and_to_what_may_be_said_of_it(cast: Cast, of: Collection, made: Stix) -> None:
    for person, may in ((cast.ann, True), (cast.mori, True), (cast.cara, False)):
        client = browser(person)
        assert object_page(of, made) in client.get(f"/member/search/?q={VALUE}").text
        told = client.get(object_page(of, made)).text
        assert "evil.example[.]org" in told
        assert ("Is it a false positive?" in told, "Is it wrong?" in told) == (may, not may)


def test_who_may_says_why_it_is_false_and_takes_that_back(cast: Cast, of: Collection, made: Stix) -> None:
    ann, cara, there = browser(cast.ann), browser(cast.cara), object_page(of, made)
    for sent_by_cara in ({"do": "retract", "reason": "I think"}, {"do": "retract"}, {"do": "restore"}):
        assert cara.post(there, sent_by_cara).status_code == 404
    unsaid = ann.post(there, {"do": "retract", "reason": " "})
    assert (unsaid.status_code, "Say it in a few words." in unsaid.text) == (422, True)
    assert not Retraction.objects.exists()
    for _twice in range(2):
        said = ann.post(there, {"do": "retract", "reason": "our own proxy"}, follow=True)
        assert "It counts no more" in said.text
    assert "our own proxy" in words(cara.get(there).text)
    assert "a false positive" in words(cara.get(f"/member/search/?q={VALUE}").text)
    assert VALUE not in cara.get(page(of, "lists/list")).text
    assert "It was retracted as a false positive." in words(cara.get(page(of)).text)
    for _twice in range(2):
        assert "It counts again" in ann.post(there, {"do": "restore"}, follow=True).text
    assert VALUE in cara.get(page(of, "lists/list")).text
    assert [Record.objects.filter(verb=f"{verb}_object").count() for verb in ("retract", "restore")] == [1, 1]


def test_what_ended_by_itself_says_so_and_what_was_never_there_does_not(cast: Cast, of: Collection, made: Stix) -> None:
    ended = speaking("[domain-name:value = 'old.example.org']", valid_until="2026-02-01T00:00:00Z")
    sent(of, ended, made | {"revoked": True, "modified": "2026-02-01T00:00:00.000Z"}, by=cast.bank)
    cara = browser(cast.cara)
    assert "past its time" in words(cara.get(object_page(of, ended)).text)
    assert "revoked by who made it" in words(cara.get(object_page(of, made)).text)
    assert cara.get(page(of, "objects/indicator--28bb3599-77cd-5a82-a950-b5bc3caf07c4/")).status_code == 404


def test_what_belongs_to_a_piece_leads_there(cast: Cast, settings: object) -> None:
    settings.OUTBOX_SECONDS = 0  # type: ignore[attr-defined]
    cast.banking  # noqa: B018  (Ann and Ben sit there)
    ensure_collections()
    item = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(body="See 203.0.113.9."))
    place_due(now())
    of = Collection.objects.get(group=cast.banking)
    made = of.placements.filter(type="indicator").get()
    there = page(of, f"objects/{made.stix_id}/")
    told = browser(cast.ben).get(there).text
    assert f"/items/{item.ref}" in told
    assert "Is it a false positive?" not in told
    assert browser(cast.ben).post(there, {"do": "retract", "reason": "no"}).status_code == 404
    assert browser(cast.cara).get(there).status_code == 404


def test_what_was_spread_is_judged_where_it_came_from(cast: Cast, of: Collection, made: Stix) -> None:
    retract_object(cast.as_(cast.ann), collection=of, stix_id=str(made["id"]), reason="ours")
    ensure_collections()
    spread()
    everything = Collection.objects.get(kind="everything")
    ann = browser(cast.ann)
    assert VALUE not in ann.get(page(everything, "lists/list")).text
    told = ann.get(object_page(everything, made))
    assert "It is a false positive" in told.text
    assert ann.post(object_page(everything, made), {"do": "restore"}).status_code == 404
