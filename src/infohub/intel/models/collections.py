"""The collections that machines pull: who reads each, who writes to it, and what a reader is shown."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from infohub.intel.models.placements import Placement
from infohub.members.models import TLP_CHOICES, Group, Sector, Token, named
from infohub.policy.lookups import Among
from infohub.policy.models import Audience, Label
from infohub.policy.rights import Watched
from infohub.policy.viewer import Viewer, ViewerKind
from infohub.standards.tlp import Tlp

WRITING = "taxii-write"
"""The scope of tokens that add objects."""

READING = frozenset({"taxii", "read", "misp"})
"""The scopes of tokens that are shown objects: over TAXII, REST or MISP."""


WATCHED = (
    Watched(
        "intel_collection", ("kind", "alias", "titles", "about", "audience_id", "writers_id", "ceiling", "strictest")
    ),
    Watched("intel_collection_peers"),
)
"""What decides who may do what with a collection."""


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

    def writable(self, viewer: Viewer) -> CollectionQuerySet:
        """The collections this machine may add to, as SQL; whether it may also read them is another question."""
        if WRITING not in viewer.scopes or viewer.organisation is None:
            return self.none()
        return self.filter(writers__in=Audience.objects.matching(viewer).values("pk"))

    def for_peers(self, viewer: Viewer) -> CollectionQuerySet:
        """What the programme may send to this peer: what any peer reads, and what an agreement is about.

        A collection by agreement needs no token that it names: whoever sends it says whom the agreement is with.
        """
        return self.filter(Q(pk__in=self.readable(viewer).values("pk")) | Q(kind=CollectionKind.NAMED))

    def open_to(self, viewer: Viewer) -> CollectionQuerySet:
        """Those there is anything to do with; each row says by `can_read` and `can_write` what."""
        read, write = self.readable(viewer), self.writable(viewer)
        may = {"can_read": Q(pk__in=read.values("pk")), "can_write": Q(pk__in=write.values("pk"))}
        told = {name: ExpressionWrapper(rule, BooleanField()) for name, rule in may.items()}
        return self.filter(may["can_read"] | may["can_write"]).annotate(**told)


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
    strictest = models.SmallIntegerField(
        choices=TLP_CHOICES[:-1], default=Tlp.CLEAR.value, help_text="No placement was ever stricter"
    )
    last_added = models.DateTimeField(null=True, help_text="The newest date_added ever given in this collection")
    spread_until = models.DateTimeField(null=True, help_text="What is no newer is in the special collection, too")

    can_read: bool
    can_write: bool
    """What `open_to` found out for its viewer."""

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

    def is_called(self, name: str) -> bool:
        """Whether this is its id or alias."""
        return name == self.alias or name.lower() == str(self.uuid)

    def readable_by(self, viewer: Viewer) -> bool:
        """The rule on one collection: the same answer as `Collection.objects.readable(viewer)`."""
        if not self.is_uniform:
            return viewer.organisation is not None
        if viewer.kind is ViewerKind.PEER and self.kind == CollectionKind.NAMED:
            return viewer.token is not None and self.peers.filter(pk=viewer.token).exists()
        return self.audience is not None and self.audience.clause.matches(viewer)

    def writable_by(self, viewer: Viewer) -> bool:
        """The rule on one collection: the same answer as `Collection.objects.writable(viewer)`."""
        if WRITING not in viewer.scopes or viewer.organisation is None:
            return False
        return self.writers is not None and self.writers.clause.matches(viewer)

    def shown_to(self, viewer: Viewer) -> models.QuerySet[Placement]:
        """What its reader may read of it: all that is placed, within the ceiling.

        Of the special collection, what a readable label or a readable collection lets by.
        """
        rows = Placement.objects.filter(collection=self, tlp__lte=viewer.ceiling.value)
        same = {"stix_id": OuterRef("stix_id")}
        if not self.is_uniform:
            labelled = Q(Among(F("label_id"), Label.objects.readable_ids(viewer)))
            rows = rows.filter(labelled | Q(origin__in=Collection.objects.readable(viewer).values("pk")))
            same |= {"origin": OuterRef("origin")}
        first = rows.filter(**same).order_by("is_apart", "pk").values("source")[:1]
        return rows.filter(Q(is_apart=False) | Q(source=Subquery(first)))

    def level_shown_to(self, viewer: Viewer) -> int:
        """Up to which level it is shown to this machine; less than any where it may add and not read."""
        return viewer.ceiling.value if viewer.scopes & READING and self.readable_by(viewer) else -1

    def shows_all_to(self, viewer: Viewer) -> bool:
        """Whether its reader is shown all that is in it: then what holds in the collection holds for the reader."""
        return self.is_uniform and viewer.ceiling.value >= self.strictest
