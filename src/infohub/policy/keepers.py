"""Who keeps a discussion in order, and whose words there are an expert's."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from infohub.members.models import Membership, Person, Role, RoleName
from infohub.policy.models import Label
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer


def keeps_order(viewer: Viewer, label: Label, groups: Collection[int]) -> bool:
    """Whether the viewer, who reads the piece, hides contributions below it.

    Its author, a moderator of a group it was shared in, a moderator of the programme.
    """
    moderates = viewer.token is None and not viewer.moderates.isdisjoint(groups)
    return label.answered_for_by(viewer) or moderates or viewer.may(Power.MODERATE)


def keepers_among(readers: QuerySet[Person], groups: Collection[int]) -> QuerySet[Person]:
    """Those of a piece's readers who moderate a group it was shared in, or the programme."""
    return readers.filter(Q(moderates__in=groups) | Q(roles__name=RoleName.MODERATOR)).distinct()


def experts_among(memberships: Collection[int]) -> frozenset[int]:
    """Those of these memberships whose person the programme calls an expert."""
    experts = Role.objects.filter(name=RoleName.EXPERT).values("person")
    return frozenset(Membership.objects.filter(pk__in=memberships, person__in=experts).values_list("pk", flat=True))
