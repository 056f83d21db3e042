"""Promises of circles: a contribution for fewer readers is for them alone, on every way out, whatever comes after."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.catalogue.models import Entry
from infohub.delivery.models import Event, Notice
from infohub.members.models import Person
from infohub.policy.viewer import SYSTEM
from infohub.programme.verifying import compare
from infohub.register.actions import leave, name_steward
from infohub.sharing.actions import accept_answer, comment, delete_comment, hide_comment, report_comment, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.circles import circles
from infohub.sharing.models import Comment, Item
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from tests import make
from tests.api.program import program
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

CANARY = "heliotrope"


@pytest.fixture
def item(cast: Cast) -> Item:
    """Ann's piece for all members: Ben is her colleague at the bank, Cara of the clinic, Dora her colleague there."""
    make.person("Dora", cast.clinic)
    return shared(cast.as_(cast.ann), Choice(everyone=True, colleagues=True), text(tlp=Tlp.GREEN, kind="question"))


def dora() -> Person:
    return Person.objects.get(name="Dora")


def aside(
    cast: Cast, who: Person, item: Item, circle: str, body: str = CANARY, parent: Comment | None = None
) -> Comment:
    return comment(cast.as_(who), item=item, body=body, nonce=uuid.uuid4(), circle=circle, parent=parent)


def page(person: Person, item: Item) -> str:
    return sign_in(Client(), person).get(f"/items/{item.ref}").text


def readers(cast: Cast, item: Item, *, word: str = CANARY) -> set[str]:
    """Who meets the word on the page of the piece; each of them meets it over the API too, and nobody else."""
    people = [cast.ann, cast.ben, cast.cara, dora()]
    found = {person.name for person in people if word in page(person, item)}
    asked = {one.name for one in people if word in str(program(one).ask(f"items/{item.ref}/comments").body)}
    assert asked == found
    return found


@pytest.mark.parametrize(
    ("circle", "met"),
    [("author", {"Ann", "Cara"}), ("organisation", {"Cara", "Dora"}), ("", {"Ann", "Ben", "Cara", "Dora"})],
)
def test_a_contribution_is_read_in_its_circle_and_by_nobody_else(
    circle: str, met: set[str], cast: Cast, item: Item
) -> None:
    row = aside(cast, cast.cara, item, circle)
    assert readers(cast, item) == met
    assert {person.name for person in row.label.audience()} & {"Ann", "Ben", "Cara", "Dora"} == met
    assert row.label.within(item.label)
    counted = Entry.objects.as_system("a test looks").get(ref=item.ref).comment_count
    assert counted == (0 if circle else 1)
    told = set(Notice.objects.filter(event=Event.COMMENTED).values_list("person__name", flat=True))
    assert told == {"Ann"} & met


def test_of_a_group_its_seats_read_as_far_as_they_read_the_piece(cast: Cast, item: Item) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk], organisations=[cast.clinic.pk]))
    offered = {one.key: one.people for one in circles(cast.as_(cast.ben), item)}
    assert offered == {"author": 1, "organisation": 1, cast.banking.ref: 1}
    aside(cast, cast.ben, item, cast.banking.ref)
    assert readers(cast, item) == {"Ann", "Ben"}
    with pytest.raises(NotReadyError):
        aside(cast, cast.cara, item, cast.banking.ref)


def test_a_reply_reaches_no_further_than_what_it_answers(cast: Cast, item: Item) -> None:
    asked = aside(cast, cast.cara, item, "author", "Between us")
    answered = aside(cast, cast.ann, item, "", parent=asked)
    assert answered.label == asked.label
    below = aside(cast, cast.cara, item, "organisation", "And a last word", parent=answered)
    assert (below.label, below.parent) == (asked.label, asked)
    assert readers(cast, item) == readers(cast, item, word="And a last word") == {"Ann", "Cara"}


def test_under_the_seal_the_author_is_asked_alone_and_answers_alone(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(everyone=True), text(tlp=Tlp.GREEN, unattributed=True))
    make.person("Dora", cast.clinic)
    asked = aside(cast, cast.cara, item, "author", "Which version was it?")
    assert circles(cast.as_(cast.ann), item) == []
    aside(cast, cast.ann, item, "", parent=asked)
    assert readers(cast, item) == {"Ann", "Cara"}
    content = page(cast.cara, item)
    assert "Only the author and Cara" in content
    assert "Ann" not in content.replace("Announce", "")


def test_a_mention_calls_nobody_outside_the_circle(cast: Cast, item: Item) -> None:
    aside(cast, cast.cara, item, "organisation", f"@Ben @Dora {CANARY}")
    assert set(Notice.objects.filter(event=Event.MENTIONED).values_list("person__name", flat=True)) == {"Dora"}


def test_what_is_for_few_is_no_answer_for_all(cast: Cast, item: Item) -> None:
    row = aside(cast, cast.cara, item, "author")
    with pytest.raises(NotReadyError):
        accept_answer(cast.as_(cast.ann), item=item, row=row)
    assert "This answers it" not in page(cast.ann, item)


def test_a_report_is_told_to_readers_of_the_contribution_alone(cast: Cast, item: Item) -> None:
    row = aside(cast, cast.cara, item, "organisation")
    with pytest.raises(NotReadyError):
        report_comment(cast.as_(dora()), row=row, reason="rude")
    assert not Notice.objects.filter(event=Event.REPORTED).exists()
    with pytest.raises(Comment.DoesNotExist):
        report_comment(cast.as_(cast.ann), row=row, reason="rude")


def test_taking_it_back_lowers_no_count_it_never_raised(cast: Cast, item: Item) -> None:
    row = aside(cast, cast.cara, item, "organisation")
    aside(cast, cast.cara, item, "", "For all")
    delete_comment(cast.as_(cast.cara), row=row)
    assert Entry.objects.as_system("a test looks").get(ref=item.ref).comment_count == 1


def test_with_the_piece_withdrawn_its_author_reads_no_circle_of_others(cast: Cast, item: Item) -> None:
    rows = [aside(cast, cast.cara, item, circle, f"{CANARY} {circle}") for circle in ("organisation", "author", "")]
    assert compare().differences == []
    withdraw(cast.as_(cast.ann), item=item, reason="")
    assert compare().differences == []
    seen = Comment.objects.readable(cast.as_(cast.ann)).filter(pk__in=[row.pk for row in rows])
    assert {row.body for row in seen} == {f"{CANARY} "}
    assert not Comment.objects.readable(cast.as_(dora())).exists()


def test_a_wider_contribution_than_its_piece_is_a_difference(cast: Cast, item: Item) -> None:
    row = aside(cast, cast.cara, item, "organisation")
    other = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(tlp=Tlp.GREEN))
    Comment.objects.as_system("a test spoils it").filter(pk=row.pk).update(item=other)
    assert compare().differences == [f"Comment {row.pk} of {other.ref} has not the label of its piece"]


def test_what_was_typed_for_few_never_comes_back_for_all(cast: Cast, item: Item) -> None:
    client = sign_in(Client(), cast.cara)
    there = f"/items/{item.ref}/comments"
    gone = client.post(there, {"body": CANARY, "circle": "GR-ZZZZZZ"})
    assert gone.status_code == 422
    assert '<option value="GR-ZZZZZZ">Choose who reads it</option>' in gone.text
    asked = aside(cast, cast.cara, item, "author", "Between us")
    empty = client.post(there, {"body": " ", "parent": asked.pk})
    assert empty.status_code == 422
    assert f'name="parent" value="{asked.pk}"' in empty.text
    assert CANARY in gone.text
    assert readers(cast, item) == set()


def test_nobody_there_to_answer_is_not_offered(cast: Cast, item: Item) -> None:
    assert "author" in {one.key for one in circles(cast.as_(cast.cara), item)}
    leave(SYSTEM, membership=make.membership(cast.ann))
    assert "author" not in {one.key for one in circles(cast.as_(cast.cara), item)}
    with pytest.raises(NotReadyError):
        aside(cast, cast.cara, item, "author")


def test_red_is_for_the_people_of_that_day(cast: Cast) -> None:
    chosen = [make.membership(person).pk for person in (cast.ben, cast.cara)]
    make.person("Dora", cast.clinic)
    item = shared(cast.as_(cast.ann), Choice(memberships=[*chosen, make.membership(dora()).pk]), text(tlp=Tlp.RED))
    row = aside(cast, cast.cara, item, "organisation")
    assert all(clause.frozen for clause in row.label.clauses)
    assert {person.name for person in row.label.audience()} == {"Cara", "Dora"}


def test_the_page_asks_as_often_for_two_asides_as_for_ten(cast: Cast, item: Item) -> None:
    client = sign_in(Client(), cast.cara)
    aside(cast, cast.cara, item, "author")
    aside(cast, cast.cara, item, "organisation")
    client.get(f"/items/{item.ref}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/items/{item.ref}")
    for number in range(4):
        aside(cast, cast.cara, item, "author", f"{number}")
        aside(cast, cast.cara, item, "organisation", f"{number}")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/items/{item.ref}")
    assert len(few) == len(many)


@pytest.mark.parametrize("unattributed", [True, False])
def test_who_only_wrote_the_piece_is_in_no_count_of_a_circle(cast: Cast, unattributed: bool) -> None:
    choice = Choice(memberships=[make.membership(cast.ben).pk], organisations=[cast.clinic.pk])
    item = shared(cast.as_(cast.ann), choice, text(tlp=Tlp.GREEN, unattributed=unattributed))
    make.person("Dora", cast.clinic)
    assert {one.key for one in circles(cast.as_(cast.ben), item)} == {"author"}
    assert {one.key: one.people for one in circles(cast.as_(cast.cara), item)} == {"author": 1, "organisation": 1}


@pytest.mark.parametrize("colleagues", [True, False])
def test_under_the_seal_circles_are_offered_alike_wherever_the_author_is(cast: Cast, colleagues: bool) -> None:
    make.person("Dora", cast.clinic)
    writer = dora() if colleagues else cast.ann
    item = shared(cast.as_(writer), Choice(organisations=[cast.clinic.pk]), text(tlp=Tlp.GREEN, unattributed=True))
    assert {one.key for one in circles(cast.as_(cast.cara), item)} == {"author", "organisation"}


def test_under_the_seal_nobody_is_told_that_the_author_left(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(everyone=True), text(tlp=Tlp.GREEN, unattributed=True))
    before = {one.key for one in circles(cast.as_(cast.cara), item)}
    leave(SYSTEM, membership=make.membership(cast.ann))
    item = Item.objects.as_system("a test looks").get(pk=item.pk)
    assert {one.key for one in circles(cast.as_(cast.cara), item)} == before == {"author"}


def test_under_the_seal_the_author_neither_answers_nor_decides_among_some(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(everyone=True), text(tlp=Tlp.GREEN, unattributed=True))
    row = aside(cast, cast.ben, item, "organisation")
    assert CANARY in page(cast.ann, item)
    assert f'name="parent" value="{row.pk}"' not in page(cast.ann, item)
    with pytest.raises(NotReadyError):
        aside(cast, cast.ann, item, "", "That was me", parent=row)
    with pytest.raises(NotAllowedError):
        hide_comment(cast.as_(cast.ann), row=row, reason="rude")
    other = aside(cast, cast.ben, item, "author")
    hide_comment(cast.as_(cast.ann), row=other, reason="rude")


@pytest.mark.parametrize("circle", ["author", "group"])
def test_no_steward_reads_a_circle_after_somebody_of_it_left(cast: Cast, circle: str) -> None:
    make.person("Dora", cast.clinic)
    club = make.group("Club", cast.ann, cast.ben, cast.cara)
    choice = Choice(organisations=[cast.clinic.pk], groups=[club.pk])
    item = shared(cast.as_(cast.cara), choice, text(tlp=Tlp.GREEN))
    row = aside(cast, cast.ben, item, "author" if circle == "author" else club.ref, "Between us")
    aside(cast, cast.cara, item, "", parent=row)
    asked = aside(cast, cast.cara, item, club.ref, "To the club")
    aside(cast, cast.ann, item, "", parent=asked)
    name_steward(SYSTEM, organisation=cast.clinic, membership=make.membership(dora()))
    leave(SYSTEM, membership=make.membership(cast.cara))
    assert CANARY not in page(dora(), item)
    assert CANARY in page(cast.ben, item)


def test_the_words_say_who_reads_it_where_the_piece_is_for_one_organisation_or_red(cast: Cast) -> None:
    for name in ("Dora", "Fay"):
        make.person(name, cast.clinic)
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text(tlp=Tlp.GREEN))
    aside(cast, cast.cara, item, "organisation")
    assert "Only Clinic<" in page(dora(), item)
    assert CANARY not in page(cast.ann, item)
    named = [make.membership(person).pk for person in (cast.ben, cast.cara, dora())]
    item = shared(cast.as_(cast.ann), Choice(memberships=named), text(tlp=Tlp.RED))
    aside(cast, cast.cara, item, "organisation")
    assert "Only 2 people<" in page(dora(), item)
