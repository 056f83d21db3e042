"""Decisions teach how sure to be: of open pieces, of many organisations, for nobody alone, until it is taken back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.assertions import Subject
from infohub.assist import tasks
from infohub.assist.learning import NothingBetterError, Sureness, go_back, kinds_learnt, learn, promote, sureness_here
from infohub.assist.models import Tuning, Verdict
from infohub.audit.models import Record
from infohub.policy.offices import NotAllowedError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.assist.decisions import decided, members, piece_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SURE = Says(Subject.TECHNIQUE, "T1566", "Phishing", 0, 5, 0.9, "sentence")


def worked_out(cast: Cast) -> Tuning:
    asked = learn(cast.as_(cast.grace))
    assert tasks.learn_due() == 1
    return Tuning.objects.get(pk=asked.pk)


def test_what_half_reject_is_called_less_sure_once_somebody_promotes_it(cast: Cast) -> None:
    decided(members(8), share=0.4)
    made = worked_out(cast)
    assert sureness_here().of(SURE) == 0.9, "nothing changes before"
    promote(cast.as_(cast.grace), tuning=made)
    assert 0.4 < sureness_here().of(SURE) < 0.8
    other = Says(Subject.MALWARE, "Emotet", "Emotet", 0, 5, 0.9, "list")
    assert sureness_here().of(other) == 0.9
    assert go_back(cast.as_(cast.opal))
    assert sureness_here().of(SURE) == 0.9
    assert not go_back(cast.as_(cast.opal))
    told = list(Record.objects.filter(subject=f"tuning {made.pk}").order_by("pk").values_list("verb", "person"))
    assert told == [("learn", cast.grace.pk), ("promote_tuning", cast.grace.pk), ("end_tuning", cast.opal.pk)]


def test_who_does_not_steer_learns_promotes_and_takes_back_nothing(cast: Cast) -> None:
    decided(members(8), share=0.4)
    made = worked_out(cast)
    for stranger in (cast.ann, cast.mori, cast.audra, cast.vera):
        for act in (learn, lambda viewer: promote(viewer, tuning=made), go_back):
            with pytest.raises(NotAllowedError):
                act(cast.as_(stranger))
    with pytest.raises(NotAllowedError):
        learn(cast.public)
    assert not Tuning.objects.get().in_force


@pytest.mark.parametrize("tlp", [Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED])
def test_decisions_about_restricted_pieces_teach_nothing(cast: Cast, tlp: Tlp) -> None:
    decided(members(8), share=0.0, tlp=tlp)
    assert kinds_learnt() == {}


def test_pieces_that_are_restricted_now_unattributed_or_gone_teach_nothing(cast: Cast) -> None:
    decided([None] * 8, share=0.0)
    assert kinds_learnt() == {}
    rows = decided(members(8), share=0.0)
    assert set(kinds_learnt()) == {"technique"}
    shut = make.label(Tlp.AMBER)
    for row in rows:
        assert row.entry is not None
        row.entry.label = shut
        row.entry.save(update_fields=["label"])
    assert kinds_learnt() == {}
    Verdict.objects.update(entry=None)
    assert kinds_learnt() == {}


def test_one_organisation_with_thousands_of_decisions_moves_nothing(cast: Cast) -> None:
    mallory = make.organisation("Mallory")
    decided([mallory], share=0.0, each=1000)
    assert kinds_learnt() == {}, "alone it teaches nothing"
    decided(members(7), share=0.9)
    kinds = kinds_learnt()
    if kinds["technique"]["better"]:
        assert Sureness({"technique": kinds["technique"]["steps"]}).of(SURE) > 0.88


def test_of_several_decisions_about_one_finding_the_latest_counts_once(cast: Cast) -> None:
    for owner in members(8):
        entry = piece_of(owner, make.entry(make.label(Tlp.GREEN)))
        told = {
            "subject": "technique",
            "value": "T1566",
            "method": "sentence",
            "confidence": 0.9,
            "tlp": Tlp.GREEN.value,
        }
        Verdict.objects.bulk_create(
            Verdict(entry=entry, accepted=place % 2 == 0, at=now(), **told) for place in range(60)
        )
    assert kinds_learnt() == {}, "eight labels, not four hundred and eighty"


def test_what_is_no_better_is_never_promoted(cast: Cast) -> None:
    made = worked_out(cast)
    assert made.kinds == {}
    with pytest.raises(NothingBetterError):
        promote(cast.as_(cast.grace), tuning=made)
    later = learn(cast.as_(cast.grace))
    with pytest.raises(NothingBetterError):
        promote(cast.as_(cast.grace), tuning=later)


def test_what_was_learnt_of_earlier_models_counts_no_more(cast: Cast) -> None:
    decided(members(8), share=0.4)
    made = worked_out(cast)
    promote(cast.as_(cast.grace), tuning=made)
    Tuning.objects.update(version="earlier")
    assert sureness_here().of(SURE) == 0.9
    Tuning.objects.update(in_force=False)
    with pytest.raises(NothingBetterError):
        promote(cast.as_(cast.grace), tuning=made)


def test_what_waits_is_not_asked_for_twice_and_one_alone_is_in_force(cast: Cast) -> None:
    decided(members(8), share=0.4)
    first = learn(cast.as_(cast.grace))
    assert learn(cast.as_(cast.opal)).pk == first.pk
    tasks.learn_due()
    assert tasks.learn_due() == 0
    promote(cast.as_(cast.grace), tuning=first)
    second = worked_out(cast)
    promote(cast.as_(cast.grace), tuning=second)
    assert [row.pk for row in Tuning.objects.filter(in_force=True)] == [second.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Tuning.objects.filter(pk=first.pk).update(in_force=True)
