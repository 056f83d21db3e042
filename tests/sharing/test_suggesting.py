"""Corrections that readers suggest: between the reader and who answers for the piece, used only when they say so."""

from __future__ import annotations

import pytest
from django.test import Client

from infohub.delivery.models import Event, Notice
from infohub.members.models import Membership, Person
from infohub.register.actions import leave, name_steward
from infohub.sharing.actions import settle, suggest, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, Suggestion, SuggestionState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import BODY, shared, text

pytestmark = pytest.mark.django_db

BETTER = BODY.replace("accounts team", "treasury team")


@pytest.fixture
def item(cast: Cast) -> Item:
    choice = Choice(organisations=[cast.clinic.pk, cast.bank.pk])
    return shared(cast.as_(cast.ann), choice, text(tlp=Tlp.AMBER))


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def page(person: Person, path: str) -> str:
    return browser(person).get(path).content.decode()


def suggested(cast: Cast, item: Item) -> Suggestion:
    return suggest(cast.as_(cast.cara), item=item, title=item.title, body=BETTER, note="It was treasury")


def test_the_author_is_told_and_sees_the_difference_and_other_readers_see_nothing(cast: Cast, item: Item) -> None:
    row = suggested(cast, item)
    assert [one.person for one in Notice.objects.filter(event=Event.SUGGESTED)] == [cast.ann]
    there = f"/items/{item.ref}/suggestions/{row.pk}"
    told = page(cast.ann, there)
    assert "<ins>" in told
    assert "It was treasury" in told
    assert browser(cast.cara).get(there).status_code == 200
    assert browser(cast.ben).get(there).status_code == 404
    assert browser(cast.eve).get(there).status_code == 404
    assert "It was treasury" not in page(cast.ben, f"/items/{item.ref}")
    assert "It was treasury" in page(cast.ann, f"/items/{item.ref}")


def test_the_author_uses_it_by_saving_a_correction(cast: Cast, item: Item) -> None:
    row = suggested(cast, item)
    author = browser(cast.ann)
    form = author.get(f"/items/{item.ref}/edit?suggestion={row.pk}").content.decode()
    assert "treasury team" in form
    item.refresh_from_db()
    assert item.body == BODY
    sent = {"title": item.title, "kind": item.kind, "severity": "3", "body": BETTER, "since": "1"}
    assert author.post(f"/items/{item.ref}/edit", sent | {"suggestion": row.pk}).status_code == 302
    item.refresh_from_db()
    row.refresh_from_db()
    assert (item.body, item.revision, row.state) == (BETTER, 2, SuggestionState.TAKEN)
    assert author.post(f"/items/{item.ref}/suggestions/{row.pk}").status_code == 404
    row.refresh_from_db()
    assert row.state == SuggestionState.TAKEN


def test_a_no_is_seen_by_who_suggested(cast: Cast, item: Item) -> None:
    row = suggested(cast, item)
    there = f"/items/{item.ref}/suggestions/{row.pk}"
    assert browser(cast.cara).post(there).status_code == 404
    assert browser(cast.ann).post(there).status_code == 302
    row.refresh_from_db()
    assert row.state == SuggestionState.DECLINED
    assert "Declined" in page(cast.cara, f"/items/{item.ref}")
    assert "Suggested corrections" not in page(cast.ann, f"/items/{item.ref}")


def test_who_answers_for_the_piece_and_who_cannot_read_it_suggest_nothing(cast: Cast, item: Item) -> None:
    with pytest.raises(NotAllowedError):
        suggest(cast.as_(cast.ann), item=item, title="x", body="y")
    with pytest.raises(Item.DoesNotExist):
        suggest(cast.as_(cast.eve), item=item, title="x", body="y")
    assert browser(cast.ann).get(f"/items/{item.ref}/suggestions").status_code == 404
    assert browser(cast.eve).get(f"/items/{item.ref}/suggestions").status_code == 404


@pytest.mark.parametrize(("title", "body"), [("", "words"), ("words", ""), ("Calls to the accounts team", BODY)])
def test_nothing_and_nothing_new_are_refused(title: str, body: str, cast: Cast, item: Item) -> None:
    with pytest.raises(NotReadyError):
        suggest(cast.as_(cast.cara), item=item, title=title, body=body)
    assert not Suggestion.objects.exists()


def test_what_was_typed_comes_back(cast: Cast, item: Item) -> None:
    sent = {"title": "", "body": "Typed", "note": "because"}
    answer = browser(cast.cara).post(f"/items/{item.ref}/suggestions", sent)
    assert answer.status_code == 422
    assert "Typed" in answer.content.decode()
    assert "because" in answer.content.decode()
    assert browser(cast.cara).post(f"/items/{item.ref}/suggestions", sent | {"title": "Better"}).status_code == 302
    assert Suggestion.objects.get().note == "because"


@pytest.mark.parametrize("gone", [False, True])
def test_under_a_seal_one_hears_the_same_wherever_the_author_is(cast: Cast, gone: bool) -> None:
    choice = Choice(memberships=[make.membership(cast.cara).pk])
    item = shared(cast.as_(cast.ann), choice, text(unattributed=True))
    if gone:
        leaves(cast, steward=make.membership(cast.ben))
    sent = browser(cast.cara).post(f"/items/{item.ref}/suggestions", {"title": "Better", "body": BETTER}, follow=True)
    assert "An author who has left hears nothing: then write below it." in sent.text


def test_a_sealed_author_decides_and_is_not_named(cast: Cast) -> None:
    choice = Choice(organisations=[cast.clinic.pk])
    item = shared(cast.as_(cast.ann), choice, text(tlp=Tlp.AMBER, unattributed=True))
    row = suggested(cast, item)
    assert [one.person for one in Notice.objects.filter(event=Event.SUGGESTED)] == [cast.ann]
    told = page(cast.cara, f"/items/{item.ref}/suggestions/{row.pk}")
    assert "Ann" not in told
    assert "Bank" not in told
    assert browser(cast.ann).post(f"/items/{item.ref}/suggestions/{row.pk}").status_code == 302


def test_what_was_withdrawn_takes_no_suggestion(cast: Cast, item: Item) -> None:
    row = suggested(cast, item)
    withdraw(cast.as_(cast.ann), item=item, reason="")
    assert browser(cast.cara).get(f"/items/{item.ref}/suggestions/{row.pk}").status_code == 404
    with pytest.raises(Item.DoesNotExist):
        suggested(cast, item)


# --- after the author left


def leaves(cast: Cast, *, steward: Membership | None) -> None:
    """Ann leaves the bank, which has named somebody for what leavers wrote, or nobody."""
    name_steward(cast.as_(cast.grace), organisation=cast.bank, membership=steward)
    leave(cast.as_(cast.grace), membership=make.membership(cast.ann))


def test_after_the_author_left_the_steward_alone_sees_and_decides(cast: Cast, item: Item) -> None:
    colleague, other = make.person("Dora", cast.bank), make.person("Iris", cast.clinic)
    name_steward(cast.as_(cast.grace), organisation=cast.clinic, membership=make.membership(other))
    before = suggested(cast, item)
    there = f"/items/{item.ref}/suggestions/{before.pk}"
    assert browser(cast.ben).get(there).status_code == 404
    leaves(cast, steward=make.membership(cast.ben))
    after = suggest(cast.as_(cast.cara), item=item, title="Calls to the treasury", body=item.body)
    assert [one.person for one in Notice.objects.filter(event=Event.SUGGESTED, key=str(after.pk))] == [cast.ben]
    assert "It was treasury" in page(cast.ben, f"/items/{item.ref}")
    assert "<ins>" in page(cast.ben, there)
    assert "treasury team" in page(cast.ben, f"/items/{item.ref}/edit?suggestion={before.pk}")
    for person in (colleague, other, cast.grace, cast.mori):
        assert "It was treasury" not in page(person, f"/items/{item.ref}")
        assert [browser(person).get(there).status_code, browser(person).post(there).status_code] == [404, 404]
        assert browser(person).get(f"/items/{item.ref}/edit?suggestion={before.pk}").status_code == 404
    assert browser(cast.ann).get(there).status_code == 302
    sent = {"title": item.title, "kind": item.kind, "severity": "3", "body": BETTER, "since": "1"}
    assert browser(cast.ben).post(f"/items/{item.ref}/edit", sent | {"suggestion": before.pk}).status_code == 302
    assert browser(cast.ben).post(f"/items/{item.ref}/suggestions/{after.pk}").status_code == 302
    states = dict(Suggestion.objects.values_list("pk", "state"))
    assert states == {before.pk: SuggestionState.TAKEN, after.pk: SuggestionState.DECLINED}
    item.refresh_from_db()
    assert item.body == BETTER


@pytest.mark.parametrize(("tlp", "hidden"), [(Tlp.RED, False), (Tlp.AMBER, True)], ids=["red", "sealed"])
def test_what_a_steward_may_not_read_no_steward_decides(cast: Cast, tlp: Tlp, hidden: bool) -> None:
    choice = Choice(memberships=[make.membership(cast.cara).pk])
    item = shared(cast.as_(cast.ann), choice, text(tlp=tlp, unattributed=hidden))
    row = suggested(cast, item)
    leaves(cast, steward=make.membership(cast.ben))
    for path in (item.ref, f"{item.ref}/suggestions/{row.pk}", f"{item.ref}/edit?suggestion={row.pk}"):
        assert browser(cast.ben).get(f"/items/{path}").status_code == 404
    with pytest.raises(Item.DoesNotExist):
        settle(cast.as_(cast.ben), suggestion=row, state=SuggestionState.DECLINED)
    if hidden:  # a refusal would tell that the author is one of those who left
        suggested(cast, item)
    else:
        with pytest.raises(NotReadyError):
            suggested(cast, item)
    assert Notice.objects.filter(event=Event.SUGGESTED, person=cast.ben).count() == 0


def test_where_no_steward_is_named_nobody_is_asked(cast: Cast, item: Item) -> None:
    leaves(cast, steward=None)
    sent = {"title": item.title, "body": BETTER}
    answer = browser(cast.cara).post(f"/items/{item.ref}/suggestions", sent)
    assert answer.status_code == 422
    assert "Nobody answers for this piece any more" in answer.content.decode()
    assert "treasury team" in answer.content.decode()
    assert not Suggestion.objects.exists()
