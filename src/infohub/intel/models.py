"""STIX for machines: the objects as given, the collections, and which object is in which collection since when."""

from __future__ import annotations

import uuid
from collections.abc import Collection as Some
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Entry
from infohub.members.models import TLP_CHOICES, Group, Membership, Sector, Token, named
from infohub.policy.lookups import Among
from infohub.policy.models import Audience, Label
from infohub.policy.viewer import Viewer, ViewerKind
from infohub.standards.taxii21.filters import ALL, FIRST, LAST, Query
from infohub.standards.tlp import Tlp


class CollectionKind(models.TextChoices):
    GROUP = "group", _("One group")
    SECTOR = "sector", _("One sector")
    MEMBERS = "members", _("All members")
    EVERYTHING = "everything", _("Everything I may read")
    NAMED = "named", _("By agreement")


class CollectionQuerySet(models.QuerySet["Collection"]):
    def readable(self, viewer: Viewer) -> CollectionQuerySet:
        """The collections this viewer may read, as SQL: one query whether a collection is not there or not yours."""
        if viewer.kind is ViewerKind.NOBODY:
            return self.none()
        readable = Q(audience__in=Audience.objects.matching(viewer).values("pk"))
        if viewer.organisation is not None:
            readable |= Q(kind=CollectionKind.EVERYTHING)
        if viewer.kind is ViewerKind.PEER:
            named_to = Collection.peers.through.objects.filter(token=viewer.token).values("collection")
            readable |= Q(kind=CollectionKind.NAMED, pk__in=named_to)
        return self.filter(readable)

    def called(self, name: str) -> CollectionQuerySet:
        """The collection with this id or alias."""
        try:
            return self.filter(uuid=uuid.UUID(name))
        except ValueError:
            return self.filter(alias=name)


class Collection(models.Model):
    """A set of STIX objects that machines pull. Whoever reads it may read all of it, up to the own ceiling.

    The one special collection, everything a viewer may read, has no audience: its placements carry labels.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alias = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=16, choices=CollectionKind)
    titles = models.JSONField()
    about = models.TextField(blank=True)
    group = models.OneToOneField(Group, models.PROTECT, null=True, related_name="collection")
    sector = models.OneToOneField(Sector, models.PROTECT, null=True, related_name="collection")
    audience = models.ForeignKey(Audience, models.PROTECT, null=True, related_name="+")
    writers = models.ForeignKey(
        Audience, models.PROTECT, null=True, related_name="+", help_text="Whose machines may write; none = nobody's"
    )
    peers = models.ManyToManyField(Token, related_name="collections", blank=True)
    ceiling = models.SmallIntegerField(choices=TLP_CHOICES[:-1], default=Tlp.AMBER_STRICT.value)
    last_added = models.DateTimeField(null=True, help_text="The newest date_added ever given in this collection")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    Q(kind="group", group__isnull=False, sector__isnull=True, audience__isnull=False)
                    | Q(kind="sector", group__isnull=True, sector__isnull=False, audience__isnull=False)
                    | Q(kind="members", group__isnull=True, sector__isnull=True, audience__isnull=False)
                    | Q(kind="everything", group__isnull=True, sector__isnull=True, audience__isnull=True)
                    | Q(kind="named", group__isnull=True, sector__isnull=True)
                ),
                name="collection_has_its_readers",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind__in=["members", "everything"]), name="one_collection_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.alias

    @property
    def title(self) -> str:
        return named(self.titles)

    @property
    def is_uniform(self) -> bool:
        """Whether every reader of the collection may read all that is in it."""
        return self.kind != CollectionKind.EVERYTHING

    def readable_by(self, viewer: Viewer) -> bool:
        """The rule on one collection: the same answer as `Collection.objects.readable(viewer)`."""
        if not self.is_uniform:
            return viewer.organisation is not None
        if viewer.kind is ViewerKind.PEER and self.kind == CollectionKind.NAMED:
            return viewer.token is not None and self.peers.filter(pk=viewer.token).exists()
        return self.audience is not None and self.audience.clause.matches(viewer)

    def shown_to(self, viewer: Viewer) -> PlacementQuerySet:
        """What its reader may read of it: all that is placed, within the ceiling and, where there are, the labels."""
        rows = Placement.objects.filter(collection=self, tlp__lte=viewer.ceiling.value)
        if self.is_uniform:
            return rows
        return rows.filter(Among(F("label_id"), Label.objects.readable_ids(viewer)))

    def answering(self, viewer: Viewer, query: Query) -> PlacementQuerySet:
        """What this reader gets for this query: each version once, in the order of addition."""
        shown = self.shown_to(viewer)
        return shown.matching(query).once(shown).of_versions(query.versions, shown=shown).order_by("date_added")


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


class StixObject(models.Model):
    """One version of a STIX object, its text kept as it was given. The same text is stored once.

    Nothing here says that an id and version are one object: contradictions are judged by what one reader is shown,
    because a check over the whole store would tell strangers what exists.
    """

    stix_id = models.CharField(max_length=300)
    type = models.CharField(max_length=250)
    version = models.DateTimeField()
    spec_version = models.CharField(max_length=8, default="2.1")
    raw = models.TextField()
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.stix_id


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def due(self, at: datetime) -> WaitingQuerySet:
        """Those whose time has come, in the order they were asked for."""
        return self.filter(due_at__lte=at).order_by("pk")


class Waiting(models.Model):
    """An object that will be in a collection once it is due: the row is the queue, and becomes a placement."""

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="waiting")
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


class PlacementQuerySet(models.QuerySet["Placement"]):
    def matching(self, query: Query) -> PlacementQuerySet:
        """What a client asks for: ids, types, specification, and only what came after a moment."""
        rows = self
        if query.ids:
            rows = rows.filter(stix_id__in=query.ids)
        if query.types:
            rows = rows.filter(type__in=query.types)
        if query.spec_versions:
            rows = rows.filter(object__spec_version__in=query.spec_versions)
        if query.added_after is not None:
            rows = rows.filter(date_added__gt=query.added_after)
        return rows

    def once(self, shown: PlacementQuerySet) -> PlacementQuerySet:
        """Each version once: of several placements shown to the same reader, the first one counts.

        Within a collection rows and dates grow together. Compared by date, SQLite would walk the index of dates.
        """
        twins = shown.filter(stix_id=OuterRef("stix_id"), version=OuterRef("version"))
        return self.exclude(Exists(twins.filter(pk__lt=OuterRef("pk"))))

    def of_versions(self, versions: Some[str | datetime], *, shown: PlacementQuerySet) -> PlacementQuerySet:
        """`first`, `last` or those of these moments, of each object, among what the reader is shown; or `all`."""
        if ALL in versions:
            return self
        same = shown.filter(stix_id=OuterRef("stix_id"))
        wanted = Q(version__in=[moment for moment in versions if isinstance(moment, datetime)])
        if LAST in versions:
            wanted |= Q(~Exists(same.filter(version__gt=OuterRef("version"))))
        if FIRST in versions:
            wanted |= Q(~Exists(same.filter(version__lt=OuterRef("version"))))
        return self.filter(wanted)


class Placement(models.Model):
    """An object in a collection on behalf of one source, since its `date_added`.

    Id, type and version are those of the object, repeated so that pages are filtered without reading the texts.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="placements")
    object = models.ForeignKey(StixObject, models.PROTECT, related_name="placements")
    stix_id = models.CharField(max_length=300)
    type = models.CharField(max_length=250)
    version = models.DateTimeField()
    label = models.ForeignKey(Label, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=64, help_text="The ref of the piece, or the feed, it comes from")
    tlp = models.SmallIntegerField(choices=TLP_CHOICES[:-1])
    date_added = models.DateTimeField()

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "date_added"], name="date_added_is_unique"),
            models.UniqueConstraint(fields=["source", "collection", "object"], name="placed_once_by_a_source"),
            models.CheckConstraint(condition=Q(tlp__lt=Tlp.RED.value), name="red_is_never_placed"),
        ]
        indexes: ClassVar = [models.Index(fields=["collection", "stix_id", "version"], name="placement_version")]

    def __str__(self) -> str:
        return f"{self.stix_id} in {self.collection_id}"
