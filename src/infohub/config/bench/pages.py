"""Measures the member pages at size, through all middleware, for an ordinary member and for one who reads 1 %."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from infohub.catalogue.models import Entry
from infohub.config.bench.population import Town, settle, tell, write_pieces
from infohub.config.serving import prepare
from infohub.members.models import Organisation, Person
from infohub.policy.viewer import SYSTEM, person_viewer
from infohub.register import actions as register
from infohub.register import second_step
from infohub.sharing.actions import Text, publish, start_draft
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.web.accounts import progress as steps

GOAL_MS, PUBLISH_GOAL_MS, TIMES = 150.0, 300.0, 30


@dataclass(frozen=True, slots=True)
class Figure:
    """What one page took: milliseconds and queries."""

    name: str
    p50: float
    p95: float
    queries: int


def measure(pieces: int) -> int:
    """Populate, measure, print; 0 when every page is within its goal and its queries are the same for both readers."""
    console = Console()
    prepare()
    if Organisation.objects.exists():
        console.print("There is a programme here: the bench only writes into an empty database.")
        return 2
    town = _populated(pieces)
    baseline = _timed("bare page", lambda: _client().get("/healthz"))
    table = Table(title=f"{pieces:,} pieces, 1,000 people, {connection.vendor}; times × the bare page of this run")
    for heading in ("reader", "page", "p50 ms", "p95 ms", "× bare", "queries", ""):
        table.add_column(heading, justify="left" if heading in {"reader", "page", ""} else "right")
    figures = {who: _pages(person, town) for who, person in (("ordinary", town.ordinary), ("1 %", town.narrow))}
    good = True
    for who, rows in figures.items():
        for row in rows:
            within = row.p95 < GOAL_MS
            good &= within
            table.add_row(
                who,
                row.name,
                f"{row.p50:.1f}",
                f"{row.p95:.1f}",
                f"{row.p50 / baseline.p50:.0f}",
                str(row.queries),
                "ok" if within else f"over {GOAL_MS:.0f} ms",
            )
    shared = _publishing(town)
    good &= shared.p95 < PUBLISH_GOAL_MS
    table.add_row(
        "author",
        shared.name,
        f"{shared.p50:.1f}",
        f"{shared.p95:.1f}",
        f"{shared.p50 / baseline.p50:.0f}",
        str(shared.queries),
        "ok" if shared.p95 < PUBLISH_GOAL_MS else f"over {PUBLISH_GOAL_MS:.0f} ms",
    )
    console.print(table)
    console.print(
        f"bare page: p50 {baseline.p50:.2f} ms; goals: pages p95 < {GOAL_MS:.0f} ms, "
        f"sharing p95 < {PUBLISH_GOAL_MS:.0f} ms: {'met' if good else 'NOT MET'}"
    )
    return 0 if good else 1


def _populated(pieces: int) -> Town:
    town, homes = settle()
    with Progress() as progress:
        task = progress.add_task("writing pieces", total=pieces)
        for done in write_pieces(pieces, homes, random.Random(7)):  # noqa: S311  (the same programme every time)
            progress.update(task, completed=done)
    tell((town.ordinary, town.narrow))
    for person in (town.ordinary, town.narrow):
        register.set_up_second_step(SYSTEM, person=person, secret=second_step.fresh_secret())
        register.store_codes(SYSTEM, person=person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    gc.collect()
    gc.freeze()  # what writing left behind is no part of a server's heap
    return town


def _pages(person: Person, town: Town) -> list[Figure]:
    client = _signed_in(person)
    newest = Entry.objects.readable(person_viewer(person)).newest().first()
    assert newest is not None, "the reader reads nothing"
    addresses = {
        "home": "/member/",
        "feed": "/member/feed/",
        "feed, page 20": "/member/feed/?page=20",
        "feed, filtered": "/member/feed/?kind=alert&tlp=GREEN",
        "item": f"/items/{newest.ref}",
        "search, common word": f"/member/search/?q={town.common}",
        "search, rare word": f"/member/search/?q={town.rare}",
        "search, best match": f"/member/search/?q={town.common}&order=best",
        "suggestions": f"/member/suggest/?q={town.common[:4]}",
        "search, Chinese": f"/member/search/?q={town.chinese}",
        "search, indicator": f"/member/search/?q={town.indicator}",
        "notices": "/member/notices/",
        "group": f"/member/groups/{town.group.ref}/",
    }
    return [_timed(name, partial(client.get, path)) for name, path in addresses.items()]


def _client() -> Client:
    return Client(HTTP_HOST=settings.HOST)


def _signed_in(person: Person) -> Client:
    """A browser that went through both steps."""
    client = _client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request = client.request().wsgi_request
    request.session = client.session
    steps.begin(request)
    steps.prove(request, person)
    request.session.save()
    return client


def _timed(name: str, ask: Callable[[], object]) -> Figure:
    for _ in range(3):
        ask()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    asked = len(queries)
    status = getattr(answer, "status_code", 200)
    assert status == 200, f"{name}: {status}"
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return Figure(name, statistics.median(times), sorted(times)[int(TIMES * 0.95)], asked)


def _publishing(town: Town) -> Figure:
    viewer = person_viewer(town.ordinary)
    times, queries = [], 0
    for number in range(12):
        text = Text(
            kind="alert", title=f"To everybody {number}", body="Block 203.0.113[.]9.", language="en", tlp=Tlp.GREEN
        )
        item = start_draft(viewer, text=text, choice=Choice(everyone=True))
        nonce = check(viewer, item=item).nonce
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as seen:
            publish(viewer, item=item, nonce=nonce)
        times.append((time.perf_counter() - begun) * 1000)
        queries = len(seen)
    times = sorted(times[2:])
    return Figure("share with 999 people", statistics.median(times), times[-1], queries)
