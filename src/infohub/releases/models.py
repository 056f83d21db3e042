"""Sanitised copies for the public: proposals on the release desk, and releases, which point back to nothing."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Severity
from infohub.members.models import LANGUAGE_CHOICES, Person, Sector
from infohub.policy.labelled import Labelled, LabelledQuerySet
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Item, ItemKind, ItemState


class ReleaseState(models.TextChoices):
    """A withdrawn release keeps its text under a banner; one that was taken down keeps its address alone."""

    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN_DOWN = "taken_down", _("Taken down")


class Origin(models.TextChoices):
    """Where a text came from; a reader is told when no person wrote it."""

    HUMAN = "human", _("written by a person")
    CONVERTED = "converted", _("converted from Traditional Chinese")
    MACHINE = "machine", _("translated by machine")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def public(self) -> ReleaseQuerySet:
        """What the Public Zone lists, newest first."""
        return self.filter(state=ReleaseState.PUBLISHED).order_by("-published_at", "-pk").worded()

    def gone(self, *, since: datetime) -> ReleaseQuerySet:
        """What was taken back since then, newest first: feeds tell their readers."""
        return self.exclude(state=ReleaseState.PUBLISHED).filter(updated_at__gte=since).order_by("-updated_at", "-pk")

    def worded(self) -> ReleaseQuerySet:
        """With its texts and sectors, in a fixed number of queries."""
        return self.prefetch_related("texts", "sectors")


class Release(models.Model):
    """A public copy with its own words and its own reference."""

    ref = models.CharField(max_length=16, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=ItemKind)
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NONE)
    state = models.CharField(max_length=16, choices=ReleaseState, default=ReleaseState.PUBLISHED)
    sectors = models.ManyToManyField(Sector, related_name="+", blank=True)
    indicators = models.JSONField(default=list, help_text="Pairs of kind and value")
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    withdrawn_reason = models.CharField(max_length=300, blank=True, help_text="The public reads it")
    imported = models.BooleanField(default=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-published_at"])]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_published(self) -> bool:
        return self.state == ReleaseState.PUBLISHED

    @property
    def is_taken_down(self) -> bool:
        return self.state == ReleaseState.TAKEN_DOWN

    def text_in(self, language: str) -> ReleaseText:
        """The text in this language, else the original one."""
        return next((text for text in self.texts.all() if text.language == language), self.original)

    @property
    def original(self) -> ReleaseText:
        """The text the others were made from; every release has one."""
        return max(self.texts.all(), key=lambda text: text.original)


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
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["release", "language"], name="one_text_per_language")]


class ProposalState(models.TextChoices):
    ASKED = "asked", _("The author is asked")
    PROPOSED = "proposed", _("On the release desk")
    CONSENT = "consent", _("Waiting for the owner’s consent")
    READY = "ready", _("Waiting for a second person")
    RELEASED = "released", _("Released")
    DECLINED = "declined", _("Declined")


ON_DESK = (ProposalState.PROPOSED, ProposalState.CONSENT, ProposalState.READY)


class ProposalQuerySet(LabelledQuerySet["Proposal"]):
    def readable(self, viewer: Viewer) -> Self:
        """What the label allows while the piece stands: a withdrawn piece leaves its proposals to its author alone."""
        return super().readable(viewer).filter(Q(item__state=ItemState.PUBLISHED) | _written_by(viewer))

    def open(self) -> Self:
        return self.exclude(state__in=[ProposalState.RELEASED, ProposalState.DECLINED])

    def standing(self) -> Self:
        """Those that became a release which has not been taken back."""
        return self.filter(state=ProposalState.RELEASED, release__state=ReleaseState.PUBLISHED)

    def on_desk(self) -> Self:
        """What the release desk works on, oldest first."""
        return self.filter(state__in=ON_DESK, item__state=ItemState.PUBLISHED).order_by("at", "pk")

    def asking(self, viewer: Viewer) -> Self:
        """Those that wait for this viewer as owner: asked to offer the piece, or to consent to a wording."""
        waiting = self.filter(state__in=[ProposalState.ASKED, ProposalState.CONSENT], item__state=ItemState.PUBLISHED)
        left = Q(label__owner__in=viewer.stewards, label__author__ended__isnull=False)
        return waiting.filter(_written_by(viewer) | left).select_related("item", "label").order_by("at")

    def about(self, ref: str) -> Self:
        """The proposals of one piece, newest first."""
        return self.filter(item__ref=ref).select_related("release", "label").order_by("-at", "-pk")

    def in_full(self) -> Self:
        """With all that its page shows, in a fixed number of queries."""
        rows = self.select_related(
            "item__seal", "label__author", "label__owner", "label__seal__sector", "editor", "released_by", "release"
        )
        return rows.prefetch_related("texts")


def _written_by(viewer: Viewer) -> Q:
    """Pieces the viewer wrote, by name or under the seal; nobody without a membership wrote one."""
    if viewer.membership is None:
        return Q(pk__in=[])
    return Q(label__author=viewer.membership) | Q(label__seal__in=viewer.seals)


class Proposal(Labelled):
    """A release in the making: the original as it was offered, the public wording, and who agreed to which wording."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=16, choices=ProposalState)
    at = models.DateTimeField()
    original_title = models.CharField(max_length=300)
    original_body = models.TextField()
    offered = models.JSONField(default=list, help_text="The indicators of the original: pairs of kind and value")
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NONE)
    indicators = models.JSONField(default=list, help_text="Those of the offered ones that become public")
    wording = models.PositiveIntegerField(default=1, help_text="Counts the wordings; consent is to one of them")
    editor = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", help_text="Of the desk; null = author"
    )
    consented_wording = models.PositiveIntegerField(null=True)
    consented_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    release = models.OneToOneField(Release, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar = ProposalQuerySet.as_manager()

    class Meta(Labelled.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"],
                condition=~Q(state__in=["released", "declined"]),
                name="one_open_proposal_per_piece",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "ready"])
                | Q(consented_wording=F("wording"), consented_at__isnull=False),
                name="consent_is_to_the_words_as_they_stand",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(release__isnull=False, released_by__isnull=False),
                name="a_release_has_somebody_who_released_it",
            ),
            models.CheckConstraint(
                condition=Q(editor__isnull=True) | Q(released_by__isnull=True) | ~Q(released_by=F("editor")),
                name="a_second_person_releases",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def is_consented(self) -> bool:
        """Whether the owner agreed to the words as they stand."""
        return self.consented_wording == self.wording

    @property
    def is_closed(self) -> bool:
        """Whether the piece may be offered anew: declined, or released and taken back."""
        return self.state == ProposalState.DECLINED or (self.release is not None and not self.release.is_published)

    @property
    def is_on_desk(self) -> bool:
        return self.state in ON_DESK


class ProposalText(Wording):
    """A proposed wording in one language; readable through its proposal alone."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="texts")
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "language"], name="one_wording_per_language")
        ]
