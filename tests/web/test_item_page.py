"""Promises of a piece's page after it was shared: corrected, doubted, seen, exported, related, resolved, closed."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.test import Client
from stix2validator import ValidationOptions, validate_string

from infohub.assist.tasks import read_due
from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.catalogue.search import matching
from infohub.delivery.models import Event, Notice
from infohub.intel.actions import ensure_collections
from infohub.intel.models import Placement
from infohub.intel.tasks import place_due
from infohub.members.models import Membership, Person
from infohub.sharing.choice import Choice
from infohub.sharing.models import Doubt, Indicator, Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

VALUES = ("http://198.51.100.7/pay", "evil.example.net")
BODY = "They called from hxxp://198.51.100[.]7/pay and evil.example[.]net."


@pytest.fixture
def item(cast: Cast, settings: object) -> Item:
    """Ann's piece for Banking, with two indicators, which machines have."""
    settings.OUTBOX_SECONDS = 0  # type: ignore[attr-defined]
    cast.banking  # noqa: B018  made when first asked for
    ensure_collections()
    return shared_by(cast, cast.ann, cast.banking.pk)


def shared_by(
    cast: Cast, person: Person, group: int, *, title: str = "Calls to accounts", tlp: Tlp = Tlp.AMBER
) -> Item:
    made = shared(cast.as_(person), Choice(groups=[group]), text(title, body=BODY, tlp=tlp))
    place_due(now())
    return made


def ward(cast: Cast) -> int:
    """A group of the clinic."""
    return make.group("Ward", cast.cara, make.person("Carl", cast.clinic)).pk


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def page(client: Client, item: Item, rest: str = "") -> str:
    answer = client.get(f"/items/{item.ref}{rest}")
    assert answer.status_code == 200, rest
    return answer.getvalue().decode()


def correction(item: Item, **changes: object) -> dict[str, object]:
    posted: dict[str, object] = {"title": item.title, "kind": item.kind, "severity": "3", "body": item.body}
    return posted | {"since": item.revision, "shown": list(VALUES), "indicator": list(VALUES)} | changes


def placed(item: Item) -> dict[str, bool]:
    """The newest version of each indicator that machines have of the piece, and whether it is revoked."""
    rows = Placement.objects.filter(source=item.ref, type="indicator").select_related("object").order_by("version")
    made = [json.loads(row.object.raw) for row in rows]
    return {one["name"]: bool(one.get("revoked")) for one in made}


# --- correcting


def test_a_correction_reaches_pages_search_machines_and_readers(cast: Cast, item: Item) -> None:
    client = browser(cast.ann)
    new = "They called from evil.example[.]net again, and newcomer.example[.]net."
    answer = client.post(f"/items/{item.ref}/edit", correction(item, body=new, note="one host more"))
    assert answer["Location"] == f"/items/{item.ref}"
    shown = page(browser(cast.ben), item)
    assert "newcomer" in shown
    assert "one host more" in shown
    assert "revision 2" in shown
    assert matching(Entry.objects.readable(cast.as_(cast.ben)), "newcomer.example.net").count() == 1
    place_due(now())
    assert placed(item) == {VALUES[0]: True, VALUES[1]: False, "newcomer.example.net": False}
    told = Notice.objects.filter(event=Event.REVISED)
    assert list(told.values_list("person", flat=True)) == [cast.ben.pk]
    difference = page(browser(cast.ben), item, "/revisions")
    assert re.search(r"<ins>[^<]*newcomer", difference)
    assert re.search(r"<del>[^<]*198", difference)


def test_a_small_correction_tells_nobody_and_none_at_all_changes_nothing(cast: Cast, item: Item) -> None:
    client = browser(cast.ann)
    client.post(f"/items/{item.ref}/edit", correction(item))
    item.refresh_from_db()
    assert item.revision == 1
    client.post(f"/items/{item.ref}/edit", correction(item, title="Calls to the accounts", quiet="on"))
    item.refresh_from_db()
    assert (item.revision, item.title) == (2, "Calls to the accounts")
    assert not Notice.objects.filter(event=Event.REVISED).exists()


def test_an_unticked_indicator_is_gone_everywhere(cast: Cast, item: Item) -> None:
    browser(cast.ann).post(f"/items/{item.ref}/edit", correction(item, indicator=[VALUES[0]]))
    place_due(now())
    assert placed(item) == {VALUES[0]: False, VALUES[1]: True}
    assert [row.value for row in item.indicators.readable(cast.as_(cast.ben))] == [VALUES[0]]


def test_two_corrections_at_once_show_both_texts(cast: Cast, item: Item) -> None:
    client = browser(cast.ann)
    stale = correction(item, body="typed here")
    client.post(f"/items/{item.ref}/edit", correction(item, body="saved elsewhere"))
    answer = client.post(f"/items/{item.ref}/edit", stale)
    content = answer.getvalue().decode()
    assert answer.status_code == 409
    assert "typed here" in content
    assert "saved elsewhere" in content
    item.refresh_from_db()
    assert item.body == "saved elsewhere"


def test_what_was_typed_into_a_correction_comes_back(cast: Cast, item: Item) -> None:
    answer = browser(cast.ann).post(f"/items/{item.ref}/edit", correction(item, title="", body="kept words"))
    assert answer.status_code == 422
    assert "kept words" in answer.getvalue().decode()


def test_only_who_answers_for_a_piece_corrects_it_and_the_rest_finds_nothing(cast: Cast, item: Item) -> None:
    for person in (cast.ben, cast.cara, cast.opal):
        client = browser(person)
        answers = [
            client.get(f"/items/{item.ref}/edit"),
            client.post(f"/items/{item.ref}/edit", correction(item, body="not mine")),
            client.post(f"/items/{item.ref}/course", {"do": "resolved"}),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404], person
    item.refresh_from_db()
    assert (item.revision, item.course) == (1, "")


# --- indicators


def test_a_doubt_tells_the_author_who_retracts_on_every_way_out(cast: Cast, item: Item) -> None:
    row = item.indicators.readable(cast.as_(cast.ben)).get(value=VALUES[1])
    reader, author = browser(cast.ben), browser(cast.ann)
    for _ in range(2):
        reader.post(f"/items/{item.ref}/indicators/{row.pk}", {"do": "doubt", "reason": "our own host"})
    assert Doubt.objects.count() == 1
    assert list(Notice.objects.filter(event=Event.DOUBTED).values_list("person", flat=True)) == [cast.ann.pk]
    assert "1 doubt" in page(author, item)
    assert reader.post(f"/items/{item.ref}/indicators/{row.pk}", {"do": "retract"}).status_code == 404
    author.post(f"/items/{item.ref}/indicators/{row.pk}", {"do": "retract", "reason": "ours"})
    place_due(now())
    assert placed(item) == {VALUES[0]: False, VALUES[1]: True}
    assert "retracted as false positive" in page(reader, item)
    for form in ("csv", "txt", "stix", "misp"):
        content = page(reader, item, f"/export/{form}")
        assert VALUES[0] in content, form
        assert VALUES[1] not in content.replace("evil.example[.]net", ""), form
    found = reader.get(f"/member/search/?q={VALUES[1]}").getvalue().decode()
    assert "retracted as a false positive" in found
    assert "Confirmed as an indicator" not in found


def test_the_author_lets_an_indicator_stand(cast: Cast, item: Item) -> None:
    row = item.indicators.readable(cast.as_(cast.ben)).get(value=VALUES[1])
    browser(cast.ben).post(f"/items/{item.ref}/indicators/{row.pk}", {"do": "doubt"})
    browser(cast.ann).post(f"/items/{item.ref}/indicators/{row.pk}", {"do": "dismiss"})
    row.refresh_from_db()
    assert (row.retracted_at, Doubt.objects.count()) == (None, 0)


def test_a_retracted_indicator_stays_retracted_when_the_words_change(cast: Cast, item: Item) -> None:
    row = item.indicators.readable(cast.as_(cast.ann)).get(value=VALUES[1])
    author = browser(cast.ann)
    author.post(f"/items/{item.ref}/indicators/{row.pk}", {"do": "retract"})
    author.post(f"/items/{item.ref}/edit", correction(item, title="Other words"))
    place_due(now())
    assert placed(item) == {VALUES[0]: False, VALUES[1]: True}


def test_nobody_outside_touches_the_indicators(cast: Cast, item: Item) -> None:
    row = Indicator.objects.as_system("a test looks").filter(item=item).first()
    assert row is not None
    outsider = browser(cast.cara)
    for do in ("doubt", "retract", "dismiss"):
        assert outsider.post(f"/items/{item.ref}/indicators/{row.pk}", {"do": do}).status_code == 404
    assert not Doubt.objects.exists()
    other = shared_by(cast, cast.cara, ward(cast))
    assert browser(cast.cara).post(f"/items/{other.ref}/indicators/{row.pk}", {"do": "retract"}).status_code == 404


def test_indicators_count_as_long_as_their_kind_usually_does(cast: Cast, item: Item, settings: object) -> None:
    row = item.indicators.readable(cast.as_(cast.ben)).get(value=VALUES[1])
    assert row.valid_until is not None
    assert (row.valid_until - row.valid_from).days == 180
    Indicator.objects.as_system("its time is over").filter(pk=row.pk).update(valid_until=row.valid_from)
    reader = browser(cast.ben)
    assert "expired" in page(reader, item)
    assert VALUES[1] not in page(reader, item, "/export/txt")


# --- exports


def test_exports_are_valid_marked_and_recorded(cast: Cast, item: Item) -> None:
    reader = browser(cast.ben)
    answer = reader.get(f"/items/{item.ref}/export/stix")
    assert f"{item.ref}-TLP-AMBER.stix.json" in answer["Content-Disposition"]
    outcome = validate_string(answer.getvalue().decode(), ValidationOptions(version="2.1"))
    assert outcome.is_valid, [str(error) for error in outcome.errors]
    event = json.loads(page(reader, item, "/export/misp"))["Event"]
    assert [tag["name"] for tag in event["Tag"]] == ["tlp:amber"]
    assert {(one["type"], one["value"]) for one in event["Attribute"] if one["to_ids"]} == {
        ("url", VALUES[0]),
        ("domain", VALUES[1]),
    }
    assert len({one["uuid"] for one in event["Attribute"]}) == len(event["Attribute"])
    table = list(csv.DictReader(io.StringIO(page(reader, item, "/export/csv"))))
    assert {row["tlp"] for row in table} == {"TLP:AMBER"}
    assert page(reader, item, "/export/txt").splitlines()[0] == f"# TLP:AMBER {item.ref}"
    forms = [row.detail["form"] for row in Record.objects.filter(verb="export", subject=item.ref).order_by("pk")]
    assert forms == ["stix", "misp", "csv", "txt"]


def test_there_is_no_export_for_others_nor_of_another_form(cast: Cast, item: Item) -> None:
    for form in ("stix", "misp", "csv", "txt", "pdf"):
        assert browser(cast.cara).get(f"/items/{item.ref}/export/{form}").status_code == 404
    assert browser(cast.ben).get(f"/items/{item.ref}/export/docx").status_code == 404
    assert not Record.objects.filter(verb="export").exists()


# --- sightings, related, readers, course


def test_sightings_are_counted_by_organisation_and_never_named(cast: Cast, item: Item) -> None:
    dan = make.person("Dan", make.organisation("Broker"))
    other = make.person("Dora", make.membership(dan).organisation)
    group = make.group("Wide", cast.ann, cast.ben, dan, other)
    wide = shared_by(cast, cast.ann, group.pk, title="Wide piece")
    for person, seen in ((cast.ben, "yes"), (dan, "yes"), (other, "yes"), (cast.ben, "no")):
        assert browser(person).post(f"/items/{wide.ref}/sighting", {"seen": seen}).status_code == 302
    content = page(browser(cast.ann), wide)
    assert "1 organisation has, most recently" in content
    assert "1 looked and did not see it" in content
    assert "Broker" not in content.split('id="seen"')[1].split("</section>")[0]
    assert list(Notice.objects.filter(event=Event.SEEN).values_list("person", flat=True)) == [cast.ann.pk]
    assert browser(cast.ann).post(f"/items/{wide.ref}/sighting", {"seen": "yes"}).status_code == 404
    assert browser(cast.cara).post(f"/items/{wide.ref}/sighting", {"seen": "yes"}).status_code == 404


def test_related_pieces_share_indicators_and_are_readable(cast: Cast, item: Item) -> None:
    other = shared_by(cast, cast.ben, cast.banking.pk, title="The same callers")
    hidden = shared_by(cast, cast.cara, ward(cast), title="Hidden twin")
    read_due()
    content = page(browser(cast.ben), item)
    assert "The same callers" in content
    assert re.search(r"shares\s[^<]*198\.51\.100\.7", content)
    assert "Hidden twin" not in content
    assert item.ref not in page(browser(cast.cara), hidden)
    assert other.ref in content


def test_the_author_sees_which_organisations_opened_it_and_of_red_which_people(cast: Cast, item: Item) -> None:
    browser(cast.ben).post(f"/items/{item.ref}/acknowledge")
    page(browser(cast.ben), item)
    assert "Bank: acknowledged" in page(browser(cast.ann), item)
    assert "acknowledged</li>" not in page(browser(cast.ben), item)
    red = shared(cast.as_(cast.ann), Choice(memberships=[make.membership(cast.ben).pk]), text("Red", tlp=Tlp.RED))
    page(browser(cast.ben), red)
    assert "Ben: read" in page(browser(cast.ann), red)


def test_a_resolved_piece_says_so_and_a_closed_discussion_takes_nothing(cast: Cast, item: Item) -> None:
    author, reader = browser(cast.ann), browser(cast.ben)
    author.post(f"/items/{item.ref}/course", {"do": "resolved"})
    assert "Resolved" in page(reader, item)
    author.post(f"/items/{item.ref}/course", {"do": "close"})
    assert 'name="body"' not in page(reader, item)
    answer = reader.post(f"/items/{item.ref}/comments", {"body": "too late"})
    assert answer.status_code == 422
    author.post(f"/items/{item.ref}/course", {"do": "open"})
    assert reader.post(f"/items/{item.ref}/comments", {"body": "in time"}).status_code == 302


def test_a_sealed_author_leaves_no_trace_when_correcting_and_retracting(cast: Cast) -> None:
    ensure_collections()
    written = text(body=BODY, unattributed=True)
    item = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), written)
    author = browser(cast.ann)
    before = Record.objects.count()
    author.post(f"/items/{item.ref}/edit", correction(item, title="Corrected under the seal"))
    row = item.indicators.readable(cast.as_(cast.ann)).get(value=VALUES[1])
    author.post(f"/items/{item.ref}/indicators/{row.pk}", {"do": "retract"})
    author.post(f"/items/{item.ref}/course", {"do": "resolved"})
    author.post(f"/items/{item.ref}/course", {"do": "close"})
    after = list(Record.objects.order_by("pk")[before:])
    assert {record.verb for record in after} == {"revise", "retract_indicator", "set_course", "close_discussion"}
    assert {(record.person, record.organisation) for record in after} == {(None, None)}
    content = page(browser(cast.ben), item)
    assert "Corrected under the seal" in content
    assert "Ann" not in content
    assert "Ann" not in page(browser(cast.ben), item, "/revisions") + page(browser(cast.ben), item, "/export/misp")
    Membership.objects.filter(person=cast.ann).update(ended=now())


def test_a_sealed_authors_organisation_is_not_among_the_readers_it_did_not_address(cast: Cast) -> None:
    choice = Choice(organisations=[cast.clinic.pk])
    sealed = shared(cast.as_(cast.ann), choice, text("Unattributed", unattributed=True))
    page = sign_in(Client(), cast.cara).get(f"/items/{sealed.ref}").content.decode()
    assert (cast.clinic.name in page, cast.bank.name in page, cast.ann.name in page) == (True, False, False)
    assert "all 1 reader<" in page
