"""Promises about the worker's loop: legs take turns, a broken one waits, and it stops when told."""

import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from infohub.support.worker import BEAT, Leg, Loop, last_beat


class Bell:
    """A clock that a test turns by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


class Work:
    """A leg's work: what is left to do, whether it fails, and how often it was asked."""

    def __init__(self, left: int = 0) -> None:
        self.left, self.runs, self.broken = left, 0, False

    def __call__(self) -> int:
        self.runs += 1
        if self.broken:
            raise ValueError("ann@bank.example is not to be seen in a log")
        done, self.left = min(self.left, 10), max(0, self.left - 10)
        return done


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.mark.django_db
def test_a_leg_with_work_left_comes_again_at_once_and_an_idle_one_waits(bell: Bell, tmp_path: Path) -> None:
    busy, idle = Work(left=25), Work()
    loop = Loop([Leg("busy", busy), Leg("idle", idle, every=5)], tmp_path / "alive", clock=bell)
    assert [loop.turn(Event()) for _ in range(4)] == [10, 10, 5, 0]
    assert (busy.runs, idle.runs) == (4, 1)
    bell.time = 5
    loop.turn(Event())
    assert (busy.runs, idle.runs) == (5, 2)


@pytest.mark.django_db
def test_a_broken_leg_waits_longer_each_time_and_stops_no_other(
    bell: Bell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, sound = Work(), Work()
    broken.broken = True
    loop = Loop([Leg("broken", broken), Leg("sound", sound)], tmp_path / "alive", clock=bell)
    tried = []
    for second in range(40):
        bell.time = float(second)
        before = broken.runs
        loop.turn(Event())
        tried += [second] if broken.runs > before else []
    assert tried == [0, 2, 6, 14, 30]
    assert sound.runs == 40
    said = "".join(capsys.readouterr())
    assert "ValueError" in said
    assert "ann@bank.example" not in said


@pytest.mark.django_db
def test_a_mended_leg_is_back_in_turn(bell: Bell, tmp_path: Path) -> None:
    work = Work()
    work.broken = True
    loop = Loop([Leg("work", work)], tmp_path / "alive", clock=bell)
    loop.turn(Event())
    work.broken = False
    bell.time = 2
    loop.turn(Event())
    bell.time = 3
    loop.turn(Event())
    assert work.runs == 3


@pytest.mark.django_db
def test_the_loop_ends_when_told_and_starts_no_further_leg(bell: Bell, tmp_path: Path) -> None:
    stop, later = Event(), Work()

    def last() -> int:
        stop.set()
        return 1

    Loop([Leg("last", last), Leg("later", later)], tmp_path / "alive", clock=bell).work(stop)
    assert stop.is_set()
    assert later.runs == 0


@pytest.mark.django_db
def test_a_running_loop_shows_signs_of_life(bell: Bell, tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    assert last_beat(sign) is None
    loop = Loop([], sign, clock=bell)
    loop.beat()
    os.utime(sign, (0, 0))
    bell.time = BEAT - 1
    loop.beat()
    assert last_beat(sign) == datetime.fromtimestamp(0, tz=UTC)
    bell.time = BEAT
    loop.beat()
    last = last_beat(sign)
    assert last is not None
    assert last.year > 2000


@pytest.mark.django_db
def test_a_disk_that_takes_no_sign_of_life_does_not_end_the_worker(bell: Bell, tmp_path: Path) -> None:
    stop = Event()

    def once() -> int:
        stop.set()
        return 1

    loop = Loop([Leg("once", once)], tmp_path / "no such folder" / "alive", clock=bell)
    loop.work(stop)
    assert last_beat(loop.heartbeat) is None
    assert stop.is_set()
