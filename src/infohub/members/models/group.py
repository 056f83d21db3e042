"""The groups: circles of people or organisations who share with each other."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from infohub.members.models.membership import Membership
from infohub.members.models.naming import TLP_CHOICES, named
from infohub.members.models.person import Person
from infohub.standards.tlp import Tlp


class GroupQuerySet(models.QuerySet["Group"]):
    def listed_or_in(self, group_ids: frozenset[int]) -> GroupQuerySet:
        """Groups a person may know of: the listed ones and those where the person has a seat or moderates."""
        return self.filter(Q(listed=True) | Q(pk__in=group_ids))

    def with_crowd(self) -> GroupQuerySet:
        """With `people` and `organisations`: how many read what is shared there now."""
        seated = Membership.objects.current().seated_in(OuterRef(OuterRef("pk"))).order_by().values(_one=Value(1))
        people = seated.annotate(n=Count("person", distinct=True)).values("n")
        organisations = seated.annotate(n=Count("organisation", distinct=True)).values("n")
        return self.annotate(  # type: ignore[no-redef]  # the model declares them for whoever reads them
            people=Coalesce(Subquery(people, IntegerField()), 0),
            organisations=Coalesce(Subquery(organisations, IntegerField()), 0),
        )


class Group(models.Model):
    """A circle of people or organisations who share with each other."""

    people: int
    organisations: int

    ref = models.CharField(max_length=16, unique=True)
    names = models.JSONField()
    about = models.TextField(blank=True)
    kind = models.CharField(max_length=24, default="sector")
    listed = models.BooleanField(default=True)
    default_tlp = models.SmallIntegerField(choices=TLP_CHOICES, default=Tlp.AMBER.value)
    review = models.BooleanField(default=False)
    moderators = models.ManyToManyField(Person, related_name="moderates", blank=True)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return named(self.names)

    def organisation_names(self) -> list[str]:
        """The organisations that read what is shared in this group."""
        seated = Membership.objects.current().seated_in(self.pk)
        return sorted(set(seated.values_list("organisation__name", flat=True)))
