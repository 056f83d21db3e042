"""What analysis says of entries: read once, decided by who answers for the piece, never against what people said."""

import pytest
from django.db import transaction

from infohub.analysis.assertions import OF_THE_LANGUAGE, Subject
from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.document import Document
from infohub.analysis.pipeline import Analysis, Readers
from infohub.assist import actions, tasks
from infohub.assist.models import Assertion, Reading, State, Stop, Verdict
from infohub.catalogue.models import Entry
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.sharing.choice import Choice
from infohub.support import clock, queue
from tests.cast import Cast
from tests.sharing import acts

pytestmark = pytest.mark.django_db

PHISHING = Says(Subject.TECHNIQUE, "T1566", "Phishing", 0, 5, 0.9, "linear")
STRANGER = Says(Subject.MALWARE, "Grimble", "Grimble", 0, 5, 0.6, OF_THE_LANGUAGE)


def readers(*said: Says, version: str = "v1") -> Readers:
    return Readers(version, (lambda _document: said,), lambda _document, title: [(title, title + 5)])


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
    assert Reading.objects.get(entry=entry).summary == [[len(entry.title) + 1, len(entry.title) + 6]]
    assert read(monkeypatch, readers(PHISHING)) == 0


def test_a_decision_outlives_the_next_reading(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = entry_of(cast)
    read(monkeypatch, readers(PHISHING, STRANGER))
    row = Assertion.objects.get(value="T1566")
    actions.decide(cast.as_(cast.ann), entry=entry, assertion=row, accepted=True)
    assert actions.read_anew("v2") == 1
    read(monkeypatch, readers(version="v2"))
    assert [(row.value, row.state) for row in Assertion.objects.of(entry)] == [("T1566", State.CONFIRMED)]
    assert tasks.read_outdated() == 0


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


def test_a_moderator_who_reads_a_piece_decides_for_it_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = entry_of(cast)
    piece = acts.shared(cast.as_(cast.ann), Choice(everyone=True, confirmed=True))
    entry = Entry.objects.readable(cast.as_(cast.ann)).get(ref=piece.ref)
    read(monkeypatch, readers(STRANGER, PHISHING))
    with pytest.raises(NotAllowedError):
        reject(cast.as_(cast.cara), entry, "T1566")
    with pytest.raises(Entry.DoesNotExist):
        reject(cast.as_(cast.mori), hidden, "T1566")
    reject(cast.as_(cast.mori), entry, "Grimble")
    assert Assertion.objects.get(entry=entry, value="Grimble").decided_by_id == cast.as_(cast.mori).membership
    assert not Stop.objects.exists()
    assert values_of(hidden) == [["Grimble", "T1566"]]


def of_the_clinic(cast: Cast, *, unattributed: bool = False) -> Entry:
    written = acts.text(unattributed=unattributed, body="Nothing but words.")
    piece = acts.shared(cast.as_(cast.cara), Choice(organisations=[cast.bank.pk]), written)
    return Entry.objects.readable(cast.as_(cast.cara)).get(ref=piece.ref)


def reject(viewer: Viewer, entry: Entry, value: str) -> None:
    row = Assertion.objects.get(entry=entry, value=value)
    actions.decide(viewer, entry=entry, assertion=row, accepted=False)


def values_of(*entries: Entry) -> list[list[str]]:
    return [[row.value for row in Assertion.objects.of(entry)] for entry in entries]


def test_a_rejected_name_counts_for_its_organisation_and_with_a_second_one_for_all(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, foreign, third = entry_of(cast), entry_of(cast), of_the_clinic(cast), of_the_clinic(cast)
    read(monkeypatch, readers(STRANGER, PHISHING))
    reject(cast.as_(cast.ann), first, "Grimble")
    reject(cast.as_(cast.ann), first, "T1566")
    assert values_of(second, foreign) == [["T1566"], ["Grimble", "T1566"]], (
        "a technique is rejected for one piece alone"
    )
    stopped = Stop.objects.for_pieces_of
    assert stopped(cast.bank.pk) == {("malware", "grimble")}
    assert stopped(cast.clinic.pk) == stopped(None) == frozenset(), "one organisation decides for no other"
    actions.read_anew("v2")
    read(monkeypatch, readers(STRANGER, version="v2"))
    assert values_of(second, foreign) == [[], ["Grimble"]]
    reject(cast.as_(cast.cara), foreign, "Grimble")
    assert values_of(third) == [[]]
    assert stopped(None) == {("malware", "grimble")}


def test_who_steers_takes_a_name_off_the_list_and_nobody_else(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, foreign = entry_of(cast), of_the_clinic(cast)
    read(monkeypatch, readers(STRANGER))
    reject(cast.as_(cast.ann), first, "Grimble")
    reject(cast.as_(cast.cara), foreign, "Grimble")
    for other in (cast.ann, cast.cara, cast.mori, cast.audra):
        with pytest.raises(NotAllowedError):
            actions.unstop(cast.as_(other), stop=Stop.objects.earliest("pk"))
    assert Stop.objects.count() == 2
    actions.unstop(cast.as_(cast.opal), stop=Stop.objects.earliest("pk"))
    assert not Stop.objects.exists()
    third = of_the_clinic(cast)
    read(monkeypatch, readers(STRANGER))
    assert values_of(third) == [["Grimble"]]


def test_an_unattributed_piece_stops_nothing_elsewhere(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed, open_one = of_the_clinic(cast, unattributed=True), of_the_clinic(cast)
    read(monkeypatch, readers(STRANGER))
    reject(cast.as_(cast.cara), sealed, "Grimble")
    assert not Stop.objects.exists()
    assert values_of(open_one) == [["Grimble"]]
    assert Assertion.objects.get(entry=sealed).state == State.REJECTED


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

    def breaks(document: Document) -> tuple[Says, ...]:
        if document.text == actions.text_of(bad):
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


def test_a_piece_withdrawn_under_the_reader_keeps_no_other_from_being_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, entry = entry_of(cast), entry_of(cast)
    rows = queue.lease(Reading.objects.unread(), limit=2, seconds=60)
    Entry.objects.as_system("withdrawn meanwhile").filter(pk=gone.pk).delete()
    monkeypatch.setattr(queue, "lease", lambda *_rows, **_how: rows)
    assert read(monkeypatch, readers(PHISHING)) == 2
    assert [row.value for row in Assertion.objects.of(entry)] == ["T1566"]
