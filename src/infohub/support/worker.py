"""The worker's loop: runs its legs in turn until it is told to stop; a leg that fails waits and stops no other."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import structlog
from django.conf import settings
from django.db import close_old_connections

log = structlog.get_logger(__name__)

PAUSE = 1.0
LONGEST_PAUSE = 60.0
BEAT = 5.0
ALIVE_FOR = 60.0

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Leg:
    """One kind of work: `run` does what is due and says how much that was; none = ask again `every` so many seconds."""

    name: str
    run: Callable[[], int]
    every: float = PAUSE


@dataclass(slots=True)
class Turn:
    """When a leg comes next, and how often it has failed in a row."""

    at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class Loop:
    """Runs legs one after the other in one thread; several workers may run beside each other."""

    legs: Sequence[Leg]
    heartbeat: Path
    clock: Clock = time.monotonic
    turns: dict[str, Turn] = field(default_factory=dict)
    beaten: float | None = None

    def work(self, stop: Event) -> None:
        """Take turns until told to stop; a wait ends at once when that happens."""
        while not stop.is_set():
            self.beat()
            done = self.turn(stop)
            stop.wait(0 if done else PAUSE)

    def turn(self, stop: Event) -> int:
        """Run each leg that is due once; how much was done altogether."""
        close_old_connections()
        return sum(self._run(leg) for leg in self.legs if self._is_due(leg) and not stop.is_set())

    def beat(self) -> None:
        """Show that the loop still turns."""
        moment = self.clock()
        if self.beaten is None or moment - self.beaten >= BEAT:
            self.beaten = moment
            try:
                self.heartbeat.write_text(f"{os.getpid()}\n", encoding="utf-8")
            except OSError as problem:  # a full disk must not end the worker
                log.warning("no_heartbeat", problem=type(problem).__name__)

    def _is_due(self, leg: Leg) -> bool:
        return self.turns.setdefault(leg.name, Turn()).at <= self.clock()

    def _run(self, leg: Leg) -> int:
        turn = self.turns[leg.name]
        try:
            done = leg.run()
        except Exception as problem:  # noqa: BLE001  the one outer loop: a broken leg must not stop the others
            turn.failures += 1
            wait = min(LONGEST_PAUSE, leg.every * 2**turn.failures)
            turn.at = self.clock() + wait
            log.error("leg_failed", leg=leg.name, failures=turn.failures, wait=wait, **_where(problem))  # noqa: TRY400  see _where
            return 0
        turn.failures = 0
        turn.at = self.clock() + (0 if done else leg.every)
        if done:
            log.info("leg_ran", leg=leg.name, done=done)
        return done


def heartbeat_file() -> Path:
    """The file whose age says whether a worker is running on this machine."""
    return Path(settings.DATA) / "worker.alive"


def last_beat(heartbeat: Path) -> datetime | None:
    """When a worker last showed a sign of life; nothing where none ever did."""
    try:
        return datetime.fromtimestamp(heartbeat.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return None


def _where(problem: Exception) -> dict[str, str]:
    """What failed and where; never the message, which may quote addresses or texts."""
    frames = traceback.extract_tb(problem.__traceback__)[-4:]
    return {
        "problem": type(problem).__name__,
        "where": " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames)),
    }
