"""Sanitised copies for the public: proposals on the release desk, and releases, which point back to nothing."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Severity
from infohub.members.models import LANGUAGE_CHOICES, Person
from infohub.policy.labelled import Labelled, LabelledQuerySet
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Item, ItemKind


class ReleaseState(models.TextChoices):
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Origin(models.TextChoices):
    """Where a text came from; a reader is told when no person wrote it."""

    HUMAN = "human", _("written by a person")
    CONVERTED = "converted", _("converted from Traditional Chinese")
    MACHINE = "machine", _("translated by machine")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def public(self) -> ReleaseQuerySet:
        """What the Public Zone lists, newest first, with its texts."""
        return self.filter(state=ReleaseState.PUBLISHED).order_by("-published_at", "-pk").prefetch_related("texts")


class Release(models.Model):
    """A public copy with its own words and its own reference."""

    ref = models.CharField(max_length=16, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=ItemKind)
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NONE)
    state = models.CharField(max_length=16, choices=ReleaseState, default=ReleaseState.PUBLISHED)
    sectors = models.JSONField(default=list)
    indicators = models.JSONField(default=list, help_text="Pairs of kind and value")
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    imported = models.BooleanField(default=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-published_at"])]

    def __str__(self) -> str:
        return self.ref

    def text_in(self, language: str) -> ReleaseText:
        """The text in this language, else the original one, else any."""
        texts = {text.language: text for text in self.texts.all()}
        return texts.get(language) or next((t for t in texts.values() if t.original), next(iter(texts.values())))


class Wording(models.Model):
    """Words for the public in one language."""

    language = models.CharField(max_length=8, choices=LANGUAGE_CHOICES)
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=400)
    everyone = models.CharField(max_length=400, blank=True)
    small_firms = models.CharField(max_length=400, blank=True)
    teams = models.CharField(max_length=400, blank=True)
    body = models.TextField()
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.HUMAN)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


class ReleaseText(Wording):
    """A release's words in one language."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="texts")
    original = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["release", "language"], name="one_text_per_language")]


class ProposalState(models.TextChoices):
    ASKED = "asked", _("The author is asked")
    PROPOSED = "proposed", _("On the release desk")
    CONSENT = "consent", _("Waiting for the owner’s consent")
    READY = "ready", _("Waiting for a second person")
    RELEASED = "released", _("Released")
    DECLINED = "declined", _("Declined")


class ProposalQuerySet(LabelledQuerySet["Proposal"]):
    def open(self) -> ProposalQuerySet:
        return self.exclude(state__in=[ProposalState.RELEASED, ProposalState.DECLINED])

    def on_desk(self) -> ProposalQuerySet:
        """What the release desk works on, oldest first."""
        return self.filter(state__in=[ProposalState.PROPOSED, ProposalState.CONSENT, ProposalState.READY]).order_by("at")

    def asking(self, viewer: Viewer) -> ProposalQuerySet:
        """Those that wait for this viewer as owner: asked to offer the piece, or to consent to a wording."""
        owned = Q(label__author=viewer.membership, label__author__isnull=False) | Q(label__seal__in=viewer.seals)
        waiting = [ProposalState.ASKED, ProposalState.CONSENT]
        return self.readable(viewer).filter(owned, state__in=waiting).select_related("item", "label").order_by("at")

    def about(self, viewer: Viewer, ref: str) -> ProposalQuerySet:
        """The proposals of one piece that the viewer may see."""
        return self.readable(viewer).filter(item__ref=ref).select_related("release", "label").order_by("-at")


class Proposal(Labelled):
    """A release in the making: the original as it was offered, the sanitised copy, and who agreed."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=16, choices=ProposalState)
    at = models.DateTimeField()
    original_title = models.CharField(max_length=300)
    original_body = models.TextField()
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NONE)
    indicators = models.JSONField(default=list)
    editor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    consented_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    release = models.OneToOneField(Release, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta(Labelled.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"],
                condition=~Q(state__in=["released", "declined"]),
                name="one_open_proposal_per_piece",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(consented_at__isnull=False, release__isnull=False),
                name="nothing_is_released_without_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class ProposalText(Wording):
    """A proposed wording in one language; readable through its proposal alone."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="texts")
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "language"], name="one_wording_per_language")
        ]
