"""The member organisations."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from infohub.members.models.membership import Membership
from infohub.members.models.naming import TLP_CHOICES
from infohub.members.models.programme import Sector
from infohub.members.models.standing import OrganisationStatus
from infohub.standards.tlp import Tlp


class OrganisationClass(models.TextChoices):
    MEMBER = "member", _("Member")
    VENDOR = "vendor", _("Vendor")
    REGULATOR = "regulator", _("Regulator")
    ASSOCIATION = "association", _("Association")
    OFFICE = "office", _("Programme office")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def found(self, words: str) -> OrganisationQuerySet:
        """Those whose name contains the words, or whose reference they are."""
        return self.filter(Q(name__icontains=words) | Q(ref__iexact=words)) if words else self

    def called(self, words: str) -> OrganisationQuerySet:
        """The active one with exactly this name or reference."""
        return self.filter(Q(name__iexact=words) | Q(ref__iexact=words), status=OrganisationStatus.ACTIVE)

    def with_people(self) -> OrganisationQuerySet:
        """With `people`: how many represent each now."""
        running = Membership.objects.filter(organisation=OuterRef("pk"), ended__isnull=True).order_by()
        number = running.values("organisation").annotate(n=Count("pk")).values("n")
        return self.annotate(people=Coalesce(Subquery(number, IntegerField()), 0))


class Organisation(models.Model):
    """A member organisation of the programme."""

    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=200)
    organisation_class = models.CharField(max_length=16, choices=OrganisationClass, default=OrganisationClass.MEMBER)
    status = models.CharField(max_length=16, choices=OrganisationStatus, default=OrganisationStatus.PENDING)
    sectors = models.ManyToManyField(Sector, related_name="organisations", blank=True)
    domains = models.JSONField(default=list, blank=True)
    since = models.DateTimeField()
    ceiling = models.SmallIntegerField(choices=TLP_CHOICES[:-1], default=Tlp.AMBER_STRICT.value)  # of all its programs
    steward = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="stewarding")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    named_at = models.DateTimeField(null=True, help_text="When its name or sectors changed: machines get a new version")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
