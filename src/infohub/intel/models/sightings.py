"""What members have seen of a piece."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Count, Max, Q

from infohub.catalogue.models import Entry
from infohub.members.models import Membership


class SightingQuerySet(models.QuerySet["Sighting"]):
    def counted(self, entry: Entry) -> Counted:
        """How many organisations saw it, how many looked and did not, and when it was seen last."""
        told = self.filter(entry=entry).aggregate(
            saw=Count("membership__organisation", distinct=True, filter=Q(seen=True)),
            looked=Count("membership__organisation", distinct=True, filter=Q(seen=False)),
            last=Max("at", filter=Q(seen=True)),
        )
        return Counted(seen=told["saw"], looked=told["looked"], last=told["last"])


@dataclass(frozen=True, slots=True)
class Counted:
    """Sightings of one entry: numbers of organisations, never their names."""

    seen: int
    looked: int
    last: datetime | None


class Sighting(models.Model):
    """What a member says of a piece: seen it, or looked and not seen."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="sightings")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    seen = models.BooleanField()
    at = models.DateTimeField()

    objects = SightingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "membership"], name="one_sighting_each")]

    def __str__(self) -> str:
        return f"sighting of {self.entry_id}"
