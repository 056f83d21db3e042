"""Which object is in which collection, since when, on behalf of whom; and what waits to be."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from infohub.intel.models.objects import StixObject
from infohub.members.models import TLP_CHOICES
from infohub.policy.models import Label
from infohub.standards.tlp import Tlp


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def due(self, at: datetime) -> WaitingQuerySet:
        """Those whose time has come, in the order they were asked for."""
        return self.filter(due_at__lte=at).order_by("pk")


class Waiting(models.Model):
    """An object that will be in a collection once it is due: the row is the queue, and becomes a placement."""

    collection = models.ForeignKey("intel.Collection", models.PROTECT, related_name="waiting")
    object = models.ForeignKey(StixObject, models.PROTECT, related_name="+")
    label = models.ForeignKey(Label, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=64)
    tlp = models.SmallIntegerField(choices=TLP_CHOICES[:-1])
    due_at = models.DateTimeField(db_index=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "collection", "object"], name="waits_once_by_a_source"),
            models.CheckConstraint(condition=Q(tlp__lt=Tlp.RED.value), name="red_never_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} for {self.collection_id}"


class Placement(models.Model):
    """An object in a collection on behalf of one source, since its `date_added`.

    Id, type, version and size are those of the object, repeated so that pages are chosen without reading the texts.
    The three columns after the date say what `mark_versions` found out among all that is in the collection; of what is
    apart, the newest and oldest of its source, and it is always a repeat.
    """

    collection = models.ForeignKey("intel.Collection", models.PROTECT, related_name="placements", db_index=False)
    object = models.ForeignKey(StixObject, models.PROTECT, related_name="placements")
    stix_id = models.CharField(max_length=300)
    type = models.CharField(max_length=250)
    version = models.DateTimeField()
    size = models.PositiveIntegerField(help_text="Bytes of the object's text")
    label = models.ForeignKey(Label, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=64, help_text="The ref of the piece, or the feed, it comes from")
    origin = models.ForeignKey(
        "intel.Collection",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The collection it was spread from",
    )
    tlp = models.SmallIntegerField(choices=TLP_CHOICES[:-1])
    date_added = models.DateTimeField()
    is_newest = models.BooleanField(default=True, help_text="No later version of the object is in the collection")
    is_oldest = models.BooleanField(default=True)
    is_repeat = models.BooleanField(default=False, help_text="Another source placed the same version before")
    is_apart = models.BooleanField(
        default=False,
        help_text="What stands against it was not shown to who added it; it counts where nothing else of the id does",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "date_added"], name="date_added_is_unique"),
            models.UniqueConstraint(fields=["source", "collection", "object"], name="placed_once_by_a_source"),
            models.CheckConstraint(condition=Q(tlp__lt=Tlp.RED.value), name="red_is_never_placed"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["collection", "stix_id", "version"], name="placement_version"),
            models.Index(fields=["collection", "type", "date_added"], name="placement_type"),
            # What machines add has neither: by the million they would only cost time.
            models.Index(fields=["label"], name="placement_label", condition=Q(label__isnull=False)),
            models.Index(fields=["origin"], name="placement_origin", condition=Q(origin__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.stix_id} in {self.collection_id}"
