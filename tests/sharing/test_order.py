"""Order in discussions: reports reach who keeps order, hidden words are seen by nobody else, questions get answers."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from infohub.delivery.models import Event, Notice
from infohub.members.models import Group, Person, Role
from infohub.sharing.actions import accept_answer, comment, delete_comment, hide_comment, let_stand, report_comment
from infohub.sharing.actions.order import keeps
from infohub.sharing.choice import Choice
from infohub.sharing.models import Comment, Item, Report
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from tests import make
from tests.api.program import program
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

RUDE = "You are all rude words."


@pytest.fixture
def group(cast: Cast) -> Group:
    """Ann, Ben and Cara sit there; Dora moderates, from the clinic."""
    dora = make.person("Dora", cast.clinic)
    made = make.group("Fraud", cast.ann, cast.ben, cast.cara, dora)
    made.moderators.add(dora)
    return made


@pytest.fixture
def question(cast: Cast, group: Group) -> Item:
    return shared(cast.as_(cast.ann), Choice(groups=[group.pk]), text(tlp=Tlp.GREEN, kind="question"))


def say(cast: Cast, person: Person, item: Item, body: str) -> Comment:
    return comment(cast.as_(person), item=item, body=body, nonce=uuid.uuid4())


def dora() -> Person:
    return Person.objects.get(name="Dora")


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def page(person: Person, item: Item) -> str:
    return browser(person).get(f"/items/{item.ref}").content.decode()


def told(event: Event) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("person__name", flat=True))


def test_the_author_and_the_groups_moderator_keep_order_and_readers_do_not(cast: Cast, question: Item) -> None:
    keepers = {name for name in ("ann", "ben", "cara") if keeps(cast.as_(getattr(cast, name)), question)}
    assert keepers == {"ann"}
    assert keeps(cast.as_(dora()), question)
    row = say(cast, cast.cara, question, RUDE)
    with pytest.raises(NotAllowedError):
        hide_comment(cast.as_(cast.ben), row=row, reason="rude")
    with pytest.raises(Comment.DoesNotExist):
        hide_comment(cast.as_(cast.mori), row=row, reason="rude")  # moderates the programme, reads nothing here


def test_a_report_reaches_who_keeps_order_and_nobody_outside(cast: Cast, question: Item) -> None:
    row = say(cast, cast.cara, question, RUDE)
    for _twice in range(2):
        report_comment(cast.as_(cast.ben), row=row, reason="insults")
    assert Report.objects.count() == 1
    assert told(Event.REPORTED) == {"Ann", "Dora"}
    assert "insults" in page(dora(), question)
    assert "insults" in page(cast.ann, question)
    assert "insults" not in page(cast.ben, question)
    assert "insults" not in page(cast.cara, question)
    for stranger in (cast.eve, cast.mori):
        with pytest.raises(Comment.DoesNotExist):
            report_comment(cast.as_(stranger), row=row, reason="")
    with pytest.raises(NotAllowedError):
        report_comment(cast.as_(cast.cara), row=row, reason="my own")


def test_hidden_words_are_seen_by_their_author_and_who_keeps_order(cast: Cast, question: Item) -> None:
    row = say(cast, cast.cara, question, RUDE)
    report_comment(cast.as_(cast.ben), row=row, reason="insults")
    hide_comment(cast.as_(dora()), row=row, reason="Be kind.")
    assert Report.objects.count() == 0
    for person in (cast.cara, dora(), cast.ann):
        assert RUDE in page(person, question), person
    reader = page(cast.ben, question)
    assert RUDE not in reader
    assert "Be kind." in reader
    assert program(cast.ben).ask(f"items/{question.ref}/comments").rows == []
    with pytest.raises(NotAllowedError):
        report_comment(cast.as_(cast.ben), row=row, reason="again")
    let_stand(cast.as_(dora()), row=row)
    assert RUDE in page(cast.ben, question)


def test_hiding_needs_a_reason(cast: Cast, question: Item) -> None:
    row = say(cast, cast.cara, question, RUDE)
    with pytest.raises(NotReadyError):
        hide_comment(cast.as_(dora()), row=row, reason=" ")
    assert RUDE in page(cast.ben, question)


def test_who_asks_says_what_answers_the_question(cast: Cast, question: Item) -> None:
    row = say(cast, cast.ben, question, "Turn it off and on.")
    with pytest.raises(NotAllowedError):
        accept_answer(cast.as_(cast.ben), item=question, row=row)
    accept_answer(cast.as_(cast.ann), item=question, row=row)
    assert told(Event.ACCEPTED) == {"Ben"}
    assert "Answered." in page(cast.cara, question)
    assert f'href="#comment-{row.pk}"' in page(cast.cara, question)
    accept_answer(cast.as_(cast.ann), item=question, row=None)
    assert "Answered." not in page(cast.cara, question)


def test_an_answer_that_is_deleted_or_hidden_answers_nothing(cast: Cast, question: Item) -> None:
    for hides in (False, True):
        row = say(cast, cast.ben, question, "Turn it off and on.")
        accept_answer(cast.as_(cast.ann), item=question, row=row)
        if hides:
            hide_comment(cast.as_(dora()), row=row, reason="wrong")
        else:
            delete_comment(cast.as_(cast.ben), row=row)
        assert "Answered." not in page(cast.cara, question)


def test_only_a_question_has_an_answer_and_only_its_own(cast: Cast, group: Group, question: Item) -> None:
    alert = shared(cast.as_(cast.ann), Choice(groups=[group.pk]), text(tlp=Tlp.GREEN))
    elsewhere = say(cast, cast.ben, alert, "Here")
    for item in (alert, question):
        with pytest.raises(NotAllowedError):
            accept_answer(cast.as_(cast.ann), item=item, row=elsewhere)


def test_an_expert_is_marked_and_a_sealed_author_is_not(cast: Cast, group: Group, question: Item) -> None:
    say(cast, cast.ben, question, "I know this.")
    assert "Expert" not in page(cast.cara, question)
    for person in (cast.ben, cast.ann):
        Role.objects.create(person=person, name="expert")
    assert page(cast.cara, question).count(">Expert<") == 1
    sealed = shared(cast.as_(cast.ann), Choice(groups=[group.pk]), text(tlp=Tlp.GREEN, unattributed=True))
    say(cast, cast.ann, sealed, "It was ours.")
    assert ">Expert<" not in page(cast.cara, sealed)


def test_the_page_reports_hides_and_accepts(cast: Cast, question: Item) -> None:
    row = say(cast, cast.cara, question, RUDE)
    there = f"/items/{question.ref}/comments/{row.pk}/order"
    browser(cast.ben).post(there, {"do": "report", "reason": "insults"})
    assert Report.objects.get().reason == "insults"
    assert browser(cast.ben).post(there, {"do": "hide", "reason": "x"}).status_code == 404
    assert browser(cast.eve).post(there, {"do": "report"}).status_code == 404
    browser(cast.ann).post(there, {"do": "answer"})
    question.refresh_from_db()
    assert question.answer == row
    browser(cast.ann).post(there, {"do": "answer"})
    browser(cast.ann).post(there, {"do": "hide"})
    row.refresh_from_db()
    assert row.hidden_at is None  # no reason was given
    browser(cast.ann).post(there, {"do": "hide", "reason": "Be kind."})
    row.refresh_from_db()
    assert row.hidden_at is not None
