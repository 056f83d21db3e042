"""What every bench needs: readers who are signed in, the time an answer takes, and the table that tells of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rich.console import Console
from rich.table import Table

from infohub.members.models import Person
from infohub.web.accounts import progress as steps

TIMES, WIDTH = 30, 110
_WORDS = {"reader", "page", ""}

Ask = Callable[[], object]
"""A request that is made again and again; what it gives is the answer."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What one answer took: milliseconds by the clock and of this process's processor time, and queries."""

    name: str
    p50: float
    p95: float
    processor: float
    queries: int


@dataclass(frozen=True, slots=True)
class Goal:
    """The milliseconds below which the 95th percentile of something has to stay, or its median."""

    of: str
    below: float
    share: Literal["p50", "p95"] = "p95"

    def __str__(self) -> str:
        return f"{self.of} {self.share} < {self.below:.0f} ms"


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, who asked, and whether it is within its goal."""

    reader: str
    figure: Figure
    goal: Goal

    @property
    def within(self) -> bool:
        return (self.figure.p50 if self.goal.share == "p50" else self.figure.p95) < self.goal.below


class Clock:
    """Times the same thing again and again. Where others use the machine too, the processor time is what to compare."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.processor: list[float] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time what happens inside."""
        begun, used = time.perf_counter(), time.process_time()
        yield
        self.taken.append((time.perf_counter() - begun) * 1000)
        self.processor.append((time.process_time() - used) * 1000)

    def figure(self, name: str, queries: int) -> Figure:
        """Median and 95th percentile of all times."""
        taken = sorted(self.taken)
        p95 = taken[int(len(taken) * 0.95)]
        return Figure(name, statistics.median(taken), p95, statistics.median(self.processor), queries)


class Sheet:
    """The figures of a run beside the bare page of the same run, each against its goal."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.bare = timed("bare page", lambda: browser().get("/healthz"))
        self.rows: list[Row] = []

    def add(self, reader: str, figures: Iterable[Figure], goal: Goal) -> None:
        """Put figures down against their goal."""
        self.rows += [Row(reader, figure, goal) for figure in figures]

    def told(self, console: Console) -> int:
        """Print everything; 0 when every goal is met."""
        table = Table(title=f"{self.title}, {connection.vendor}; times × the bare page of this run")
        for heading in ("reader", "page", "p50 ms", "p95 ms", "CPU ms", "× bare", "queries", ""):
            table.add_column(heading, justify="left" if heading in _WORDS else "right")
        for row in self.rows:
            figure = row.figure
            table.add_row(
                row.reader,
                figure.name,
                f"{figure.p50:.1f}",
                f"{figure.p95:.1f}",
                f"{figure.processor:.1f}",
                f"{figure.p50 / self.bare.p50:.0f}",
                str(figure.queries),
                "ok" if row.within else f"over {row.goal.below:.0f} ms",
            )
        console.print(table)
        good = all(row.within for row in self.rows)
        goals = ", ".join(str(goal) for goal in dict.fromkeys(row.goal for row in self.rows))
        bare = f"bare page: p50 {self.bare.p50:.2f} ms, CPU {self.bare.processor:.2f} ms"
        console.print(f"{bare}; goals: {goals}: {'met' if good else 'NOT MET'}")
        return 0 if good else 1


def console() -> Console:
    """Where a bench prints: wide enough for its table where nobody looks on."""
    there = Console()
    return there if there.is_terminal else Console(width=WIDTH)


def browser() -> Client:
    """A browser nobody is signed in with."""
    return Client(HTTP_HOST=settings.HOST)


def signed_in(person: Person) -> Client:
    """A browser that went through both steps."""
    client = browser()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request = client.request().wsgi_request
    request.session = client.session
    steps.begin(request)
    steps.prove(request, person)
    request.session.save()
    return client


def timed(name: str, ask: Ask, *, times: int = TIMES) -> Figure:
    """Ask three times to warm up, once to count the queries, then so many times with the clock."""
    for _ in range(3):
        ask()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    asked = len(queries)
    status = getattr(answer, "status_code", 200)
    assert status in {200, 202}, f"{name}: {status}"
    clock = Clock()
    for _ in range(times):
        with clock.running():
            ask()
    return clock.figure(name, asked)
