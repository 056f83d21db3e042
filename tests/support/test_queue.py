"""Promises about the queue: one worker at a time, later and later, and a row that kills its worker is left alone."""

from datetime import timedelta

import pytest

from infohub.delivery.models import Notice
from infohub.standards.tlp import Tlp
from infohub.support import queue
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.delivery.telling import tell


@pytest.fixture
def notices(cast: Cast) -> list[Notice]:
    """Three rows that are due."""
    return tell(make.entry(make.label(Tlp.GREEN)), cast.ann, cast.ben, cast.cara)


def lease(limit: int = 10, seconds: int = 60, retry: queue.Retry = queue.STANDARD) -> list[Notice]:
    """Take rows from the queue of unsent notices."""
    return queue.lease(Notice.objects.unsent(), limit=limit, seconds=seconds, retry=retry)


def ages_pass() -> None:
    """Every lease runs out and every wait is over."""
    Notice.objects.exclude(due_at=None).update(leased_until=None, due_at=now() - timedelta(seconds=1))


def test_a_leased_row_is_nobody_elses_until_the_lease_ends(notices: list[Notice]) -> None:
    first, second = lease(limit=2), lease(limit=2)
    assert {row.pk for row in first}.isdisjoint(row.pk for row in second)
    assert len(first) + len(second) == 3
    assert lease() == []
    ages_pass()
    assert len(lease()) == 3


def test_whoever_lost_the_lease_can_mark_nothing(notices: list[Notice]) -> None:
    (lost,) = lease(limit=1, seconds=-1)
    assert lost.pk in {row.pk for row in lease()}
    assert not queue.settle(lost, sent_at=now())
    assert not queue.put_off(lost, problem="mine")
    assert not queue.let_go(lost)
    assert Notice.objects.filter(sent_at=None, problem="").count() == 3


def test_a_renewed_lease_holds_and_a_lost_one_is_not_renewed(notices: list[Notice]) -> None:
    mine = lease(limit=2, seconds=1)
    Notice.objects.filter(pk=mine[1].pk).update(leased_until=now() + timedelta(hours=1))  # another worker's by now
    queue.renew(mine, seconds=600)
    assert queue.time_left(mine[0]) > timedelta(seconds=500)
    assert queue.settle(mine[0], sent_at=now())
    assert not queue.settle(mine[1], sent_at=now())


def test_a_row_let_go_has_lost_no_attempt(notices: list[Notice]) -> None:
    (row,) = lease(limit=1)
    assert queue.let_go(row)
    assert Notice.objects.get(pk=row.pk).attempts == 0
    assert len(lease()) == 3


def test_waits_double_up_to_the_longest() -> None:
    waits = [queue.STANDARD.wait_after(attempts).total_seconds() for attempts in (1, 2, 3, 8, 50)]
    assert waits == [30, 60, 120, 3600, 3600]


def test_a_row_whose_worker_dies_each_time_is_taken_alone_and_given_up_at_last(notices: list[Notice]) -> None:
    retry = queue.Retry(most=5)
    for _ in range(queue.ALONE_AFTER):
        assert len(lease(retry=retry)) == 3
        ages_pass()
    seen = []
    while taken := lease(retry=retry):
        assert len(taken) == 1
        seen.append(taken[0].pk)
        ages_pass()
    assert sorted(seen) == sorted([row.pk for row in notices] * 2)
    assert Notice.objects.dead().count() >= 1
