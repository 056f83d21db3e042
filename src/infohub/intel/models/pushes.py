"""What the programme sends to collections of others: where to, and who had what, when, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from infohub.intel.models.collections import Collection
from infohub.intel.models.sources import LATE, LONGEST, SHORTEST, authorization_of
from infohub.members.models import TLP_CHOICES
from infohub.policy.viewer import Viewer, peer_viewer
from infohub.standards.tlp import Tlp
from infohub.support.queue import DueRow

MOST_OBJECTS = 1000
"""Objects in one envelope."""


class PushState(models.TextChoices):
    DRAFT = "draft", _("not switched on")
    ON = "on", _("switched on")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("removed")


class DeliveryState(models.TextChoices):
    SENDING = "sending", _("sent, the answer is not known")
    PENDING = "pending", _("the peer has not decided yet")
    TAKEN = "taken", _("taken")
    REFUSED = "refused", _("refused")
    UNSAID = "unsaid", _("the peer never said")
    KEPT = "kept", _("not sent: larger than the peer takes")


NEVER_THERE = frozenset({DeliveryState.REFUSED.value, DeliveryState.KEPT.value})
"""What the peer does not have."""


class Recall(models.TextChoices):
    """What became of an object that the peer has and should not have any more."""

    REVOKED = "revoked", _("the revoked version was sent")
    ASKED = "asked", _("asked to delete, not confirmed")
    CONFIRMED = "confirmed", _("the peer says it is deleted")


class PushQuerySet(models.QuerySet["Push"]):
    def working(self) -> PushQuerySet:
        """Those for which the worker has something to do; a paused one still recalls."""
        return self.filter(state__in=[PushState.ON, PushState.PAUSED])

    def failing(self) -> PushQuerySet:
        """Those whose last turn failed."""
        return self.working().filter(failing_since__isnull=False)

    def queue_figures(self, at: datetime) -> dict[str, int]:
        """How many are late, wait for their time, fail; none is ever given up."""
        overdue, fails = Q(due_at__lt=at - LATE), Q(failing_since__isnull=False)
        numbers = self.working().aggregate(
            late=Count("pk", filter=overdue), all=Count("pk"), failing=Count("pk", filter=fails)
        )
        return {"late": numbers["late"], "waiting": numbers["all"] - numbers["late"], "failing": numbers["failing"]}

    def listed(self) -> PushQuerySet:
        """Those that are there, by name, then those that were; each with its collection and its numbers."""
        told = {
            "number_taken": Count("deliveries", filter=Q(deliveries__state=DeliveryState.TAKEN)),
            "number_refused": Count("deliveries", filter=Q(deliveries__state=DeliveryState.REFUSED)),
        }
        ended = models.Case(models.When(state=PushState.ENDED, then=1), default=0)
        return self.select_related("collection").annotate(**told).order_by(ended, "name", "pk")


class Push(DueRow):
    """One collection of a peer that is sent what one of ours holds: the row is the queue.

    `cursor` is the date of addition up to which everything was considered; `at_once` how many objects the next
    envelope holds, fewer after one was refused as a whole. While the last turn failed, `problem` says why.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, help_text="The peer, as the office calls it")
    url = models.CharField(max_length=2000, help_text="Of the peer's TAXII 2.1 collection")
    credential = models.TextField(blank=True, help_text="Sealed; user and password, or a token alone")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="pushes")
    ceiling = models.SmallIntegerField(choices=TLP_CHOICES[:-1])
    minutes = models.PositiveSmallIntegerField(default=60)
    state = models.CharField(max_length=8, choices=PushState, default=PushState.DRAFT)
    added_at = models.DateTimeField()
    cursor = models.DateTimeField(null=True)
    at_once = models.PositiveSmallIntegerField(default=MOST_OBJECTS)
    last_success = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)

    objects = PushQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST), name="push_neither_too_often_nor_too_rarely"
            ),
            models.CheckConstraint(condition=Q(ceiling__lte=Tlp.GREEN.value), name="peers_read_up_to_green"),
        ]

    def __str__(self) -> str:
        return f"push-{self.uuid.hex}"

    @property
    def reader(self) -> Viewer:
        """Who the peer is to the policy."""
        return peer_viewer(Tlp(self.ceiling))

    def authorization(self) -> str:
        """The value of the header that says who we are; empty where the peer asks for nothing."""
        return authorization_of(self.credential)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, push: Push, *, state: str = "", recall: str = "") -> DeliveryQuerySet:
        """The ledger of one push, the newest first; of this state, or with this recall, where one is named."""
        wanted = {name: said for name, said in (("state", state), ("recall", recall)) if said}
        return self.filter(push=push, **wanted).order_by("-pk")

    def counted(self, push: Push) -> dict[str, int]:
        """How many there are of each state, and of each recall."""
        told = {one: Count("pk", filter=Q(state=one)) for one in DeliveryState.values}
        told |= {f"recall_{one}": Count("pk", filter=Q(recall=one)) for one in Recall.values}
        return self.filter(push=push).aggregate(**told)

    def undecided(self, push: Push, *, most: int) -> list[str]:
        """The ids of the answers that the peer still owes, the oldest first."""
        answers = self.unspoken(push).values("status").annotate(first=Min("sent_at")).order_by("first")
        return [one["status"] for one in answers[:most]]

    def unspoken(self, push: Push) -> DeliveryQuerySet:
        """What still waits for the peer's decision."""
        return self.filter(push=push, state=DeliveryState.PENDING)

    def lost(self, push: Push) -> DeliveryQuerySet:
        """What the peer has and is not shown any more: neither this version nor a later one is there for it."""
        rows = self.filter(push=push, recall="", revoked=False).exclude(state__in=NEVER_THERE)
        collection = Collection.objects.for_peers(push.reader).filter(pk=push.collection_id).first()
        if collection is None:
            return rows
        shown = collection.shown_to(push.reader)
        return rows.exclude(Exists(shown.filter(stix_id=OuterRef("stix_id"), version__gte=OuterRef("version"))))

    def unasked(self, push: Push) -> DeliveryQuerySet:
        """What the peer was asked to delete, and is asked again because something went wrong."""
        return self.filter(push=push, recall=Recall.ASKED, is_final=False)


class Delivery(models.Model):
    """One version of an object that was sent, and what became of it there; `message` is the peer's."""

    push = models.ForeignKey(Push, models.PROTECT, related_name="deliveries")
    stix_id = models.CharField(max_length=300)
    type = models.CharField(max_length=250)
    version = models.DateTimeField()
    digest = models.CharField(max_length=64)
    tlp = models.SmallIntegerField(choices=TLP_CHOICES[:-1])
    revoked = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DeliveryState)
    status = models.CharField(max_length=100, blank=True, help_text="Id of the peer's status resource")
    message = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    recall = models.CharField(max_length=9, choices=Recall, blank=True)
    recalled_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(default=0, help_text="How often the peer was asked to delete it")
    is_final = models.BooleanField(default=False, help_text="The peer is not asked again")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["push", "stix_id", "version", "digest"], name="delivered_once"),
            models.CheckConstraint(condition=Q(tlp__lte=Tlp.GREEN.value), name="delivered_up_to_green"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["push", "state"], name="delivery_state"),
        ]

    def __str__(self) -> str:
        return self.stix_id
