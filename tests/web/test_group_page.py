"""Promises of a group's page: its parts, asking for a seat, and that an unlisted group is not there for others."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.audit.models import Record
from infohub.members.models import Group, Membership, Person, Seat
from infohub.register.models import Joining
from infohub.sharing.actions import attach, publish, start_draft
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, make_administrator, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast: Cast) -> Group:
    """Banking, which Ann moderates and where Ann and Ben sit."""
    cast.banking.moderators.add(cast.ann)
    return cast.banking


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def page(client: Client, group: Group, rest: str = "") -> str:
    answer = client.get(f"/member/groups/{group.ref}/{rest}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_parts_of_a_group_are_addresses(cast: Cast, group: Group) -> None:
    viewer, choice = cast.as_(cast.ann), Choice(groups=[group.pk])
    shared(viewer, choice, text("An alert"))
    shared(viewer, choice, text("A question?", kind="question"))
    item = start_draft(viewer, text=text("With a file"), choice=choice)
    attach(viewer, item=item, name="hops.csv", chunks=[b"a,b\n"])
    publish(viewer, item=item, nonce=check(viewer, item=item).nonce)
    client = browser(cast.ben)
    assert "An alert" in page(client, group)
    questions = page(client, group, "?show=questions")
    assert "A question?" in questions
    assert "An alert" not in questions
    assert "<li>Bank</li>" in page(client, group, "?show=members")
    assert "hops.csv" in page(client, group, "?show=files")
    outsider = browser(cast.cara)
    for part in ("", "?show=questions", "?show=members", "?show=files"):
        content = page(outsider, group, part)
        for secret in ("An alert", "A question?", "hops.csv", "<li>Bank</li>"):
            assert secret not in content, part


def test_a_seat_is_asked_for_and_given_by_a_moderator(cast: Cast, group: Group) -> None:
    cara, ann = browser(cast.cara), browser(cast.ann)
    for _ in range(2):
        cara.post(f"/member/groups/{group.ref}/join/", {"reason": "We process cards"})
    asked = Joining.objects.get()
    assert "You asked for a seat" in page(cara, group)
    assert "We process cards" in ann.get("/member/").content.decode()
    assert "We process cards" in ann.get(f"/office/groups/{group.ref}/").content.decode()
    ann.post(f"/office/groups/{group.ref}/joining/", {"joining": asked.pk, "do": "grant"})
    assert Seat.objects.held().filter(group=group, membership=make.membership(cast.cara)).exists()
    assert "Share here" in page(cara, group)
    verbs = set(Record.objects.filter(subject=group.ref).values_list("verb", flat=True))
    assert verbs >= {"asked_to_join", "granted_joining", "seated"}
    ann.post(f"/office/groups/{group.ref}/joining/", {"joining": asked.pk, "do": "grant"})
    assert Seat.objects.held().filter(group=group, membership=make.membership(cast.cara)).count() == 1


def test_a_declined_asker_reads_why_and_may_ask_again_or_take_it_back(cast: Cast, group: Group) -> None:
    cara, ann = browser(cast.cara), browser(cast.ann)
    cara.post(f"/member/groups/{group.ref}/join/", {})
    ann.post(f"/office/groups/{group.ref}/joining/", {"joining": Joining.objects.get().pk, "words": "Banks only"})
    assert "Banks only" in page(cara, group)
    cara.post(f"/member/groups/{group.ref}/join/", {"reason": "We became one"})
    assert Joining.objects.filter(state="asked").count() == 1
    cara.post(f"/member/groups/{group.ref}/join/", {"do": "withdraw"})
    assert not Joining.objects.filter(state="asked").exists()


def test_an_administrator_asks_for_the_whole_organisation_and_nobody_else_does(cast: Cast, group: Group) -> None:
    asker = browser(cast.cara)
    assert asker.post(f"/member/groups/{group.ref}/join/", {"organisation": "on"}).status_code == 404
    make_administrator(cast.cara)
    asker.post(f"/member/groups/{group.ref}/join/", {"organisation": "on"})
    browser(cast.ann).post(f"/office/groups/{group.ref}/joining/", {"joining": Joining.objects.get().pk, "do": "grant"})
    assert Seat.objects.held().filter(group=group, organisation=cast.clinic).exists()


def test_only_who_keeps_the_group_decides_and_never_for_themselves(cast: Cast, group: Group) -> None:
    browser(cast.cara).post(f"/member/groups/{group.ref}/join/", {})
    asked = {"joining": Joining.objects.get().pk, "do": "grant"}
    for person in (cast.ben, cast.cara, cast.audra):
        assert browser(person).post(f"/office/groups/{group.ref}/joining/", asked).status_code == 404, person
    other = make.group("Other", cast.ben)
    other.moderators.add(cast.ben)
    assert browser(cast.ben).post(f"/office/groups/{other.ref}/joining/", asked).status_code == 404
    assert Joining.objects.get().state == "asked"
    browser(cast.grace).post(f"/member/groups/{group.ref}/join/", {})
    own = Joining.objects.get(membership=make.membership(cast.grace))
    answer = browser(cast.grace).post(f"/office/groups/{group.ref}/joining/", {"joining": own.pk, "do": "grant"})
    assert answer.status_code == 404


def test_a_request_lapses_with_its_membership(cast: Cast, group: Group) -> None:
    browser(cast.cara).post(f"/member/groups/{group.ref}/join/", {"reason": "lapses"})
    Membership.objects.filter(person=cast.cara).update(ended=now())
    assert "lapses" not in browser(cast.ann).get(f"/office/groups/{group.ref}/").content.decode()


def test_an_unlisted_group_cannot_be_asked_for_nor_told_from_none(cast: Cast) -> None:
    hidden = make.group("Canary room", cast.ann, cast.ben, listed=False)
    shared(cast.as_(cast.ann), Choice(groups=[hidden.pk]), text("In the canary room"))
    outsider = browser(cast.cara)
    asked = []
    for ref in (hidden.ref, "GR-NEVER", hidden.ref, "GR-NEVER"):
        with CaptureQueriesContext(connection) as queries:
            answers = [outsider.get(f"/member/groups/{ref}/"), outsider.post(f"/member/groups/{ref}/join/", {})]
        assert [answer.status_code for answer in answers] == [404, 404]
        asked.append([query["sql"].split(" WHERE ")[0] for query in queries])
    assert asked[2] == asked[3]
    assert not Joining.objects.exists()
    for path in ("/member/", "/member/groups/", "/member/share/", "/member/search/?q=canary", "/member/feed/"):
        content = outsider.get(path).content.decode().replace('value="canary"', "").replace("canary: Search", "")
        assert "Canary room" not in content, path
        assert hidden.ref not in content, path
