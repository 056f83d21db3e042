"""The due-row queue: rows that say themselves when they are to be done, leased by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from infohub.support.clock import now

ALONE_AFTER = 3  # a row that failed this often is leased alone, so that it takes no others down with it


class DueRow(models.Model):
    """What a model needs to be a queue; whether a row is done is the model's own column.

    `due_at` empty = not to be done (any more); with a `problem` it is a dead letter. A worker that dies lets its
    lease run out, and the row is due again: nothing has to find out that it died.
    """

    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=DueRow)


@dataclass(frozen=True, slots=True)
class Retry:
    """How failed work is tried again: after `first`, then twice as late each time up to `longest`, `most` times."""

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    most: int = 50

    def wait_after(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        return min(self.longest, self.first * (1 << min(max(attempts - 1, 0), 30)))


STANDARD = Retry()


def lease(rows: QuerySet[Row], *, limit: int, seconds: int, retry: Retry = STANDARD) -> list[Row]:
    """Take up to `limit` due rows for `seconds`; `rows` are those of a model that are not done yet.

    The transaction is short and over before the work begins. No two workers get the same row: PostgreSQL skips what
    another is just taking, SQLite lets one writer in at a time.
    """
    moment = now()
    due = rows.filter(Q(leased_until=None) | Q(leased_until__lte=moment), due_at__lte=moment)
    if not due.exists():  # an idle worker must not take the write lock every second
        return []
    until = moment + timedelta(seconds=seconds)
    with transaction.atomic():
        first = due.order_by("attempts", "due_at", "pk").select_for_update(skip_locked=True, of=("self",))
        taken = _without_company(list(first[:limit]))
        if not taken:  # another worker was faster
            return []
        _same(taken).update(leased_until=until, attempts=F("attempts") + 1)
    for row in taken:
        row.leased_until, row.attempts = until, row.attempts + 1
    for row in [row for row in taken if row.attempts > retry.most]:
        bury(row, problem=row.problem or f"given up after {retry.most} attempts")
    return [row for row in taken if row.due_at is not None]


def renew(rows: Sequence[Row], *, seconds: int) -> None:
    """Keep rows leased together for longer; those another worker has taken since stay his."""
    if not rows:
        return
    until = now() + timedelta(seconds=seconds)
    _same(rows).filter(leased_until=rows[0].leased_until).update(leased_until=until)
    for row in rows:
        row.leased_until = until


def time_left(row: DueRow) -> timedelta:
    """How long the lease still holds; when nothing is left, another worker may have the row."""
    return timedelta(0) if row.leased_until is None else row.leased_until - now()


def settle(row: DueRow, **done: datetime) -> bool:
    """Mark a leased row as done by setting its own columns; false if the lease was lost meanwhile."""
    return _mine(row).update(leased_until=None, problem="", **done) == 1


def let_go(row: DueRow) -> bool:
    """Give a row back as if it had not been leased."""
    return _mine(row).update(leased_until=None, attempts=F("attempts") - 1) == 1


def put_off(row: DueRow, *, problem: str, retry: Retry = STANDARD) -> bool:
    """Try a failed row again later, ever later; after too many attempts it is a dead letter."""
    if row.attempts >= retry.most:
        return bury(row, problem=problem)
    later = now() + retry.wait_after(row.attempts)
    return _mine(row).update(leased_until=None, due_at=later, problem=problem[:300]) == 1


def bury(row: DueRow, *, problem: str) -> bool:
    """Make a row a dead letter: due no more, its problem kept for people to see."""
    buried = _mine(row).update(leased_until=None, due_at=None, problem=problem[:300]) == 1
    row.due_at = None
    return buried


def dead_letters(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Which of the rows that are not done have been given up."""
    return rows.filter(due_at=None).exclude(problem="")


def revive(rows: QuerySet[Row]) -> int:
    """Make dead letters due again, with all their attempts before them."""
    return dead_letters(rows).update(due_at=now(), attempts=0, problem="")


def _without_company(rows: list[Row]) -> list[Row]:
    healthy = [row for row in rows if row.attempts < ALONE_AFTER]
    return healthy or rows[:1]


def _same(rows: Sequence[Row]) -> QuerySet[Row]:
    return type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows])


def _mine(row: DueRow) -> QuerySet[DueRow]:
    return type(row)._base_manager.filter(pk=row.pk, leased_until=row.leased_until)
