"""What an installation learns from its members' decisions: how sure to call what analysis says, and nothing else.

It learns from decisions about CLEAR and GREEN pieces whose organisation is known, each finding once, by its latest
decision. What is suggested stays the same, and so do the names there are: nobody is told by it what others' pieces say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Protocol

from django.db import transaction

from infohub.analysis.sureness import Candidate, Judged, Steps, candidate, step_of, told
from infohub.assist.models import Kept, Said, Tuning, Verdict
from infohub.assist.readers import loaded
from infohub.audit.actions import record
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.support.clock import now


class NothingBetterError(Exception):
    """There is nothing to promote: it is not worked out, of other models, or no better than what is shipped."""


class Sayable(Protocol):
    """An assertion, of analysis or as it is kept."""

    @property
    def subject(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def confidence(self) -> float: ...


class Sureness:
    """How sure to call what is said, by the tuning in force; as shipped without one."""

    def __init__(self, steps: Mapping[str, Steps]) -> None:
        self._steps = steps

    def of(self, one: Sayable) -> float:
        """The confidence to be told; the kept one is always the shipped models' own."""
        return told(one.confidence, step_of(self._steps.get(one.subject, {}), one.method, one.value))


def sureness_here() -> Sureness:
    """As it is now, in one query. What was learnt about other models than these counts for nothing."""
    tuning = Tuning.objects.filter(in_force=True).first()
    if tuning is None or tuning.version != loaded().version:
        return Sureness({})
    return Sureness(tuning.steps)


@transaction.atomic
def learn(viewer: Viewer) -> Tuning:
    """Let the worker find out what the decisions so far teach; what waits already is not asked for twice."""
    offices.demand_steering(viewer)
    waiting = Tuning.objects.unmade().exclude(due_at=None).first()
    if waiting is not None:
        return waiting
    at = now()
    made = Tuning.objects.create(asked_at=at, due_at=at)
    record(viewer, "learn", f"tuning {made.pk}")
    return made


@transaction.atomic
def promote(viewer: Viewer, *, tuning: Tuning) -> Tuning:
    """Let what was learnt count from now on, instead of what did. Raises NothingBetterError."""
    offices.demand_steering(viewer)
    row = Tuning.objects.select_for_update().get(pk=tuning.pk)
    if row.in_force:
        return row
    if not row.steps or row.version != loaded().version:
        raise NothingBetterError
    at = now()
    Tuning.objects.filter(in_force=True).update(in_force=False, ended_at=at)
    row.in_force, row.promoted_at, row.ended_at = True, at, None
    row.save(update_fields=["in_force", "promoted_at", "ended_at"])
    record(viewer, "promote_tuning", f"tuning {row.pk}", detail={"kinds": sorted(row.steps)})
    return row


@transaction.atomic
def go_back(viewer: Viewer) -> bool:
    """Let the shipped models' own confidence count again; false where it does already."""
    offices.demand_steering(viewer)
    row = Tuning.objects.select_for_update().filter(in_force=True).first()
    if row is None:
        return False
    row.in_force, row.ended_at = False, now()
    row.save(update_fields=["in_force", "ended_at"])
    record(viewer, "end_tuning", f"tuning {row.pk}")
    return True


def kinds_learnt() -> dict[str, Kept]:
    """What the decisions teach of each subject that has enough of them, ready to be kept."""
    found = {}
    for subject, labels in _labels().items():
        made = candidate(labels, by_value=subject == Said.TECHNIQUE)
        if made is not None:
            found[subject] = _kept(made)
    return found


def _labels() -> Mapping[str, list[Judged]]:
    """By subject, in the order of time."""
    latest: dict[tuple[int, str, str], Judged] = {}
    rows = Verdict.objects.teaching().order_by("at", "pk")
    columns = ("subject", "method", "value", "confidence", "accepted", "entry__owner", "entry")
    for subject, method, value, confidence, accepted, owner, entry in rows.values_list(*columns).iterator():
        latest.pop((entry, subject, value), None)  # the latest stands last
        latest[entry, subject, value] = Judged(method, value, confidence, accepted, owner, entry)
    labels = defaultdict(list)
    for (_entry, subject, _value), label in latest.items():
        labels[subject].append(label)
    return labels


def _kept(made: Candidate) -> Kept:
    score = made.score
    return {
        "steps": dict(made.steps),
        "better": made.better,
        "labels": score.labels,
        "log": [score.shipped_log, score.learnt_log],
        "square": [score.shipped_square, score.learnt_square],
    }
