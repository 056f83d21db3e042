"""Walks the audit: recomputes the chain and compares it with the heads kept outside the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from django.db import connection

from infohub.audit.anchor import Anchor, anchor_path, anchors
from infohub.audit.models import Link, Record
from infohub.support.clock import now

CHUNK = 2000
LATE = timedelta(minutes=10)
PROBLEMS_SHOWN = 100

Progress = Callable[[int], None]


@dataclass(slots=True)
class Findings:
    """What the walk saw; no problems = nothing was altered, removed, reordered or cut off."""

    records: int = 0
    sealed: int = 0
    waiting: int = 0
    anchors: int = 0
    problem_count: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return self.problem_count == 0

    def add(self, problem: str) -> None:
        """Note a problem; beyond a hundred only their number is kept."""
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(problem)


def walk(progress: Progress = lambda _sealed: None) -> Findings:
    """Verify everything, in chunks; `progress` hears now and then how many links were recomputed."""
    findings = Findings(records=Record.objects.count())
    for problem in _missing_triggers():
        findings.add(problem)
    _walk_chain(findings, progress)
    _walk_anchors(findings)
    _unsealed(findings)
    return findings


def _walk_chain(findings: Findings, progress: Progress) -> None:
    position, digest = 0, ""
    for links in _chunks():
        records = Record.objects.in_bulk([link.record_id for link in links])
        for link in links:
            if link.position != position + 1:
                findings.add(f"links {position + 1} to {link.position - 1} are missing")
            row = records.get(link.record_id)
            if row is None:
                findings.add(f"link {link.position}: record {link.record_id} is missing")
            elif row.digest_after(digest) != link.digest:
                findings.add(f"link {link.position}: record {link.record_id} is not what was sealed here")
            position, digest = link.position, link.digest
            findings.sealed += 1
        progress(findings.sealed)


def _chunks() -> Iterator[list[Link]]:
    """The chain by position, a chunk at a time, so that its length does not matter."""
    after = 0
    while links := list(Link.objects.filter(position__gt=after).order_by("position")[:CHUNK]):
        yield links
        after = links[-1].position


def _walk_anchors(findings: Findings) -> None:
    head = Link.objects.order_by("position").last()
    if head is not None and not anchor_path().exists():
        findings.add(f"{anchor_path().name} is missing: the end of the chain cannot be checked")
    written = anchors()
    while chunk := list(islice(written, CHUNK)):
        known = [anchor for anchor in chunk if anchor is not None]
        findings.anchors += len(known)
        if len(known) < len(chunk):
            findings.add(f"{anchor_path().name}: {len(chunk) - len(known)} lines cannot be read")
        _compare(findings, known, end=head.position if head else 0)


def _compare(findings: Findings, known: list[Anchor], *, end: int) -> None:
    links = Link.objects.in_bulk([anchor.position for anchor in known])
    for anchor in known:
        if anchor.position > end:
            findings.add(f"the chain ends at link {end}, but had a link {anchor.position}")
        elif anchor.position in links and links[anchor.position].digest != anchor.digest:
            findings.add(f"link {anchor.position} is not the one that was written down outside")


def _unsealed(findings: Findings) -> None:
    unsealed = Record.objects.filter(link=None)
    findings.waiting = unsealed.count()
    late = unsealed.filter(at__lt=now() - LATE).count()
    if late:
        findings.add(f"{late} records older than {LATE.seconds // 60} minutes are not sealed: is a worker running?")


def _missing_triggers() -> list[str]:
    """The triggers that refuse changes, as far as they are not there or switched off."""
    verbs = ["update", "delete"]
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        verbs.append("truncate")
        sql = "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        there = {row[0] for row in cursor.fetchall()}
    wanted = [f"{model._meta.db_table}_no_{verb}" for model in (Record, Link) for verb in verbs]
    return [f"the trigger {name} is missing" for name in wanted if name not in there]
