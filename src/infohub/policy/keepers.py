"""Who keeps a discussion in order, who answers for its piece, and whose words there are an expert's."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from infohub.members.models import Membership, Person, Role, RoleName
from infohub.policy.models import Label
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp


def keeps_order(viewer: Viewer, label: Label, groups: Collection[int]) -> bool:
    """Whether the viewer, who reads the piece, hides contributions below it.

    Its author, a moderator of a group it was shared in, a moderator of the programme.
    """
    moderates = viewer.token is None and not viewer.moderates.isdisjoint(groups)
    return label.answered_for_by(viewer) or moderates or viewer.may(Power.MODERATE)


def answering(label: Label) -> Membership | None:
    """Who answers for the piece now: its author; after the author left the owner's steward, unless it is RED."""
    writer = label.author or (label.seal.membership if label.seal else None)
    if writer is None or writer.ended is None:
        return writer
    return label.owner.steward if label.owner and label.tlp < Tlp.RED else None


def keepers_among(readers: QuerySet[Person], groups: Collection[int]) -> QuerySet[Person]:
    """Those of a piece's readers who moderate a group it was shared in, or the programme."""
    return readers.filter(Q(moderates__in=groups) | Q(roles__name=RoleName.MODERATOR)).distinct()


def experts_among(memberships: Collection[int]) -> frozenset[int]:
    """Those of these memberships whose person the programme calls an expert."""
    experts = Role.objects.filter(name=RoleName.EXPERT).values("person")
    return frozenset(Membership.objects.filter(pk__in=memberships, person__in=experts).values_list("pk", flat=True))
