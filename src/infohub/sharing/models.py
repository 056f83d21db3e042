"""What members share: items with their revisions, comments, attachments and confirmed indicators."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Case, F, Max, Q, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Severity
from infohub.members.models import LANGUAGE_CHOICES, TLP_CHOICES, Group, Membership, Person, Sector
from infohub.policy.labelled import Labelled, LabelledQuerySet
from infohub.policy.models import Seal
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp

TITLE_CHARACTERS = 300
INDICATOR_CHARACTERS = 600  # what an index row of PostgreSQL holds, whatever the characters


class ItemKind(models.TextChoices):
    ALERT = "alert", _("Alert")
    ADVISORY = "advisory", _("Advisory")
    INCIDENT = "incident", _("Incident")
    INSIGHT = "insight", _("Insight")
    PRACTICE = "practice", _("Good practice")
    NEWS = "news", _("News")
    QUESTION = "question", _("Question")


class ItemState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    PUBLISHED = "published", _("Shared")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Course(models.TextChoices):
    """How far what a piece tells of has come."""

    ONGOING = "ongoing", _("Ongoing")
    RESOLVED = "resolved", _("Resolved")


class ItemQuerySet(LabelledQuerySet["Item"]):
    def drafts_of(self, viewer: Viewer) -> ItemQuerySet:
        """The viewer's own unfinished pieces, newest first."""
        return self.filter(state=ItemState.DRAFT, author=viewer.membership).order_by("-updated_at")

    def written_in(self, viewer: Viewer, window: str) -> ItemQuerySet:
        """The viewer's own piece that this window of a browser wrote last, under its seal too."""
        return self.filter(Q(author=viewer.membership) | Q(seal__in=viewer.seals), edited_in=window)

    def waiting(self) -> ItemQuerySet:
        return self.filter(state=ItemState.SUBMITTED).order_by("state_at")


class Item(Labelled):
    """A shared piece. Its label row changes with its state: publishing swaps it."""

    ref = models.CharField(max_length=16, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=ItemKind, default=ItemKind.ALERT)
    state = models.CharField(max_length=16, choices=ItemState, default=ItemState.DRAFT)
    state_at = models.DateTimeField()
    author = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="items")
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="items")
    unattributed = models.BooleanField(default=False)
    title = models.CharField(max_length=TITLE_CHARACTERS, blank=True)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=8, choices=LANGUAGE_CHOICES, default="en")
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NONE)
    tlp = models.SmallIntegerField(choices=TLP_CHOICES, null=True)
    pap = models.SmallIntegerField(choices=TLP_CHOICES, null=True)
    safe_line = models.CharField(max_length=200, blank=True)
    choice = models.JSONField(default=dict, help_text="What the author chose as audience while it is a draft")
    sectors = models.ManyToManyField(Sector, related_name="items", blank=True)
    groups = models.ManyToManyField(Group, related_name="items", blank=True)
    course = models.CharField(max_length=16, choices=Course, blank=True)
    closed_at = models.DateTimeField(null=True, help_text="Since when its discussion is closed")
    answer = models.ForeignKey(
        "Comment", models.SET_NULL, null=True, related_name="+", help_text="What answers the question, says its author"
    )
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    edited_in = models.CharField(max_length=36, blank=True, help_text="The window that wrote the draft last")
    edited_turn = models.BigIntegerField(default=0, help_text="Which of that window's saves it was: they may overtake")

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta(Labelled.Meta):
        indexes: ClassVar = [models.Index(fields=["state", "state_at"]), models.Index(fields=["label", "published_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(author__isnull=True) ^ Q(seal__isnull=True), name="item_has_one_author")
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def marking(self) -> Tlp:
        """The TLP marking; what has none yet is treated as the strictest."""
        return Tlp.RED if self.tlp is None else Tlp(self.tlp)


class OpeningState(models.TextChoices):
    ASKED = "asked", _("Waits for a second officer")
    OPENED = "opened", _("Opened")
    DECLINED = "declined", _("Declined")


class OpeningQuerySet(models.QuerySet["Opening"]):
    def waiting_for(self, viewer: Viewer) -> OpeningQuerySet:
        """Those that another officer asked for and nobody has decided."""
        return self.filter(state=OpeningState.ASKED).exclude(asked_by=viewer.person)

    def opened(self) -> OpeningQuerySet:
        """Those that were opened, with the two officers."""
        return self.filter(state=OpeningState.OPENED).select_related("asked_by", "decided_by")


class Opening(models.Model):
    """A seal that one officer asks to open and another one opens: the two see for a week who wrote the piece."""

    SHOWN_FOR: ClassVar = timedelta(days=7)

    item = models.ForeignKey(Item, models.CASCADE, related_name="openings")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=16, choices=OpeningState, default=OpeningState.ASKED)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item"], condition=Q(state="asked"), name="one_opening_asked_at_a_time"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="two_officers_open_a_seal"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True)
                | Q(state__in=["opened", "declined"], decided_by__isnull=False),
                name="a_second_officer_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"opening {self.pk}"

    def author_shown_to(self, viewer: Viewer, at: datetime) -> Membership | None:
        """Who wrote the piece, for the two officers and for as long as it is shown."""
        two = {self.asked_by_id, self.decided_by_id}
        if self.state != OpeningState.OPENED or viewer.person not in two or self.decided_at is None:
            return None
        seal = self.item.seal
        return seal.membership if seal is not None and at < self.decided_at + self.SHOWN_FOR else None


class Sending(models.Model):
    """A piece that a program sent under a key of its own; who sent it is in the digest alone, where nobody reads it."""

    digest = models.CharField(max_length=64, unique=True, help_text="Keyed, of the membership and the key")
    request = models.CharField(max_length=64, help_text="Of everything that was sent")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"sending of {self.item_id}"


class Pin(models.Model):
    """A piece that the moderators of a group keep on top of its page."""

    MOST: ClassVar = 5

    group = models.ForeignKey(Group, models.CASCADE, related_name="pins")
    item = models.ForeignKey(Item, models.CASCADE, related_name="pins")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "item"], name="pinned_once_in_a_group")]

    def __str__(self) -> str:
        return f"pin {self.pk}"


class Revision(models.Model):
    """A published text of an item, kept as it was."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    body = models.TextField()
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "number"], name="one_text_per_revision")]

    def __str__(self) -> str:
        return f"{self.item_id} revision {self.number}"


class SuggestionState(models.TextChoices):
    OPEN = "open", _("Waits for the author")
    TAKEN = "taken", _("Taken")
    DECLINED = "declined", _("Declined")


class Suggestion(models.Model):
    """Other words for a piece, proposed by a reader; who answers for the piece takes them or not."""

    MOST: ClassVar = 20

    item = models.ForeignKey(Item, models.CASCADE, related_name="suggestions")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    title = models.CharField(max_length=TITLE_CHARACTERS)
    body = models.TextField()
    note = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(help_text="The revision of the piece that the reader had")
    state = models.CharField(max_length=16, choices=SuggestionState, default=SuggestionState.OPEN)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"


class Origin(models.TextChoices):
    """Where the words of another language come from; a reader is told when no person wrote them."""

    HUMAN = "human", _("written by a person")
    CONVERTED = "converted", _("converted by a program")


class ItemText(models.Model):
    """The words of a piece in another language than its own; whoever reads the piece reads them."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8, choices=LANGUAGE_CHOICES)
    title = models.CharField(max_length=TITLE_CHARACTERS)
    body = models.TextField()
    origin = models.CharField(max_length=16, choices=Origin, default=Origin.HUMAN)
    revision = models.PositiveIntegerField(help_text="The revision of the piece that these words say")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["language"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "language"], name="one_text_in_a_language")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.language}"


class Comment(Labelled):
    """A contribution to an item's discussion, read by those who may read the item."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="comments")
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="comments")
    body = models.TextField()
    at = models.DateTimeField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="replies")
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, help_text="Its author took it back: the words are gone")
    hidden_at = models.DateTimeField(null=True, help_text="Somebody who keeps the discussion in order hid the words")
    hidden_reason = models.CharField(max_length=300, blank=True)
    nonce = models.UUIDField(unique=True, default=uuid.uuid4, help_text="The form that made it: sent twice, kept once")

    class Meta(Labelled.Meta):
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(author__isnull=True) ^ Q(seal__isnull=True), name="comment_has_one_author"
            )
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Report(models.Model):
    """A reader says that a contribution does not belong there; whoever keeps the discussion in order decides."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "membership"], name="one_report_per_membership")
        ]

    def __str__(self) -> str:
        return f"report of {self.comment_id}"


class Attachment(Labelled):
    """A file of an item: a random handle for the address, the content stored under its hash."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="attachments")
    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta(Labelled.Meta):
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class IndicatorQuerySet(LabelledQuerySet["Indicator"]):
    def live(self, at: datetime) -> IndicatorQuerySet:
        """Those that still count: neither retracted nor past their time."""
        return self.filter(_lives(at))

    def dead(self, at: datetime) -> IndicatorQuerySet:
        """Those that count no more."""
        return self.filter(~_lives(at))

    def of_values(self, values: Collection[str]) -> IndicatorQuerySet:
        """Indicators of published pieces with one of these values, retracted ones too."""
        return self.filter(value__in=values, item__state=ItemState.PUBLISHED)

    def newest_of_each(self, most: int, *, at: datetime) -> IndicatorQuerySet:
        """So many of each value at most, the newest first; `counts` is 1 where any of the value still counts."""
        newest = Window(RowNumber(), partition_by=F("value"), order_by=("-valid_from", "-pk"))
        counts = Window(Max(Case(When(_lives(at), then=1), default=0)), partition_by=F("value"))
        return self.annotate(place=newest, counts=counts).filter(place__lte=most).order_by("-valid_from", "-pk")


def _lives(at: datetime) -> Q:
    return Q(Q(valid_until=None) | Q(valid_until__gt=at), retracted_at=None)


class Indicator(Labelled):
    """A value the author confirmed as an indicator of this item."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="indicators")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=16)
    value = models.CharField(max_length=INDICATOR_CHARACTERS)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField(null=True, help_text="Since when it is known to be a false positive")
    retracted_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar = IndicatorQuerySet.as_manager()

    class Meta(Labelled.Meta):
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "kind", "value"], name="one_indicator_once_per_item")
        ]
        indexes: ClassVar = [models.Index(fields=["value"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Doubt(models.Model):
    """A reader says that an indicator is a false positive; who answers for the piece decides."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="doubts")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "membership"], name="one_doubt_per_membership")
        ]

    def __str__(self) -> str:
        return f"doubt of {self.indicator_id}"
