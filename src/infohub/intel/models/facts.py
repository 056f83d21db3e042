"""What public catalogues say of CVE numbers, together in one row for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models


class CveFactsQuerySet(models.QuerySet["CveFacts"]):
    def exploited(self) -> CveFactsQuerySet:
        """Those that CISA knows to be exploited."""
        return self.filter(exploited_since__isnull=False)

    def scored(self) -> CveFactsQuerySet:
        """Those that FIRST has a score for."""
        return self.filter(scored_on__isnull=False)

    def of(self, numbers: Iterable[str]) -> dict[str, CveFacts]:
        """What is known of these, by their numbers; not asked where there are none."""
        wanted = set(numbers)
        return {row.cve: row for row in self.filter(pk__in=wanted)} if wanted else {}


class CveFacts(models.Model):
    """The facts are public and everybody's who signs in; what members say of a CVE number is in pieces and objects.

    `epss` and `percentile` are shares between 0 and 1. Defaults are the database's, for a writer knows a part alone.
    """

    cve = models.CharField(max_length=32, primary_key=True)
    exploited_since = models.DateField(null=True, help_text="When CISA listed it as exploited")
    due = models.DateField(null=True, help_text="Until when CISA wants it mended")
    by_ransomware = models.BooleanField(db_default=False)
    epss = models.FloatField(null=True)
    percentile = models.FloatField(null=True)
    scored_on = models.DateField(null=True)
    cvss = models.FloatField(null=True)
    cvss_vector = models.CharField(max_length=300, db_default="")

    objects = CveFactsQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["exploited_since"],
                name="cve_exploited",
                condition=models.Q(exploited_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.cve
