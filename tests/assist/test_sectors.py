"""A programme is offered its own sectors, as it calls them now, and never one that it has not."""

import re

import pytest
from django.test import Client

from infohub.assist import live, tasks
from infohub.assist.actions import accept
from infohub.assist.models import Assertion, Said, State
from infohub.catalogue.models import Entry
from infohub.members.models import Membership, Sector
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

BODY = "Two banks, a hospital and several water utilities got the same letter; so did a newspaper."


@pytest.fixture
def own(cast: Cast) -> list[Sector]:
    """A programme of three sectors, none of which goes by the analysis' own words."""
    called = {"money": "Banking", "care": "Health care", "lines": "Utilities and transport"}
    return [Sector.objects.create(key=key, names={"en": name}) for key, name in called.items()]


def piece(cast: Cast) -> Item:
    return shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text("Letters", body=BODY))


def said(item: Item) -> dict[str, str]:
    rows = Assertion.objects.filter(entry__ref=item.ref, subject=Said.SECTOR)
    return {row.value: row.state for row in rows}


def page(client: Client, item: Item) -> str:
    return client.get(f"/items/{item.ref}").content.decode()


def test_a_reading_names_the_programmes_own_sectors_and_no_other(cast: Cast, own: list[Sector]) -> None:
    item = piece(cast)
    tasks.read_due()
    assert set(said(item)) == {"money", "care", "lines"}
    shown = page(sign_in(Client(), cast.cara), item)
    assert all(f"<b>{name}</b>" in shown for name in ("Banking", "Health care", "Utilities and transport"))
    assert not any(word in shown for word in ("<b>Media", "<b>Water", "<b>Finance"))


def test_a_programme_without_sectors_is_offered_none(cast: Cast) -> None:
    item = piece(cast)
    tasks.read_due()
    assert said(item) == {}


def test_renamed_removed_and_added_sectors_count_from_then_on(cast: Cast, own: list[Sector]) -> None:
    item, cara = piece(cast), sign_in(Client(), cast.cara)
    tasks.read_due()
    assert tasks.read_outdated() == 0
    Sector.objects.filter(key="money").update(names={"en": "Banks of the city", "zh-hant": "本市銀行"})
    Sector.objects.filter(key="care").delete()
    Sector.objects.create(key="press", names={"en": "News media"})
    shown = page(cara, item)
    assert "<b>Banks of the city</b>" in shown
    assert "Health care" not in shown
    assert tasks.read_outdated() == 1
    tasks.read_due()
    assert set(said(item)) == {"money", "lines", "press"}
    assert "<b>News media</b>" in page(cara, item)


def test_what_was_confirmed_of_a_sector_that_is_gone_can_be_taken_back(cast: Cast, own: list[Sector]) -> None:
    item, ann = piece(cast), sign_in(Client(), cast.ann)
    tasks.read_due()
    row = Assertion.objects.get(value="care")
    assert ann.post(f"/items/{item.ref}/findings/{row.pk}", {"do": "confirm"}).status_code == 302
    Sector.objects.filter(key="care").delete()
    assert "<b>Health care</b>" in page(ann, item)
    ann.post(f"/items/{item.ref}/findings/{row.pk}", {"do": "reject"})
    assert "<b>Health care</b>" not in page(sign_in(Client(), cast.cara), item)


def test_the_composer_offers_what_the_programme_has(
    cast: Cast, own: list[Sector], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BUDGET", 30.0)  # the first reading takes longer than a person waits
    ann = sign_in(Client(), cast.ann)
    form = {"title": "Letters", "kind": "alert", "body": BODY, "language": "en", "tlp": "GREEN", "severity": "0"}
    ann.post("/member/share/", form | {"organisations": [str(cast.clinic.pk)], "do": "check"})
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    shown = ann.get(f"/member/share/{draft.ref}/?check=1").content.decode()
    offered = set(re.findall(r'name="said" value="sector:([^"]+)"', shown))
    assert offered == {"money", "care", "lines"}


def test_nobody_takes_over_a_sector_that_the_programme_has_not(cast: Cast, own: list[Sector]) -> None:
    item = piece(cast)
    entry = Entry.objects.readable(cast.as_(cast.ann)).get(ref=item.ref)
    by = Membership.objects.get(person=cast.ann)
    accept(entry, said=["sector:water", "sector:money"], unsaid=["sector:media"], by=by)
    assert said(item) == {"money": State.CONFIRMED}
