"""What is like a piece: others that have indicators in common with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from infohub.policy.viewer import Viewer
from infohub.sharing.models import Indicator, Item

VALUES = 500


@dataclass(frozen=True, slots=True)
class Related:
    """A piece that shares indicators with another, and how many."""

    ref: str
    title: str
    language: str
    number: int


def related_to(viewer: Viewer, item: Item, indicators: Iterable[Indicator], *, most: int) -> list[Related]:
    """Pieces the viewer may read that have standing indicators in common, those with most in common first."""
    own = [row.value for row in indicators if row.retracted_at is None][:VALUES]
    shared = Indicator.objects.readable(viewer).of_values(own).filter(retracted_at=None).exclude(item=item)
    counted = shared.values("item__ref", "item__title", "item__language").annotate(number=Count("value", distinct=True))
    found = counted.order_by("-number", "-item__ref")[:most]
    return [Related(row["item__ref"], row["item__title"], row["item__language"], row["number"]) for row in found]
