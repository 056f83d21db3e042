"""Telling people: one row per message to one person, what they read, whether they want mail, and of what."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from infohub.catalogue.models import Entry, Severity
from infohub.members.models import Group, Membership, Person, Sector
from infohub.policy.lookups import Among
from infohub.policy.models import Label
from infohub.policy.viewer import Viewer
from infohub.support.queue import DueRow, dead_letters

Mail = TypeVar("Mail", bound=DueRow)
MANY = 100  # unread notices: the page says "99+"


class Event(models.TextChoices):
    """What happened to the piece a notice is about."""

    SHARED = "shared", _("shared with you")
    COMMENTED = "commented", _("new comment")
    REVISED = "revised", _("new revision")
    CONSENT = "consent", _("your consent is asked")
    RELEASED = "released", _("released to the public")
    RETURNED = "returned", _("sent back")
    DOUBTED = "doubted", _("an indicator is doubted")
    SEEN = "seen", _("seen by a member")
    MENTIONED = "mentioned", _("you are mentioned")
    UNSEALED = "unsealed", _("two officers know that you wrote it")
    REPORTED = "reported", _("a contribution is reported")
    ACCEPTED = "accepted", _("your answer was accepted")
    SUGGESTED = "suggested", _("a reader suggests a correction")


class MailQuerySet(models.QuerySet[Mail]):
    """Rows that are mails: `sent_at` and `dropped_at` say what became of each."""

    def unsent(self) -> Self:
        """Whose mail is still to come, or has been given up."""
        return self.filter(sent_at=None, dropped_at=None)

    def failing(self) -> Self:
        """Whose mail failed and will be tried again, whichever comes first."""
        return self.unsent().filter(due_at__isnull=False).exclude(problem="").order_by("due_at", "pk")

    def dead(self) -> Self:
        """Whose mail has been given up, for the office to see."""
        return dead_letters(self.unsent())  # type: ignore[return-value]  # filters of this very query

    def queue_figures(self, at: datetime) -> dict[str, int]:
        """How many mails are late, wait for their time, failed at least once, and were given up."""
        failed = ~Q(problem="")
        return self.unsent().aggregate(
            late=Count("pk", filter=Q(due_at__lte=at)),
            waiting=Count("pk", filter=Q(due_at__gt=at)),
            failing=Count("pk", filter=failed & Q(due_at__isnull=False)),
            dead=Count("pk", filter=failed & Q(due_at__isnull=True)),
        )


class NoticeQuerySet(MailQuerySet["Notice"]):
    def readable(self, viewer: Viewer) -> NoticeQuerySet:
        """The viewer's own notices about entries the viewer may read now, newest first, with their entries."""
        if viewer.person is None:
            return self.none()
        own = self.filter(Among(F("entry__label_id"), Label.objects.readable_ids(viewer)), person=viewer.person)
        return own.select_related("entry__label").order_by("-created_at", "-pk")

    def explained(self) -> NoticeQuerySet:
        """With the groups of their entries, through which their reader may have got them."""
        return self.prefetch_related("entry__groups")

    def log(self, words: str) -> NoticeQuerySet:
        """Every mail about a piece, the newest first, with whom it was for; never about which piece.

        What an unattributed piece tells its author is left out: beside the audit it would name them.
        """
        own = self.filter(entry__label__seal__membership__person=F("person"))
        rows = self.exclude(pk__in=own.values("pk")).select_related("person", "digest").defer("reason").order_by("-pk")
        return rows.filter(Q(person__email__icontains=words) | Q(person__name__icontains=words)) if words else rows

    def unread_of(self, viewer: Viewer) -> NoticeQuerySet:
        """What the viewer was told and has not read."""
        return self.readable(viewer).filter(read_at=None)

    def number_unread(self, viewer: Viewer) -> int:
        """How many the masthead says are unread, counted no further than `MANY`."""
        return self.unread_of(viewer).order_by()[:MANY].count()


class Digest(DueRow):
    """The one mail of a day to one person; its notices wait for it, and the row is the queue."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="digests")
    on = models.DateTimeField(help_text="The moment the person chose, of this day: what makes it one")
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text="Nothing was left to say")

    objects = MailQuerySet["Digest"].as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "on"], name="one_digest_a_day")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, dropped_at=None), name="digest_due")
        ]

    def __str__(self) -> str:
        return f"digest to {self.person_id}"

    @property
    def created_at(self) -> datetime:
        """The date of its letter."""
        return self.on


class Notice(DueRow):
    """One message to one person about one entry; the row is the mail queue (`due_at` past and not sent = to do).

    With a `digest` its mail goes with the digest, and the row itself is never due.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="notices")
    event = models.CharField(max_length=16, choices=Event)
    key = models.CharField(max_length=64, help_text="What makes the event one: the same key is told once")
    reason = models.JSONField(
        default=dict, help_text="Why: 'because' is a key of REASONS, 'rule' the name of a rule of theirs"
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text="Not sent on purpose: withdrawn, not readable, not wanted")
    digest = models.ForeignKey(Digest, models.SET_NULL, null=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "entry", "event", "key"], name="told_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, dropped_at=None), name="notice_due"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["person", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.entry_id} to {self.person_id}"


class ReceiptKind(models.TextChoices):
    READ = "read", _("read")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")


class Receipt(models.Model):
    """That a membership read or acknowledged an entry; shown by organisation, not by person."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="receipts")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="receipts")
    kind = models.CharField(max_length=16, choices=ReceiptKind)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "membership", "kind"], name="one_receipt")]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}"


class Pace(models.TextChoices):
    """When a person hears of a new piece by mail."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("In one mail a day")
    NONE = "none", _("Not by mail")


class Preference(models.Model):
    """How a person wants to be told; no row = by mail at once. Notices in the product always come."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="preference")
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.AT_ONCE)
    digest_hour = models.PositiveSmallIntegerField(default=18)
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True)
    quiet_to = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__lt=24, quiet_to__lt=24),
                name="quiet_hours_are_hours",
            ),
            models.CheckConstraint(condition=Q(digest_hour__lt=24), name="digest_hour_is_an_hour"),
        ]

    def __str__(self) -> str:
        return f"preference of {self.person_id}"


class GroupPace(models.Model):
    """What a person wants otherwise for the pieces of one group."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="group_paces")
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    pace = models.CharField(max_length=8, choices=Pace)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "group"], name="one_pace_per_group")]

    def __str__(self) -> str:
        return f"pace of {self.person_id}"


class Stance(models.TextChoices):
    """What somebody made of a piece or a group; no row = normal."""

    FOLLOW = "follow", _("Follow")
    MUTE = "mute", _("Mute")


class FollowingQuerySet(models.QuerySet["Following"]):
    def about(self, entry: Entry, stance: Stance) -> FollowingQuerySet:
        """Who has this stance towards the piece, or towards a group it is in."""
        return self.filter(Q(entry=entry) | Q(group__in=entry.groups.values("pk")), stance=stance)


class Following(models.Model):
    """A person follows or mutes a piece, or a group."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="followings")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="followings")
    group = models.ForeignKey(Group, models.CASCADE, null=True, related_name="+")
    stance = models.CharField(max_length=8, choices=Stance)

    objects = FollowingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(entry=None) ^ Q(group=None), name="following_names_one_thing"),
            models.UniqueConstraint(
                fields=["person", "entry"], condition=Q(group=None), name="one_stance_towards_a_piece"
            ),
            models.UniqueConstraint(
                fields=["person", "group"], condition=Q(entry=None), name="one_stance_towards_a_group"
            ),
        ]

    def __str__(self) -> str:
        return f"stance of {self.person_id}"


class RuleQuerySet(models.QuerySet["Rule"]):
    def asking_for(self, entry: Entry) -> RuleQuerySet:
        """Those that run and whose severity, sectors and groups the entry meets; kinds and words are asked after.

        A group counts while the rule's person sits in it: nobody learns of a group's pieces what others do not.
        """
        sectors = Rule.sectors.through.objects.filter(rule=OuterRef("pk"))
        groups = Rule.groups.through.objects.filter(rule=OuterRef("pk"))
        own = (
            Membership.objects.current().filter(person=OuterRef("rule__person")).seated_in(OuterRef(OuterRef("group")))
        )
        met = groups.filter(Exists(own), group__in=entry.groups.values("pk"))
        return self.filter(
            ~Exists(sectors) | Exists(sectors.filter(sector__in=entry.sectors.values("pk"))),
            ~Exists(groups) | Exists(met),
            paused_at=None,
            severity__lte=entry.severity,
        )


class Rule(models.Model):
    """What a person wants to hear of, all its conditions together, and how; it opens nothing to anybody."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="rules")
    name = models.CharField(max_length=120)
    kinds = models.JSONField(default=list, blank=True, help_text="Any of these; empty: every kind")
    severity = models.SmallIntegerField(choices=Severity, default=Severity.NONE, help_text="At least this")
    sectors = models.ManyToManyField(Sector, related_name="+", blank=True)
    groups = models.ManyToManyField(Group, related_name="+", blank=True)
    words = models.CharField(max_length=300, blank=True)
    terms = models.JSONField(default=list, blank=True, help_text="The words as search asks for them, found beforehand")
    pace = models.CharField(max_length=8, choices=Pace)
    paused_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        indexes: ClassVar = [models.Index(fields=["person"], condition=Q(paused_at=None), name="rule_runs")]

    def __str__(self) -> str:
        return f"rule {self.pk}"
