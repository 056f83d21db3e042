"""Who represents which organisation, and since when."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from infohub.members.models.seat import Seat
from infohub.members.models.standing import OrganisationStatus, PersonStatus


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        """Memberships that count now: not ended, of an active person in an active organisation."""
        return self.filter(
            ended__isnull=True, person__status=PersonStatus.ACTIVE, organisation__status=OrganisationStatus.ACTIVE
        )

    def running(self, at: datetime) -> MembershipQuerySet:
        """Memberships as they were at a time past, whatever became of person and organisation since."""
        return self.filter(Q(ended__isnull=True) | Q(ended__gt=at), started__lte=at)

    def found_by(self, words: str, *, organisation: int | None) -> MembershipQuerySet:
        """Members of that name who let themselves be found; colleagues find each other anyway."""
        visible = Q(person__in_directory=True) | Q(organisation=organisation)
        return self.current().filter(visible, person__name__icontains=words).order_by("person__name", "pk")

    def seated_in(self, group: int | OuterRef) -> MembershipQuerySet:
        """Those with a seat in the group: their own, or their organisation's."""
        seats = Seat.objects.filter(group=group, ended__isnull=True)
        own = Exists(seats.filter(membership=OuterRef("pk")))
        shared = Exists(seats.filter(organisation=OuterRef("organisation")))
        return self.filter(own | shared)


class Membership(models.Model):
    """A person's time as representative of one organisation; coming back is a new one."""

    person = models.ForeignKey("Person", models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("Organisation", models.PROTECT, related_name="memberships")
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    administrator = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended__isnull=True), name="one_membership_now"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("started")), name="ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"
