"""How much there is for a reader of a collection, and what a machine that pulls only news has missed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F, Min, Q, QuerySet

from infohub.intel.models import Collection, CollectionKind, Placement
from infohub.members.models import Seat, Token
from infohub.policy.lookups import Among
from infohub.policy.models import Label
from infohub.policy.viewer import Viewer

MOST_COUNTED = 10_000
RECENT = timedelta(days=30)
_MARGIN = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a reader is shown of a collection: how many objects, up to one more than are counted, and the newest's date.

    `stricter` says that there are objects above the reader's ceiling.
    """

    objects: int
    newest: datetime | None
    stricter: bool


@dataclass(frozen=True, slots=True)
class Older:
    """Objects that became readable after later ones were pulled; they were all added after `since`."""

    objects: int
    since: datetime

    @property
    def added_after(self) -> str:
        """The moment as TAXII takes it in a query."""
        return f"{self.since:%Y-%m-%dT%H:%M:%SZ}"


def holding(collection: Collection, viewer: Viewer) -> Holding:
    """What its reader is shown of a collection."""
    shown = collection.shown_to(viewer)
    above = Placement.objects.filter(collection=collection, tlp__gt=viewer.ceiling.value)
    return Holding(
        objects=_number(collection, viewer),
        newest=shown.order_by("-date_added").values_list("date_added", flat=True).first(),
        stricter=collection.is_uniform and above.exists(),
    )


def _number(collection: Collection, viewer: Viewer) -> int:
    """How many objects are shown, however many of their versions there are; counted no further than is told."""
    shown = collection.shown_to(viewer).order_by()
    if collection.shows_all_to(viewer):
        return shown.filter(is_newest=True, is_repeat=False)[: MOST_COUNTED + 1].count()
    return shown.values("stix_id").distinct()[: MOST_COUNTED + 1].count()


def late_seats(*, membership: int | None, organisation: int | None, at: datetime) -> dict[int, datetime]:
    """The groups in which a holder has sat only for a while, with the moment the first of its present seats began."""
    own = Q(membership=membership, membership__isnull=False) | Q(organisation=organisation, organisation__isnull=False)
    begun = Seat.objects.held().filter(own).values("group").annotate(begun=Min("started"))
    return dict(begun.filter(begun__gt=at - RECENT).order_by("begun", "group").values_list("group", "begun"))


def older_for(token: Token, viewer: Viewer, *, at: datetime) -> Older | None:
    """What the token's machine may read in "Everything I may read" since its holder sat down in a group, and missed.

    A placement counts where only a seat taken since the token was issued opens it, and where it was added before that
    seat: a machine that asks for what is new since its last call never comes past it again.
    """
    seats = late_seats(membership=viewer.membership, organisation=viewer.organisation, at=at)
    late = [(group, begun) for group, begun in seats.items() if begun > token.created]
    everything = Collection.objects.filter(kind=CollectionKind.EVERYTHING).first()
    if not late or everything is None or token.used_at is None:
        return None
    groups = viewer.groups - {group for group, _ in late}
    missed = Q(pk__in=[])
    for group, begun in late:
        missed |= Q(_opened_by(group, replace(viewer, groups=groups, labels=[])), date_added__lt=begun)
        groups |= {group}
    return _counted(everything.shown_to(viewer).filter(missed))


def _opened_by(group: int, before: Viewer) -> Among:
    """The placements that a seat in this group opens to somebody who could not read them before."""
    after = replace(before, groups=before.groups | {group}, labels=[])
    opened = set(Label.objects.readable_ids(after)) - set(Label.objects.readable_ids(before))
    return Among(F("label_id"), sorted(opened))


def _counted(missed: QuerySet[Placement]) -> Older | None:
    first = missed.aggregate(first=Min("date_added"))["first"]
    if first is None:
        return None
    return Older(missed.values("stix_id").distinct().count(), first.replace(microsecond=0) - _MARGIN)
