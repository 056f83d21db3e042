"""What machines asked for lately: one row for each call of a token, without what was in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef

from infohub.intel.models.collections import Collection
from infohub.members.models import Token

MOST_OF_A_TOKEN = 200
KEPT_FOR = timedelta(days=30)


class Face(models.TextChoices):
    """Where a machine called."""

    TAXII = "taxii", "TAXII"
    REST = "rest", "REST"
    MISP = "misp", "MISP"


class CallKind(models.TextChoices):
    """What a call asked for; the words are those of the pages that tell of it."""

    DISCOVERY = "discovery"
    API_ROOT = "api_root"
    COLLECTIONS = "collections"
    COLLECTION = "collection"
    OBJECTS = "objects"
    MANIFEST = "manifest"
    OBJECT = "object"
    VERSIONS = "versions"
    STATUS = "status"
    ADDED = "added"
    REMOVED = "removed"
    VALUES = "values"
    PIECES = "pieces"
    PIECE = "piece"
    SEARCH = "search"
    LOOKUP = "lookup"
    SHARED = "shared"
    OTHER = "other"


class CallQuerySet(models.QuerySet["Call"]):
    def of(self, token: Token) -> CallQuerySet:
        """Those of one token, the newest first, each with its collection."""
        return self.filter(token=token).select_related("collection").order_by("-pk")

    def refused_last(self, tokens: Iterable[Token]) -> set[int]:
        """Those of the tokens whose newest call was refused."""
        newest = self.filter(token__in=[token.pk for token in tokens]).values("token").annotate(newest=Max("pk"))
        return set(self.filter(pk__in=newest.values("newest"), status__gte=400).values_list("token", flat=True))

    def outdated(self, at: datetime) -> CallQuerySet:
        """Those that are kept no longer."""
        return self.filter(at__lt=at - KEPT_FOR)

    def talkative(self) -> list[int]:
        """The tokens that have more calls here than are kept."""
        counted = self.order_by().values("token").annotate(calls=Count("pk")).filter(calls__gt=MOST_OF_A_TOKEN)
        return list(counted.values_list("token", flat=True))


class Call(models.Model):
    """One request that a token made and how it was answered; nothing of its content or its filters."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="calls")
    at = models.DateTimeField(db_index=True)
    face = models.CharField(max_length=8, choices=Face)
    what = models.CharField(max_length=16, choices=CallKind)
    collection = models.ForeignKey(Collection, models.CASCADE, null=True, related_name="+", db_index=False)
    status = models.PositiveSmallIntegerField()
    objects_told = models.PositiveIntegerField(default=0, help_text="How many objects were pulled or taken in")

    objects = CallQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.what} by {self.token_id}"


def still_asking() -> Exists:
    """Of tokens: those with which a machine was turned away at the door, though they may be dead for long."""
    return Exists(Call.objects.filter(token=OuterRef("pk"), status=401))
