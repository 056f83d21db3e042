"""The worker's legs for machines: what is due appears, what sources have is pulled, old answers are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from infohub.intel.actions import BATCH, add_due
from infohub.intel.actions.pulling import FAILED, LEASE, begin_run, break_off, fail_run, keep_batch, settle_run
from infohub.intel.models import Source, SourceRun, Submission, Unexplained, Waiting
from infohub.intel.pulls import PULLS, Asker, PullError, Trouble
from infohub.support import queue
from infohub.support.clock import now
from infohub.support.outbound import OutboundError

ANSWERS_KEPT = timedelta(days=30)  # TAXII 2.1 wants a day at least (section 4.3)
LONGEST_RUN = timedelta(hours=1)


def place_due(at: datetime) -> int:
    """Date all placements that are due, collection by collection, in small transactions; how many there were."""
    waiting = Waiting.objects.due(at).order_by("collection").values_list("collection", flat=True).distinct()
    return sum(_add_all(collection, at) for collection in list(waiting))


def _add_all(collection: int, at: datetime) -> int:
    total = added = add_due(collection, at=at)
    while added == BATCH:
        added = add_due(collection, at=at)
        total += added
    return total


def forget_submissions(at: datetime) -> int:
    """Delete what was answered long ago, and what nobody explained since; the objects stay. How many there were."""
    old = at - ANSWERS_KEPT
    return sum(rows.filter(at__lt=old).delete()[0] for rows in (Submission.objects, Unexplained.objects))


def pull_sources() -> int:
    """One turn of the one source that is due first; how many there were.

    One a turn, and a turn is short: a source that is slow or endless must not keep mail and the other sources waiting.
    """
    leased = queue.lease(Source.objects.active().select_related("collection"), limit=1, seconds=LEASE, retry=FAILED)
    for source in leased:
        run = begin_run(source)
        try:
            _pull(source, run)
        except (PullError, OutboundError) as problem:
            fail_run(source, run, problem)
    return len(leased)


def _pull(source: Source, run: SourceRun) -> None:
    """Ask outside of transactions, keep inside of them, until there is no more or the turn is over."""
    asker = Asker.of(source)
    for batch in PULLS[source.kind](asker, source):
        if not keep_batch(source, run, batch):
            return
        if not asker.has_time:
            if now() - run.started > LONGEST_RUN:  # perhaps there is no end
                raise PullError(Trouble.LONG)
            break_off(source)
            return
    settle_run(source, run)
