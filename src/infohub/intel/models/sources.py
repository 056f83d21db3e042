"""Sources outside that the programme pulls from, what each pull did, and what waits for somebody to decide."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from infohub.intel.models.collections import Collection
from infohub.intel.models.objects import StixObject
from infohub.members.models import TLP_CHOICES
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp
from infohub.support import clock, sealing
from infohub.support.queue import DueRow

FEED = "feed-"
"""How the names begin by which placements know a source."""

SHORTEST, LONGEST = 15, 10_080
"""Minutes between two pulls: a quarter of an hour to a week."""

LATE = timedelta(minutes=5)
"""What is due longer than that waits for a worker."""

MOST_LINES = 1000
MOST_REASONS, SHOWN = 10, 200
"""Of one line, and characters of where and what."""

MOST_HELD = 10_000

Cursor = dict[str, Json]
"""Where the next pull begins: what it holds is the kind's own business."""

ACCEPTED = "accepted"
"""In a cursor: an officer takes what there is, however little."""

SHRUNK = "shrunk"
"""The problem of a source that lost most of what it had."""


class SourceKind(models.TextChoices):
    TAXII = "taxii", _("TAXII 2.1 collection")
    RSS = "rss", _("News feed (RSS, Atom)")
    CSAF = "csaf", _("Security advisories (CSAF 2.0 provider)")
    KEV = "kev", _("Known exploited vulnerabilities (CISA KEV)")
    EPSS = "epss", _("How likely vulnerabilities are exploited (FIRST EPSS)")
    MISP = "misp", _("MISP feed")
    LIST = "list", _("List of values, one on each line or in a column")


class SourceQuerySet(models.QuerySet["Source"]):
    def active(self) -> SourceQuerySet:
        """Those that are not paused."""
        return self.filter(paused_at=None)

    def failing(self) -> SourceQuerySet:
        """Active ones whose last pull failed."""
        return self.active().filter(failing_since__isnull=False)

    def listed(self) -> SourceQuerySet:
        """By name, each with its collection and the number of objects that wait for a decision."""
        return self.select_related("collection").annotate(number_held=Count("held")).order_by("name", "pk")

    def queue_figures(self, at: datetime) -> dict[str, int]:
        """How many are late, wait for their time, fail; none is ever given up."""
        overdue, fails = Q(due_at__lt=at - LATE), Q(failing_since__isnull=False)
        numbers = self.active().aggregate(
            late=Count("pk", filter=overdue), all=Count("pk"), failing=Count("pk", filter=fails)
        )
        return {"late": numbers["late"], "waiting": numbers["all"] - numbers["late"], "failing": numbers["failing"]}


class Source(DueRow):
    """One place that is pulled from, again and again: the row is the queue, and `due_at` is when it is pulled next.

    While the last pull failed, `problem` says why, as `Trouble` or `Reason` and perhaps a detail. `markings` are the
    levels that officers gave to markings whose meaning is not known here.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=SourceKind)
    url = models.CharField(max_length=2000)
    part = models.CharField(max_length=300, blank=True, help_text="Which TAXII collection, or which column of a list")
    credential = models.TextField(blank=True, help_text="Sealed; user and password, or a token alone")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="sources")
    tlp = models.SmallIntegerField(choices=TLP_CHOICES[:-1], help_text="Of objects that carry no marking")
    minutes = models.PositiveSmallIntegerField(default=60)
    added_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    cursor = models.JSONField(default=dict)
    markings = models.JSONField(default=dict)
    last_success = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST), name="source_neither_too_often_nor_too_rarely"
            ),
            models.CheckConstraint(condition=Q(tlp__lt=Tlp.RED.value), name="red_is_never_pulled"),
        ]

    def __str__(self) -> str:
        return self.placing

    @property
    def placing(self) -> str:
        """How its placements name it."""
        return f"{FEED}{self.uuid.hex}"

    @property
    def next_turn(self) -> datetime:
        """When it is pulled next if this pull succeeds now."""
        return clock.now() + timedelta(minutes=self.minutes)

    @property
    def fills_collection(self) -> bool:
        """Whether what comes of it are objects, and not facts alone."""
        return self.kind != SourceKind.EPSS

    @property
    def has_shrunk(self) -> bool:
        """Whether the last pull changed nothing because so little was left."""
        return self.failing_since is not None and self.problem.partition(" ")[0] == SHRUNK

    @property
    def levels(self) -> dict[str, Tlp | None]:
        """What officers decided about markings."""
        return {ref: Tlp(level) for ref, level in self.markings.items()}

    def names_of(self, markings: Iterable[str]) -> dict[str, str]:
        """What the source calls these markings, as far as it sent their definitions."""
        there = StixObject.objects.filter(placements__source=self.placing, stix_id__in=set(markings))
        named = ((row.stix_id, json.loads(row.raw).get("name")) for row in there.order_by("version"))
        return {stix_id: str(name) for stix_id, name in named if name}

    def authorization(self) -> str:
        """The value of the header that says who we are; empty where the source asks for nothing.

        Raises `cryptography.fernet.InvalidToken` where no key of today opens what is stored.
        """
        return authorization_of(self.credential)


def sealed_credential(user: str, password: str) -> str:
    """As a source keeps it; empty where there is none."""
    return sealing.seal(json.dumps([user, password])) if user or password else ""


def authorization_of(credential: str) -> str:
    """The value of the header that says who we are, from what `sealed_credential` made."""
    if not credential:
        return ""
    user, password = json.loads(sealing.unseal(credential))
    if not user:
        return f"Bearer {password}"
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


class SourceRunQuerySet(models.QuerySet["SourceRun"]):
    def of(self, source: Source) -> SourceRunQuerySet:
        """Those of one source, the newest first, without their lines."""
        return self.filter(source=source).defer("lines").order_by("-pk")

    def forgotten(self, before: datetime) -> SourceRunQuerySet:
        """Those that are older than is kept."""
        return self.filter(started__lt=before)


class SourceRun(models.Model):
    """One pull; it may take several turns of the worker, and ends when there is nothing more, or with a problem.

    `lines` keep what `told` tells; `more` is how many of them have no room there.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs")
    started = models.DateTimeField(db_index=True)
    ended = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)
    more = models.PositiveIntegerField(default=0)

    objects = SourceRunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def told(self) -> list[Line]:
        """What was changed or refused, and why, as far as it was written down."""
        return [
            Line(subject, Outcome(outcome), tuple(Problem(*one) for one in why)) for subject, outcome, why in self.lines
        ]

    def note(self, lines: Iterable[Line]) -> None:
        """Count what was changed or refused, and write it down as long as there is room.

        A turn that goes on where another stopped reads some lists again: the same line counts once.
        """
        known = set(self.told)
        short = (_short(line) for line in lines if line.outcome is not Outcome.TAKEN)
        new = [line for line in short if line not in known]
        room = MOST_LINES - len(self.lines)
        self.lines = [*self.lines, *map(_kept, new[:room])]
        self.more += max(0, len(new) - room)
        self.changed += sum(line.outcome is Outcome.CHANGED for line in new)
        self.refused += sum(line.outcome is Outcome.REFUSED for line in new)


def _short(line: Line) -> Line:
    """As much of a line as is kept."""
    why = (Problem(one.path[:SHOWN], one.message, one.found[:SHOWN]) for one in line.problems[:MOST_REASONS])
    return Line(line.subject[:300], line.outcome, tuple(why))


def _kept(line: Line) -> list[Json]:
    return [line.subject, line.outcome.value, [[one.path, one.message, one.found] for one in line.problems]]


class QuarantinedQuerySet(models.QuerySet["Quarantined"]):
    def by_marking(self, source: Source) -> models.QuerySet[Quarantined, Mapping[str, object]]:
        """Each marking that somebody has to decide about, and how many objects wait for it."""
        return self.filter(source=source).values("marking").annotate(number=Count("pk")).order_by("marking")


class Quarantined(models.Model):
    """An object whose marking is not known here: nobody reads it before an officer said what the marking means."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="held")
    stix_id = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    raw = models.TextField()
    marking = models.CharField(max_length=300)
    at = models.DateTimeField()

    objects = QuarantinedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "digest"], name="held_once")]
        indexes: ClassVar = [models.Index(fields=["source", "marking"], name="held_by_marking")]

    def __str__(self) -> str:
        return self.stix_id
