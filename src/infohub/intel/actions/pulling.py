"""Keeps what a pull brings: each batch in one transaction with the cursor that covers it; a crash loses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import orjson
from django.db import IntegrityError, transaction
from django.db.models import F

from infohub.intel.actions.adding import add
from infohub.intel.actions.facts import keep_facts
from infohub.intel.actions.keeping import batches
from infohub.intel.actions.reading import Given, is_unexplained, read_objects
from infohub.intel.models import Placement, Quarantined, Source, SourceRun
from infohub.intel.models.sources import MOST_HELD
from infohub.intel.pulls import Batch, PullError
from infohub.standards.feeds.objects import revised
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import levels_of
from infohub.standards.stix21.parse import MARKING, Stated, stated
from infohub.standards.tlp import Tlp
from infohub.support import queue
from infohub.support.clock import now
from infohub.support.outbound import OutboundError
from infohub.support.queue import DueRow, Retry

LEASE = 120  # seconds; far longer than a turn, and renewed with each batch
KEPT = timedelta(days=30)
FAILED = Retry(first=timedelta(minutes=5), longest=timedelta(hours=6), most=30_000)
"""A source that fails is asked ever more rarely, and never given up."""

_TRIES = 3
_FULL = Problem("object_marking_refs", "too many objects wait for a decision about their marking already")
SENTENCES = (_FULL.message,)


@dataclass(slots=True)
class Read:
    """A batch before anything is written: what may enter, what has to wait, and what is refused."""

    enters: list[Stated]
    waits: list[tuple[Stated, str]]
    refused: list[Line]


def begin_run(source: Source) -> SourceRun:
    """The run that this turn goes on with: one that was cut off, or a new one."""
    open_run = source.runs.filter(ended=None).order_by("-pk").first()
    return open_run or SourceRun.objects.create(source=source, started=now())


def read_batch(source: Source, batch: Batch) -> Read:
    """Check the objects of a batch; outside any transaction, so that nobody waits for it."""
    objects = _revised(source, batch.objects) if batch.ours else list(batch.objects)
    read = read_objects(objects, collection=source.collection, source=source.placing, decided=source.levels)
    made = Read([], [], [])
    for given, one in zip(objects, read, strict=True):
        if isinstance(one, Stated):
            made.enters.append(_stamped(one, max(source.tlp, batch.least)))
        elif is_unexplained(one):
            made.waits.append((stated(given), one.problems[0].found))
        else:
            made.refused.append(_line(one.id, *one.problems))
    return made


def keep_batch(source: Source, run: SourceRun, batch: Batch) -> bool:
    """Place what a batch brings and move the cursor; false where the source is not ours to pull any more.

    Another writer may be adding the same text to another collection at the same moment: then this one looks again.
    """
    read = read_batch(source, batch)
    for _again in range(_TRIES - 1):
        try:
            return _keep_batch(source, run, batch, read)
        except IntegrityError:
            continue
    return _keep_batch(source, run, batch, read)


@transaction.atomic
def _keep_batch(source: Source, run: SourceRun, batch: Batch, read: Read) -> bool:
    rows = Source.objects.active().filter(pk=source.pk, leased_until=source.leased_until)
    if not list(
        rows.select_for_update(no_key=True).values_list("pk")
    ):  # paused, removed or changed, or another worker has it
        return False
    new = _without_known(source, read.enters)
    problems = add(source.collection_id, new, source=source.placing)
    refused = [_line(one.id, problem) for one, problem in zip(new, problems, strict=True) if problem]
    held, full = _hold(source, read.waits)
    taken = len(new) - len(refused) + (keep_facts(batch.facts) if batch.facts else 0)
    told = SourceRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    told.taken += taken
    told.held += held
    told.note([*batch.lines, *read.refused, *refused, *full])
    told.save()
    rows.update(cursor=batch.cursor, taken=F("taken") + taken)
    source.cursor = dict(batch.cursor)
    let_in(source, levels_of(batch.objects))
    queue.renew([source], seconds=LEASE)
    return True


def let_in(source: Source, levels: Mapping[str, Tlp | None]) -> int:
    """Place what waited for the meaning of these markings, as far as nothing else is unknown; how many entered."""
    entered = 0
    waiting = list(Quarantined.objects.filter(source=source, marking__in=levels).order_by("pk"))
    for start in range(0, len(waiting), 1000):
        some = waiting[start : start + 1000]
        given: list[Given] = [orjson.loads(row.raw) for row in some]
        decided = {**levels, **source.levels}
        read = read_objects(given, collection=source.collection, source=source.placing, decided=decided)
        ready = [_stamped(one, source.tlp) for one in read if isinstance(one, Stated)]
        problems = add(source.collection_id, ready, source=source.placing)
        entered += problems.count(None)
        gone: list[int] = []
        for row, one in zip(some, read, strict=True):
            if is_unexplained(one):  # it names another that is not known
                Quarantined.objects.filter(pk=row.pk).update(marking=one.problems[0].found)
            else:
                gone.append(row.pk)
        Quarantined.objects.filter(pk__in=gone).delete()
    if entered:
        Source.objects.filter(pk=source.pk).update(taken=F("taken") + entered)
    return entered


@transaction.atomic
def settle_run(source: Source, run: SourceRun) -> None:
    """Nothing more is to come: the next pull is due after the source's minutes."""
    at = now()
    if queue.settle(source, due_at=at + timedelta(minutes=source.minutes), last_success=at):
        Source.objects.filter(pk=source.pk).update(attempts=0, failing_since=None)
        SourceRun.objects.filter(pk=run.pk).update(ended=at)


@transaction.atomic
def break_off(source: Source) -> None:
    """The turn is over and there is more: the same run goes on as soon as the others had their turn."""
    if queue.settle(source, due_at=now()):
        Source.objects.filter(pk=source.pk).update(attempts=0)


@transaction.atomic
def fail_run(source: Source, run: SourceRun, problem: PullError | OutboundError) -> None:
    """Note why there is no more, and try again later."""
    if put_off(source, problem):
        Source.objects.filter(pk=source.pk, failing_since=None).update(failing_since=now())
        SourceRun.objects.filter(pk=run.pk).update(ended=now(), problem=said_of(problem))


def put_off(row: DueRow, problem: PullError | OutboundError) -> bool:
    """Try a row again later: after what the other side asks for, or ever more rarely; false if it is not ours now."""
    wait = problem.wait if isinstance(problem, PullError) else 0
    later = timedelta(seconds=wait)
    retry = replace(FAILED, first=later, longest=later) if later > FAILED.wait_after(row.attempts) else FAILED
    return queue.put_off(row, problem=said_of(problem), retry=retry)


def said_of(problem: PullError | OutboundError) -> str:
    """A problem as it is kept."""
    return problem.problem if isinstance(problem, PullError) else problem.reason.value


def forget_runs() -> int:
    """Delete the runs that are older than is kept."""
    gone, _rows = SourceRun.objects.forgotten(now() - KEPT).delete()
    return gone


def _revised(source: Source, objects: Sequence[Given]) -> list[Given]:
    """What differs from what the source has here: new objects, and new versions of those that say something new."""
    ids = [str(given["id"]) for given in objects]
    newest = Placement.objects.filter(collection=source.collection_id, source=source.placing, is_newest=True)
    kept = {
        stix_id: raw
        for some in batches(ids)
        for stix_id, raw in newest.filter(stix_id__in=some).values_list("stix_id", "object__raw")
    }
    at = now()
    found: list[Given] = []
    for given in objects:
        raw = kept.get(str(given["id"]))
        one = given if raw is None else revised(given, orjson.loads(raw), at=at)
        if one is not None:
            found.append(one)
    return found


def _stamped(one: Stated, tlp: int) -> Stated:
    """An object that carries no marking gets the source's level; the definition of a marking is no secret."""
    return one if one.tlp is not None or one.type == MARKING else replace(one, tlp=Tlp(tlp))


def _without_known(source: Source, objects: Sequence[Stated]) -> list[Stated]:
    """Those that the source has not placed yet, each once."""
    wanted = {one.digest: one for one in objects}
    mine = Placement.objects.filter(collection=source.collection_id, source=source.placing)
    for some in batches(list(wanted)):
        for digest in mine.filter(object__digest__in=some).values_list("object__digest", flat=True):
            del wanted[digest]
    return list(wanted.values())


def _hold(source: Source, waits: Sequence[tuple[Stated, str]]) -> tuple[int, list[Line]]:
    """Keep what waits for a decision, up to a number; how many are new, and lines for those without room."""
    there = set(Quarantined.objects.filter(source=source).values_list("digest", flat=True)) if waits else set()
    new = {one.digest: (one, marking) for one, marking in waits if one.digest not in there}
    room = MOST_HELD - len(there)
    rows, rest = list(new.values())[:room], list(new.values())[room:]
    at = now()
    Quarantined.objects.bulk_create(
        Quarantined(source=source, stix_id=one.id, digest=one.digest, raw=one.raw, marking=marking, at=at)
        for one, marking in rows
    )
    return len(rows), [_line(one.id, _FULL) for one, _marking in rest]


def _line(subject: str, *problems: Problem) -> Line:
    return Line(subject, Outcome.REFUSED, problems)
