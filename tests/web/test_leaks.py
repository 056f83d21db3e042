"""Canaries: a word of a piece is on no page, in no feed and on no machine of anybody who may not read it."""

from __future__ import annotations

import base64

import pytest
from django.test import Client

from infohub.catalogue.models import Entry
from infohub.intel.actions import ensure_collections
from infohub.intel.tasks import place_due
from infohub.members.models import Organisation, Person
from infohub.policy.viewer import SYSTEM
from infohub.register.actions import issue_token
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

PAGES = (
    *("/member/", "/member/feed/", "/member/feed/?tlp={tlp}", "/member/feed/?kind=incident", "/member/notices/"),
    *("/member/groups/", "/member/search/?q={canary}", "/member/search/?q=203.0.113.{number}", "/items/{ref}"),
    *("/items/{ref}/edit", "/items/{ref}/revisions", "/items/{ref}/export/stix", "/items/{ref}/export/txt"),
    *("/member/search/?q={canary}&order=best", "/member/suggest/?q={canary}", "/member/export.csv?q={canary}"),
    *("/member/export/?q={canary}", "/member/export/losses?q={canary}", "/member/export/stix?tlp={tlp}"),
    *("/member/rules/", "/member/rules/new/?q={canary}", "/member/rules/new/?severity=critical&kind=incident"),
    *("/office/", "/office/moderation/", "/office/releases/", "/office/records/", "/office/jobs/"),
    *("/member/incoming/", "/office/quality/", "/office/quality/names/"),
)
NAMED_BY_REFERENCE = ("/office/records/",)
"""The address asked for stands in the answer; the audit names what was done to which reference, never its words."""
PUBLIC = ("/", "/advisories", "/advisories/{ref}", "/feeds/public.atom", "/feeds/public.json", "/statistics")


def canary(number: int) -> str:
    return f"canary{'abcdefghij'[number]}bird"


@pytest.fixture
def pieces(cast: Cast, settings: object) -> list[Item]:
    """One piece of every TLP for Ben alone, for the group, and for everybody who may have it."""
    settings.OUTBOX_SECONDS = 0  # type: ignore[attr-defined]
    group = make.group("Banking", cast.ann, cast.ben)
    ensure_collections()
    alone, seated, all_members = (
        Choice(memberships=[make.membership(cast.ben).pk]),
        Choice(groups=[group.pk]),
        Choice(everyone=True, confirmed=True),
    )
    plan = [
        *((tlp, alone) for tlp in (Tlp.RED, Tlp.AMBER_STRICT, Tlp.CLEAR)),
        *((tlp, seated) for tlp in (Tlp.RED, Tlp.AMBER, Tlp.GREEN)),
        *((tlp, all_members) for tlp in (Tlp.AMBER_STRICT, Tlp.GREEN, Tlp.CLEAR)),
    ]
    made = []
    for number, (tlp, choice) in enumerate(plan):
        words = f"The {canary(number)} sang at 203.0.113.{number + 10}."
        written = text(f"About {canary(number)}", body=words, tlp=tlp, kind="incident", severity=4)
        made.append(shared(cast.as_(cast.ann), choice, written))
    place_due(now())
    return made


def seen_by(person: Person, item: Item, number: int) -> list[str]:
    """The pages on which this person meets the canary or the reference of the piece."""
    client, found = sign_in(Client(), person), []
    for page in PAGES:
        path = page.format(
            tlp=item.marking.word.replace("+", "%2B"), canary=canary(number), number=number + 10, ref=item.ref
        )
        content = without_question(client.get(path).getvalue().decode(), canary(number))
        named = item.ref in content and page not in NAMED_BY_REFERENCE and not page.startswith("/items/")
        if canary(number) in content or named:
            found.append(path)
    return found


def without_question(page: str, asked: str) -> str:
    """The page without the viewer's own words, which stand in its title, its box and its addresses."""
    for echo in (f'value="{asked}"', f"{asked}: Search", f"q={asked}", f"words of “{asked}”"):
        page = page.replace(echo, "")
    return page


def test_nobody_meets_the_words_of_a_piece_they_may_not_read(cast: Cast, pieces: list[Item]) -> None:
    readers = 0
    for number, item in enumerate(pieces):
        for person in (cast.ben, cast.cara, cast.opal, cast.mori, cast.eve):
            may = Item.objects.readable(cast.as_(person)).filter(pk=item.pk).exists()
            found = seen_by(person, item, number)
            readers += may
            if may:
                assert f"/items/{item.ref}" in found, (person, item.tlp)
                assert "/member/feed/" in found, (person, item.tlp)
            else:
                assert found == [], (person, item.tlp)
    assert 0 < readers < len(pieces) * 5


def test_counts_show_nothing_of_what_is_hidden(cast: Cast, pieces: list[Item]) -> None:
    before = sign_in(Client(), cast.cara).get("/member/").content.decode()
    hidden = [item for item in pieces if not Item.objects.readable(cast.as_(cast.cara)).filter(pk=item.pk).exists()]
    for item in hidden:
        Entry.objects.as_system("as if it never was").filter(ref=item.ref).delete()
        Item.objects.as_system("as if it never was").filter(pk=item.pk).delete()
    assert hidden
    after = sign_in(Client(), cast.cara).get("/member/").content.decode()
    assert without_secrets(before) == without_secrets(after)


def without_secrets(page: str) -> str:
    """The page without its form tokens and the minute it was printed."""
    lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "data-print-mark" not in line]
    return "\n".join(lines)


@pytest.mark.parametrize("ceiling", [Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT])
def test_a_machine_gets_what_its_holder_may_read_within_its_ceiling_and_never_red(
    cast: Cast, pieces: list[Item], ceiling: Tlp
) -> None:
    for holder in (cast.bank, cast.clinic):
        pulled = everything(holder, ceiling)
        for number, item in enumerate(pieces):
            clause = item.label.clauses[0]
            may = clause.everyone and item.marking <= ceiling
            assert (canary(number) in pulled) == may, (holder, item.tlp, ceiling)


def everything(holder: Organisation, ceiling: Tlp) -> str:
    """All that an organisation's token pulls over TAXII."""
    _token, secret = issue_token(
        SYSTEM, kind="organisation", name="SIEM", organisation=holder, scopes=["taxii"], ceiling=ceiling
    )
    login = base64.b64encode(f"any:{secret}".encode()).decode()
    client = Client(HTTP_AUTHORIZATION=f"Basic {login}", HTTP_ACCEPT="application/taxii+json;version=2.1")
    listed = client.get("/taxii2/api/collections/").json()["collections"]
    pages = [
        client.get(f"/taxii2/api/collections/{one['id']}/{what}/") for one in listed for what in ("objects", "manifest")
    ]
    return "".join(page.content.decode() for page in pages if page.status_code == 200)


def test_the_public_meets_nothing_that_was_not_released(cast: Cast, pieces: list[Item]) -> None:
    client = Client()
    for number, item in enumerate(pieces):
        for page in PUBLIC:
            content = client.get(page.format(ref=item.ref)).content.decode()
            assert canary(number) not in content, page
            assert item.ref not in content.replace(f"/advisories/{item.ref}", ""), page
