"""Promises of the discussion: replies, second thoughts, mentions that reach readers only, and the seal."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.delivery.models import Event, Notice
from infohub.members.models import Person
from infohub.sharing.actions import comment
from infohub.sharing.choice import Choice
from infohub.sharing.models import Comment, Item
from infohub.support.clock import now
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast: Cast) -> Item:
    """Ann's piece for Banking."""
    return shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]))


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def say(cast: Cast, person: Person, item: Item, body: str, parent: Comment | None = None) -> Comment:
    return comment(cast.as_(person), item=item, body=body, nonce=uuid.uuid4(), parent=parent)


def page(person: Person, item: Item) -> str:
    return browser(person).get(f"/items/{item.ref}").content.decode()


def test_replies_stand_below_what_they_answer_one_level_deep(cast: Cast, item: Item) -> None:
    first, second = say(cast, cast.ben, item, "First words"), say(cast, cast.ann, item, "Second words")
    client = browser(cast.ann)
    client.post(f"/items/{item.ref}/comments", {"body": "Answer to the first", "parent": first.pk})
    answer = Comment.objects.as_system("a test looks").get(body="Answer to the first")
    client.post(f"/items/{item.ref}/comments", {"body": "Answer to the answer", "parent": answer.pk})
    deeper = Comment.objects.as_system("a test looks").get(body="Answer to the answer")
    assert (answer.parent, deeper.parent) == (first, first)
    content = page(cast.ben, item)
    at = [
        content.find(words) for words in ("First words", "Answer to the first", "Answer to the answer", "Second words")
    ]
    assert at == sorted(at)
    assert -1 not in at
    assert second.parent is None


def test_nobody_replies_below_another_piece_or_unseen(cast: Cast, item: Item) -> None:
    other = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]))
    row = say(cast, cast.ben, item, "Here")
    elsewhere = browser(cast.ben).post(f"/items/{other.ref}/comments", {"body": "Typed words", "parent": row.pk})
    assert elsewhere.status_code == 422
    assert "Typed words" in elsewhere.text
    assert '<option value="-">Choose who reads it</option>' in elsewhere.text
    outsider = browser(cast.cara)
    assert outsider.post(f"/items/{item.ref}/comments", {"body": "x", "parent": row.pk}).status_code == 404
    assert outsider.post(f"/items/{item.ref}/comments/{row.pk}", {"do": "delete"}).status_code == 404
    assert Comment.objects.as_system("a test counts").count() == 1


def test_ones_own_words_can_be_bettered_for_a_quarter_of_an_hour(cast: Cast, item: Item) -> None:
    row = say(cast, cast.ben, item, "Frist words")
    assert browser(cast.ann).post(f"/items/{item.ref}/comments/{row.pk}", {"body": "mine now"}).status_code == 404
    client = browser(cast.ben)
    client.post(f"/items/{item.ref}/comments/{row.pk}", {"body": "First words", "do": "edit"})
    row.refresh_from_db()
    assert row.body == "First words"
    assert "edited" in page(cast.ann, item)
    Comment.objects.as_system("time passes").update(at=now() - timedelta(minutes=16))
    answer = client.post(f"/items/{item.ref}/comments/{row.pk}", {"body": "Too late", "do": "edit"})
    assert answer.status_code == 422
    assert "Too late" in answer.content.decode()
    row.refresh_from_db()
    assert row.body == "First words"


def test_deleted_words_are_gone_and_their_place_stays_only_where_it_was_answered(cast: Cast, item: Item) -> None:
    answered, alone = say(cast, cast.ben, item, "Answered words"), say(cast, cast.ben, item, "Lonely words")
    say(cast, cast.ann, item, "The answer", parent=answered)
    client = browser(cast.ben)
    for row in (answered, alone):
        for _ in range(2):
            client.post(f"/items/{item.ref}/comments/{row.pk}", {"do": "delete"})
    content = page(cast.ann, item)
    assert "Answered words" not in content
    assert "Lonely words" not in content
    assert content.count("Deleted by its author.") == 1
    assert set(Comment.objects.as_system("a test looks").values_list("body", flat=True)) == {"", "The answer"}
    assert Entry.objects.as_system("a test looks").get(ref=item.ref).comment_count == 1


def test_a_mention_tells_readers_and_nobody_else(cast: Cast, item: Item) -> None:
    say(cast, cast.ann, item, "What do you think, @Ben and @Cara?")
    told = Notice.objects.filter(event=Event.MENTIONED)
    assert list(told.values_list("person", flat=True)) == [cast.ben.pk]
    assert not Notice.objects.filter(person=cast.cara).exists()
    assert not Notice.objects.filter(event=Event.COMMENTED, person=cast.ben).exists()
    assert "mentions you" not in page(cast.cara, shared(cast.as_(cast.cara), Choice(everyone=True, confirmed=True)))


def test_a_mention_means_the_whole_name(cast: Cast, item: Item) -> None:
    Person.objects.filter(pk=cast.ben.pk).update(name="Ann Lee")
    say(cast, cast.ann, item, "As @Ann Leeson and others said")
    assert not Notice.objects.filter(event=Event.MENTIONED).exists()
    say(cast, cast.ann, item, "As @ann lee, said")
    assert list(Notice.objects.filter(event=Event.MENTIONED).values_list("person", flat=True)) == [cast.ben.pk]


def test_what_a_sealed_author_says_and_takes_back_stays_under_the_seal(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(unattributed=True))
    row = say(cast, cast.ann, item, "From the author @Ben")
    client = browser(cast.ann)
    client.post(f"/items/{item.ref}/comments/{row.pk}", {"body": "From the author, better", "do": "edit"})
    content = page(cast.ben, item)
    assert "under the seal" in content
    assert "Ann" not in content
    client.post(f"/items/{item.ref}/comments/{row.pk}", {"do": "delete"})
    made = Record.objects.filter(subject=item.ref, verb__in=["comment", "edit_comment", "delete_comment"])
    assert made.count() == 3
    assert not made.exclude(person=None, organisation=None).exists()


def test_the_form_of_somebody_else_makes_nothing_and_loses_nothing(cast: Cast, item: Item) -> None:
    nonce = uuid.uuid4()
    comment(cast.as_(cast.ann), item=item, body="First", nonce=nonce)
    taken = browser(cast.ben).post(f"/items/{item.ref}/comments", {"body": "Mine", "nonce": str(nonce)})
    assert taken.status_code == 403
    assert "Mine</textarea>" in taken.text
    twice = browser(cast.ann).post(f"/items/{item.ref}/comments", {"body": "First", "nonce": str(nonce)})
    assert twice.status_code == 302
    assert Comment.objects.as_system("a test counts").count() == 1
