"""What the register keeps beside members: visits, trusted browsers, lost second steps, requests for seats, the mark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from infohub.members.models import Group, Membership, Person
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.support.clock import now

B = TypeVar("B", bound="InBrowser")


class BrowserQuerySet(models.QuerySet[B]):
    def running(self) -> Self:
        """Those that neither ended nor grew too old, newest first."""
        return self.filter(ended__isnull=True, started__gt=now() - self.model.LIFETIME).order_by("-pk")

    def end(self) -> int:
        """End all of these now; how many there were."""
        return self.running().update(ended=now())


class InBrowser(models.Model):
    """Something a person has in one browser; of the browser its name is kept, never its address."""

    LIFETIME: ClassVar[timedelta]

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    browser = models.CharField(max_length=24, blank=True)
    system = models.CharField(max_length=24, blank=True)
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The browser in words."""
        if self.browser and self.system:
            return _("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or str(_("A browser without a name"))

    @property
    def expires(self) -> datetime:
        return self.started + self.LIFETIME


class VisitQuerySet(BrowserQuerySet["Visit"]):
    pass


class Visit(InBrowser):
    """A session that showed both steps; whoever ends it shuts that browser out at its next request."""

    LIFETIME = timedelta(hours=12)

    seen_at = models.DateTimeField()

    objects = VisitQuerySet.as_manager()


class TrustedBrowserQuerySet(BrowserQuerySet["TrustedBrowser"]):
    pass


class TrustedBrowser(InBrowser):
    """A browser that need not show the second step at sign-in; it shows the password all the same."""

    LIFETIME = timedelta(days=14)

    digest = models.CharField(max_length=64, unique=True)

    objects = TrustedBrowserQuerySet.as_manager()


class RecoveryStatus(models.TextChoices):
    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Done")


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def asked(self) -> RecoveryQuerySet:
        """Requests that wait for a yes, whoever asked first on top; after a week they have lapsed."""
        waiting = self.filter(status=RecoveryStatus.ASKED, asked_at__gt=now() - Recovery.LIFETIME)
        return waiting.select_related("person").order_by("asked_at", "pk")

    def of_organisation(self, organisation: int | None) -> RecoveryQuerySet:
        """Requests of people who represent this organisation now."""
        running = Membership.objects.filter(organisation=organisation, ended__isnull=True)
        return self.filter(person__in=running.values("person"))

    def stoppable(self) -> RecoveryQuerySet:
        """Requests that have led to no new second step yet."""
        return self.filter(status__in=[RecoveryStatus.ASKED, RecoveryStatus.GRANTED])


class Recovery(models.Model):
    """A request to set up a new second step because the old one is lost, and who said yes to it."""

    LIFETIME: ClassVar = timedelta(days=7)
    PATIENCE: ClassVar = timedelta(hours=24)

    person = models.ForeignKey(Person, models.CASCADE, related_name="recoveries")
    status = models.CharField(max_length=8, choices=RecoveryStatus, default=RecoveryStatus.ASKED)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    administrator = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    officer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(status__in=["asked", "granted"]), name="one_recovery_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(administrator=F("officer")), name="two_people_say_yes"),
            models.CheckConstraint(
                condition=~Q(administrator=F("person")) & ~Q(officer=F("person")), name="nobody_recovers_alone"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["granted", "done"]) | Q(officer__isnull=False), name="the_office_said_yes"
            ),
        ]


class Welcome(models.Model):
    """How far somebody new has come: whether they know the markings, and whether the first steps are put away."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    knows_markings_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"welcome of {self.person_id}"


class JoiningState(models.TextChoices):
    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class JoiningQuerySet(models.QuerySet["Joining"]):
    def waiting(self) -> JoiningQuerySet:
        """Requests of present members that wait for an answer, the longest first; a leaver's have lapsed."""
        present = self.filter(state=JoiningState.ASKED, membership__in=Membership.objects.current())
        return present.select_related("group", "membership__person", "membership__organisation").order_by("at", "pk")

    def for_keeper(self, viewer: Viewer) -> JoiningQuerySet:
        """Those the viewer decides: of all groups, or of the ones the viewer moderates; never the own."""
        kept = self if offices.steers(viewer) else self.filter(group__in=viewer.moderates)
        return kept.exclude(membership=viewer.membership)


class Joining(models.Model):
    """A request for a seat in a group: the asker's own, or the whole organisation's."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="joinings")
    group = models.ForeignKey(Group, models.CASCADE, related_name="joinings")
    organisation = models.BooleanField(default=False, help_text="The seat is asked for the whole organisation")
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=16, choices=JoiningState, default=JoiningState.ASKED)
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=300, blank=True)

    objects = JoiningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "group"], condition=Q(state="asked"), name="one_open_joining_per_group"
            )
        ]

    def __str__(self) -> str:
        return f"joining {self.pk}"


class Mark(models.Model):
    """The picture beside the programme's name; it is called after its content, so that browsers keep it for ever."""

    name = models.CharField(max_length=80, primary_key=True)
    picture = models.BinaryField()

    def __str__(self) -> str:
        return self.name
