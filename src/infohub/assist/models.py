"""Readings of entries and what they said: each row a child of its entry, and read through it alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar, TypedDict

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from infohub.analysis.pipeline import Stopped
from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.members.models import TLP_CHOICES, Membership, Organisation
from infohub.policy.rules import may_teach
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp
from infohub.support.queue import DueRow, dead_letters

LATE = timedelta(minutes=5)

ENOUGH = 2
"""Organisations that reject a name until it is suggested to nobody: no single one decides for all."""


class Said(models.TextChoices):
    """What an assertion is about, in the words of pages; the values are those of `analysis.assertions.Subject`."""

    TECHNIQUE = "technique", _("Technique")
    MALWARE = "malware", _("Malware")
    ACTOR = "actor", _("Threat actor")
    TOOL = "tool", _("Tool")
    CAMPAIGN = "campaign", _("Campaign")
    PRODUCT = "product", _("Product")
    SECTOR = "sector", _("Sector")
    SEVERITY = "severity", _("Severity")
    KIND = "kind", _("Kind of piece")


class State(models.TextChoices):
    """What people made of an assertion."""

    SUGGESTED = "suggested", _("suggested")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")


class ReadingQuerySet(models.QuerySet["Reading"]):
    def unread(self) -> ReadingQuerySet:
        """Those whose entry is still to be read."""
        return self.filter(read_at=None)

    def dead(self) -> ReadingQuerySet:
        """Those that were given up."""
        return self.unread().filter(pk__in=dead_letters(self.unread()).values("pk"))

    def queue_figures(self, at: datetime) -> dict[str, int]:
        """How many are late, wait, failed and are tried again, or were given up."""
        late = self.unread().filter(due_at__lt=at - LATE).count()
        waiting = self.unread().filter(due_at__gte=at - LATE)
        failing = self.unread().exclude(due_at=None).exclude(problem="").count()
        return {"late": late, "waiting": waiting.count(), "failing": failing, "dead": self.dead().count()}

    def progress(self, version: str) -> dict[str, int]:
        """How many are read, of these how many by other readers than these, how many wait, and were given up."""
        done = Q(read_at__isnull=False)
        return self.aggregate(
            read=Count("pk", filter=done),
            outdated=Count("pk", filter=done & ~Q(version=version)),
            waiting=Count("pk", filter=~done & Q(due_at__isnull=False)),
            failed=Count("pk", filter=~done & Q(due_at__isnull=True)),
        )

    def outdated(self, version: str) -> ReadingQuerySet:
        """Those that were made by other readers than these."""
        return self.exclude(read_at=None).exclude(version=version)


class Reading(DueRow):
    """One entry as analysis read it, or is to read it: the row is the queue."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="reading")
    read_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=64, blank=True, help_text="Which readers read it")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the text the spans count in")
    summary = models.JSONField(default=list, help_text="Spans of the sentences that say most")
    subject = models.JSONField(default=dict, help_text="What it is about, to compare it with others")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="reading_due", condition=models.Q(read_at__isnull=True)),
            models.Index(fields=["version"], name="reading_version"),
        ]

    def __str__(self) -> str:
        return f"reading {self.entry_id}"


class Finger(models.Model):
    """One of the numbers by which pieces that repeat an entry's words are found among all."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    value = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"finger {self.value}"


class Key(models.Model):
    """A word or a thing that an entry is about, by which related pieces are found."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "entry"], name="about_it_once")]

    def __str__(self) -> str:
        return f"key {self.pk}"


class AssertionQuerySet(models.QuerySet["Assertion"]):
    def of(self, entry: Entry) -> AssertionQuerySet:
        """What is said of an entry that was read through the policy; the surest first."""
        return self.filter(entry=entry).order_by("subject", "-confidence", "pk")

    def standing(self) -> AssertionQuerySet:
        """Those that nobody rejected."""
        return self.exclude(state=State.REJECTED)

    def confirmed(self) -> AssertionQuerySet:
        """Those that a person stands behind: the only ones that may leave for machines."""
        return self.filter(state=State.CONFIRMED)

    def among(self, entries: EntryQuerySet) -> AssertionQuerySet:
        """What is said of entries that were asked for through the policy; so asked, SQLite lists these but once."""
        ids, params = entries.ids_sql()
        there = f'"{self.model._meta.db_table}"."entry_id" IN ({ids})'
        return self.filter(RawSQL(there, params, output_field=models.BooleanField()))  # noqa: S611  (parameters)

    def of_techniques(self, numbers: Collection[str]) -> AssertionQuerySet:
        """Those that say one of these techniques."""
        return self.filter(subject=Said.TECHNIQUE, value__in=numbers)


class Assertion(models.Model):
    """One thing said of an entry: a suggestion until a person decides.

    `start` and `end` count in the title, a line end and the text, as they were when the reading was made.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="assertions")
    subject = models.CharField(max_length=16, choices=Said)
    value = models.CharField(max_length=200, help_text="What machines know it by: an ATT&CK id, a name, a sector's key")
    name = models.CharField(max_length=200)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    confidence = models.FloatField()
    method = models.CharField(max_length=40)
    version = models.CharField(max_length=64, help_text="Which readers said so; empty = a person")
    state = models.CharField(max_length=16, choices=State, default=State.SUGGESTED)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    objects = AssertionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "subject", "value"], name="said_once"),
            models.CheckConstraint(condition=models.Q(start__lte=F("end")), name="assertion_span"),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0, confidence__lte=1), name="assertion_confidence"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["subject", "value"], name="assertion_value")]

    def __str__(self) -> str:
        return f"{self.subject} {self.value}"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def teaching(self) -> VerdictQuerySet:
        """Those that models may learn from: of pieces that are open now and were then, by whose they are."""
        is_open = [level.value for level in Tlp if may_teach(level)]
        return self.filter(tlp__in=is_open, entry__label__tlp__in=is_open, entry__owner__isnull=False)


class Verdict(models.Model):
    """What a person made of one assertion; rows are only ever added, and say nothing of the text.

    They are the labels to learn from: the text is read from the entry, where its marking permits it.
    """

    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=16, choices=Said)
    value = models.CharField(max_length=200)
    method = models.CharField(max_length=40)
    confidence = models.FloatField()
    tlp = models.SmallIntegerField(choices=TLP_CHOICES)
    accepted = models.BooleanField()
    at = models.DateTimeField()

    objects = VerdictQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="verdict_time")]

    def __str__(self) -> str:
        return f"verdict {self.pk}"


class StopQuerySet(models.QuerySet["Stop"]):
    def for_pieces_of(self, organisation: int | None) -> Stopped:
        """What is not suggested in an organisation's pieces, as analysis wants it: its own, and what counts for all."""
        told = self.values("subject", "name").annotate(
            number=Count("pk"), own=Count("pk", filter=Q(organisation=organisation))
        )
        counts = told.filter(Q(own__gt=0) | Q(number__gte=ENOUGH))
        return frozenset(counts.values_list("subject", "name"))

    def of_name(self, subject: str, name: str) -> StopQuerySet:
        """All that stops one name."""
        return self.filter(subject=subject, name=name)

    def listed(self) -> StopQuerySet:
        """Each name once, by the row that came first, with how many organisations rejected it; the newest first."""
        same = Stop.objects.filter(subject=OuterRef("subject"), name=OuterRef("name"))
        counted = same.order_by().values("subject").annotate(number=Count("pk")).values("number")
        told = {"organisations": Subquery(counted)}
        once = self.filter(~Exists(same.filter(pk__lt=OuterRef("pk"))))
        return once.annotate(**told).order_by("-at", "-pk")

    def known_to(self, viewer: Viewer, stops: Collection[Stop]) -> dict[tuple[str, str], Entry]:
        """Of these, the names that stand in a piece the viewer may read, each with one such piece."""
        rows = self.filter(name__in=[one.name for one in stops], entry__in=Entry.objects.readable(viewer))
        return {(row.subject, row.name): row.entry for row in rows.select_related("entry") if row.entry is not None}


class Stop(models.Model):
    """A name that is not what analysis took it for, as one organisation says: not suggested in its pieces any more.

    Where `ENOUGH` organisations say so it is suggested in nobody's, until somebody takes it off the list.
    """

    subject = models.CharField(max_length=16, choices=Said)
    name = models.CharField(max_length=200, help_text="In small letters")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", help_text="In whose piece it was rejected"
    )
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+", help_text="Where it was rejected")
    at = models.DateTimeField()

    organisations: int
    """What `listed` counted."""

    objects = StopQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "name", "organisation"], name="stopped_once_by_each")
        ]

    def __str__(self) -> str:
        return f"stop {self.pk}"


class Kept(TypedDict):
    """What a tuning keeps of one subject: its steps, and both errors on the labels held apart, shipped and learnt."""

    steps: dict[str, float]
    better: bool
    labels: int
    log: list[float]
    square: list[float]


class TuningQuerySet(models.QuerySet["Tuning"]):
    def unmade(self) -> TuningQuerySet:
        """Those that are still to be worked out."""
        return self.filter(made_at=None)

    def newest(self) -> Tuning | None:
        """The one asked for last."""
        return self.order_by("-pk").first()


class Tuning(DueRow):
    """What the decisions up to a moment taught of how sure suggestions are; the row is the queue.

    It counts only while it is in force, which one alone is, and only with the models that `version` names.
    """

    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=64, blank=True, help_text="The models and rules that were judged")
    kinds = models.JSONField(default=dict, help_text="By subject, what `Kept` has")
    in_force = models.BooleanField(default=False)
    promoted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = TuningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["in_force"], condition=Q(in_force=True), name="one_tuning_in_force"),
            models.CheckConstraint(condition=Q(in_force=False) | Q(made_at__isnull=False), name="tuning_made_first"),
        ]

    def __str__(self) -> str:
        return f"tuning {self.pk}"

    @property
    def steps(self) -> dict[str, dict[str, float]]:
        """By subject, of those alone that came out better than what is shipped."""
        kinds: dict[str, Kept] = self.kinds
        return {subject: kept["steps"] for subject, kept in kinds.items() if kept["better"]}
