"""One labelled row per findable thing, with the text that mail, search and analysis need."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.members.models import LANGUAGE_CHOICES, Group, Organisation, Person, Sector
from infohub.policy.labelled import Labelled, LabelledQuerySet
from infohub.standards.tlp import Tlp, tlp_from


class Severity(models.IntegerChoices):
    """How bad it is; 0 where the kind has none."""

    NONE = 0, _("None")
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")


class EntryQuerySet(LabelledQuerySet["Entry"]):
    def newest(self) -> EntryQuerySet:
        return self.order_by("-published_at", "-pk")

    def called(self, refs: Collection[str]) -> EntryQuerySet:
        """Those with one of these references."""
        return self.filter(ref__in=refs)

    def pressing(self, membership: int | None, *, since: datetime) -> EntryQuerySet:
        """High and critical pieces of late that this membership neither wrote nor acknowledged."""
        handled = Q(receipts__membership=membership, receipts__kind="acknowledged")
        return (
            self.filter(severity__gte=Severity.HIGH, published_at__gte=since)
            .exclude(pk__in=self.model.all_rows.filter(handled).values("pk"))
            .exclude(label__author=membership)
        )

    def week_figures(self, *, since: datetime) -> dict[str, object]:
        """How many readable pieces came since then, and how many of them are critical."""
        return self.filter(published_at__gte=since).aggregate(
            pieces=Count("pk"),
            critical=Count("pk", filter=Q(severity=Severity.CRITICAL)),
            indicators=Coalesce(Sum("indicator_count"), 0),
        )

    def narrowed(
        self,
        *,
        kind: str = "",
        severity: str = "",
        tlp: str = "",
        sector: str = "",
        groups: Collection[int] | None = None,
        since: datetime | None = None,
        changed: datetime | None = None,
    ) -> EntryQuerySet:
        """Those that pass every filter given, in the words of addresses; a word nobody knows lets none pass."""
        rows = self.filter(kind=kind) if kind else self
        if severity:
            rows = rows.filter(severity__in=[level.value for level in Severity if level.name.lower() == severity])
        if tlp:
            level = tlp_from(tlp)
            rows = rows.none() if level is None else rows.filter(label__tlp=level.value)
        if sector:
            rows = rows.filter(sectors__key=sector)
        if groups is not None:
            rows = rows.filter(groups__in=groups)
        if since is not None:
            rows = rows.filter(published_at__gte=since)
        return rows if changed is None else rows.filter(updated_at__gte=changed)

    def ids_sql(self) -> tuple[str, tuple[str | int | float | date, ...]]:
        """The ids as SQL with its parameters, for a statement written by hand."""
        self._demand()
        try:
            return self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:  # a filter that nothing passes
            return "SELECT 0 AS pk WHERE 1 = 0", ()

    def carded(self) -> EntryQuerySet:
        """With all that a row of a list shows, in a fixed number of queries."""
        return self.select_related("label", "author_sector").defer("text")


class Entry(Labelled):
    """A findable thing: home, feed, search, notices and statistics all read this table."""

    ref = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=400, blank=True)
    safe_line = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, choices=LANGUAGE_CHOICES, default="en")
    translations = models.JSONField(default=dict, help_text="Title and summary in other languages, by language")
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NONE)
    author_name = models.CharField(max_length=330, blank=True, help_text="Empty for an unattributed piece")
    author_sector = models.ForeignKey(Sector, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="entries")
    sectors = models.ManyToManyField(Sector, related_name="entries", blank=True)
    groups = models.ManyToManyField(Group, related_name="entries", blank=True)
    indicator_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta(Labelled.Meta):
        indexes: ClassVar = [
            models.Index(fields=["label", "published_at"]),
            models.Index(fields=["-published_at", "-id"], name="entry_newest"),
            models.Index(fields=["kind", "-published_at"]),
        ]

    def __str__(self) -> str:
        return self.ref

    def acknowledged_by(self, membership: int | None) -> bool:
        """Whether this membership acknowledged the piece."""
        return self.receipts.filter(membership=membership, kind="acknowledged").exists()

    @property
    def author(self) -> str:
        """Who wrote it, as readers may know it."""
        if self.author_name:
            return self.author_name
        if self.author_sector is None:
            return gettext("A member")
        return gettext("A member in %(sector)s") % {"sector": self.author_sector.name}

    def told_in(self, language: str) -> tuple[str, str, str]:
        """Title, summary and the language they are in: the one asked for where it has words in it, else its own."""
        words = self.translations.get(language)
        if words is None:
            return self.title, self.summary, self.language
        return words["title"], words["summary"], language

    @property
    def tlp(self) -> Tlp:
        return self.label.marking


class SavedSearch(models.Model):
    """A search a person comes back to: the query of its address, answered anew by what the person may read then."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="searches")
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=2400)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "name"], name="one_search_of_a_name")]

    def __str__(self) -> str:
        return f"search {self.pk}"
