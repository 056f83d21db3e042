"""What analysis says of entries: read once, decided by who answers for the piece, never against what people said."""

import pytest
from django.db import transaction

from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.assertions import Subject
from infohub.analysis.pipeline import Analysis, Readers
from infohub.assist import actions, tasks
from infohub.assist.models import Assertion, Reading, State, Stop, Verdict
from infohub.catalogue.models import Entry
from infohub.policy.offices import NotAllowedError
from infohub.sharing.choice import Choice
from infohub.support import clock, queue
from tests.cast import Cast
from tests.sharing import acts

pytestmark = pytest.mark.django_db

PHISHING = Says(Subject.TECHNIQUE, "T1566", "Phishing", 0, 5, 0.9, "linear")
STRANGER = Says(Subject.MALWARE, "Grimble", "Grimble", 0, 5, 0.6, actions.OF_THE_LANGUAGE)


def readers(*said: Says, version: str = "v1") -> Readers:
    return Readers(version, (lambda _text: said,), lambda _text: [(0, 5)])


def entry_of(cast: Cast) -> Entry:
    choice = Choice(organisations=[cast.clinic.pk], colleagues=True)
    piece = acts.shared(cast.as_(cast.ann), choice)
    return Entry.objects.readable(cast.as_(cast.ann)).get(ref=piece.ref)


def read(monkeypatch: pytest.MonkeyPatch, by: Readers) -> int:
    monkeypatch.setattr(tasks, "loaded", lambda: by)
    return tasks.read_due()


def test_a_shared_piece_is_read_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entry_of(cast)
    assert read(monkeypatch, readers(PHISHING)) == 1
    assert [row.value for row in Assertion.objects.of(entry)] == ["T1566"]
    assert Reading.objects.get(entry=entry).summary == [[0, 5]]
    assert read(monkeypatch, readers(PHISHING)) == 0


def test_a_decision_outlives_the_next_reading(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entry_of(cast)
    read(monkeypatch, readers(PHISHING, STRANGER))
    row = Assertion.objects.get(value="T1566")
    actions.decide(cast.as_(cast.ann), entry=entry, assertion=row, accepted=True)
    assert actions.read_anew("v2") == 1
    read(monkeypatch, readers(version="v2"))
    assert [(row.value, row.state) for row in Assertion.objects.of(entry)] == [("T1566", State.CONFIRMED)]
    assert actions.read_anew("v2") == 0


def test_who_answers_for_a_piece_decides_and_other_readers_do_not(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entry_of(cast)
    read(monkeypatch, readers(PHISHING))
    row = Assertion.objects.get()
    with pytest.raises((NotAllowedError, Entry.DoesNotExist)):
        actions.decide(cast.as_(cast.cara), entry=entry, assertion=row, accepted=False)
    with pytest.raises(Entry.DoesNotExist):
        actions.decide(cast.public, entry=entry, assertion=row, accepted=False)
    assert Assertion.objects.get().state == State.SUGGESTED
    assert not Verdict.objects.exists()
    actions.decide(cast.as_(cast.ann), entry=entry, assertion=row, accepted=False)
    assert Verdict.objects.get().accepted is False


def test_a_rejected_name_that_no_list_knows_is_suggested_nowhere_any_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = entry_of(cast), entry_of(cast)
    read(monkeypatch, readers(STRANGER, PHISHING))
    for value in ("Grimble", "T1566"):
        row = Assertion.objects.get(entry=first, value=value)
        actions.decide(cast.as_(cast.ann), entry=first, assertion=row, accepted=False)
    assert [row.value for row in Assertion.objects.of(second)] == ["T1566"], "a technique is rejected for one piece"
    assert Stop.objects.names() == {("malware", "grimble")}
    actions.read_anew("v2")
    read(monkeypatch, readers(STRANGER, version="v2"))
    assert not Assertion.objects.of(second).exists()
    actions.unstop(cast.as_(cast.opal), stop=Stop.objects.get())
    actions.read_anew("v3")
    read(monkeypatch, readers(STRANGER, version="v3"))
    assert [row.value for row in Assertion.objects.of(second)] == ["Grimble"]


def test_words_that_change_while_they_are_read_are_read_again(cast: Cast) -> None:
    entry = entry_of(cast)
    (leased,) = queue.lease(Reading.objects.unread(), limit=5, seconds=60)
    changed = Entry.objects.readable(cast.as_(cast.ann)).get(pk=entry.pk)
    changed.text = "Other words."
    with transaction.atomic():
        actions.await_reading(changed)
    assert not actions.write_reading(leased, entry=entry, analysis=Analysis((PHISHING,)), version="v1")
    assert not Assertion.objects.exists()
    assert Reading.objects.unread().filter(due_at__lte=clock.now()).count() == 1


def test_an_entry_that_breaks_its_reader_is_given_up_and_stops_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = entry_of(cast), entry_of(cast)

    def breaks(text: str) -> tuple[Says, ...]:
        if text == actions.text_of(bad):
            raise RecursionError
        return (PHISHING,)

    Entry.objects.as_system("the text of a test").filter(pk=bad.pk).update(text="breaks")
    bad.text = "breaks"
    for _attempt in range(tasks.RETRY.most):
        Reading.objects.unread().update(due_at=clock.now())
        read(monkeypatch, Readers("v1", (breaks,)))
    assert [row.entry_id for row in Reading.objects.dead()] == [bad.pk]
    assert Reading.objects.get(entry=bad).problem == "RecursionError"
    assert [row.value for row in Assertion.objects.of(good)] == ["T1566"]
