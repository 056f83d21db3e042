"""The seats in groups, of persons or whole organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from infohub.members.models.organisation import Organisation


class SeatQuerySet(models.QuerySet["Seat"]):
    def held(self) -> SeatQuerySet:
        """Seats that have not ended."""
        return self.filter(ended__isnull=True)

    def of_organisation(self, organisation: Organisation) -> SeatQuerySet:
        """Its own seats and those of its representatives."""
        return self.filter(Q(organisation=organisation) | Q(membership__organisation=organisation))


class Seat(models.Model):
    """A place in a group: one membership's, or a whole organisation's."""

    group = models.ForeignKey("Group", models.CASCADE, related_name="seats")
    membership = models.ForeignKey("Membership", models.CASCADE, null=True, blank=True, related_name="seats")
    organisation = models.ForeignKey("Organisation", models.CASCADE, null=True, blank=True, related_name="seats")
    started = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(membership__isnull=True) ^ Q(organisation__isnull=True), name="seat_is_somebodys"
            ),
            models.UniqueConstraint(
                fields=["group", "membership"], condition=Q(ended__isnull=True), name="one_seat_per_membership"
            ),
            models.UniqueConstraint(
                fields=["group", "organisation"], condition=Q(ended__isnull=True), name="one_seat_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership or self.organisation} in {self.group}"
