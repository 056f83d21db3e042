"""Puts pieces into the collections that machines pull, and takes them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from infohub.intel import bulk
from infohub.intel.actions.collections import dated, lock
from infohub.intel.actions.keeping import keep
from infohub.intel.actions.marking import mark_versions, stricten, take_out
from infohub.intel.models import Collection, CollectionKind, Placement, StixObject, Waiting
from infohub.policy.clause import Clause
from infohub.policy.exits import Carry, Exit, carries
from infohub.policy.models import Label
from infohub.standards.stix21.parse import MARKING, stated
from infohub.standards.tlp import Tlp
from infohub.support import clock

StixJson = Mapping[str, object]

BATCH = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece goes: a collection, and the label its readers need there if the collection is the special one."""

    collection: Collection
    label: Label | None


@transaction.atomic
def place(
    source: str, *, objects: Sequence[StixJson], tlp: Tlp, label: Label, clauses: Sequence[Clause], due_at: datetime
) -> None:
    """From `due_at` on, the objects of this source are in every collection whose readers may all read them.

    Called again for the same source, it takes them out of the collections where that is no longer so; what is taken
    back before any machine was given it is told to none.
    """
    places = _places(tlp, label, clauses)
    is_new = not (
        Waiting.objects.filter(source=source).exists() or Placement.objects.filter(source=source).exists()
    )  # what waits first: a worker that is placing it holds it until it has
    if not is_new:
        _lock_all_of(source)
        _leave(source, places, tlp, renewed=[str(given["id"]) for given in objects])
    if not places:
        return
    kept = _keep(objects if is_new else _known(source, objects))
    there: set[tuple[int, int]] = set()
    if not is_new:
        mine = Placement.objects.filter(source=source, object__in=kept)
        take_out(mine.filter(tlp__gt=tlp.value))
        there = set(mine.values_list("collection", "object"))
    Waiting.objects.bulk_create(
        [
            _waiting(at, row, source=source, tlp=tlp, due_at=due_at)
            for at in places
            for row in kept
            if (at.collection.pk, row.pk) not in there
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def retract(source: str, *, objects: Sequence[StixJson]) -> None:
    """Take back what this source placed; whoever could have pulled it finds `objects`, the revoked versions, at once.

    What was not due yet is forgotten. The collections are locked first, so that nothing is placed meanwhile.
    """
    waiting, mine = Waiting.objects.filter(source=source), Placement.objects.filter(source=source)
    locked = _lock_all_of(source)
    waiting.delete()
    had: dict[tuple[int, str], Placement] = {}
    for before in mine.select_related("label").order_by("tlp"):
        had[before.collection_id, before.stix_id] = before
    kept = _keep(objects)
    take_out(mine.exclude(object__in=kept))
    at = clock.now()
    for collection in locked:
        revoked = [
            _waiting(Place(collection, seen.label), row, source=source, tlp=Tlp(seen.tlp), due_at=at)
            for row in kept
            if (seen := had.get((collection.pk, row.stix_id)))
        ]
        _add(collection, revoked)


@transaction.atomic
def add_due(collection_id: int, *, at: datetime) -> int:
    """Place what is due in one collection; how many there were."""
    (collection,) = lock(Collection.objects.filter(pk=collection_id))
    due = Waiting.objects.filter(collection=collection).due(at).select_for_update(of=("self",))
    rows = list(due.select_related("object").defer("object__raw")[:BATCH])
    _add(collection, rows)
    Waiting.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _add(collection: Collection, rows: Sequence[Waiting]) -> None:
    """Place the rows that are not there yet."""
    same = Placement.objects.filter(collection=collection, object__in=[row.object_id for row in rows])
    there = set(same.values_list("source", "object"))
    missing = [row for row in rows if (row.source, row.object_id) not in there]
    if not missing:
        return
    texts = StixObject.objects.filter(pk__in=[row.object_id for row in missing])
    sizes = dict(texts.values_list("pk", bulk.octets("raw")))
    placed = dated(collection, missing, shown_by=lambda row: (row.label_id or 0, row.tlp))
    Placement.objects.bulk_create(_placement(row, date, sizes[row.object_id]) for date, row in placed)
    mark_versions(collection.pk, {row.object.stix_id for row in missing})


def due(now: datetime) -> int:
    """How many objects wait for their collection although their time has come."""
    return Waiting.objects.due(now).count()


def _places(tlp: Tlp, label: Label, clauses: Sequence[Clause]) -> list[Place]:
    """The collections whose every reader may read a piece of this label; none for what machines may not have."""
    if label.private or carries(Exit.MACHINE, tlp) is Carry.NOTHING:
        return []
    wanted = Q(kind=CollectionKind.EVERYTHING)
    if len(clauses) == 1:
        wanted |= _all_included(clauses[0])
    rows = Collection.objects.filter(wanted, ceiling__gte=tlp.value).order_by("pk")
    return [Place(row, None if row.is_uniform else label) for row in rows]


def _all_included(clause: Clause) -> Q:
    """The groups, sectors and programme whose readers, today's and tomorrow's, are all in this clause."""
    included = Q(pk__in=[])
    if clause.frozen or clause.except_classes or clause.except_organisations:
        return included
    included |= Q(kind=CollectionKind.GROUP, group__in=clause.groups)
    included |= Q(kind=CollectionKind.SECTOR, sector__in=clause.sectors)
    return included | Q(kind=CollectionKind.MEMBERS) if clause.everyone else included


def _leave(source: str, places: Sequence[Place], tlp: Tlp, *, renewed: Sequence[str]) -> None:
    """Take a source out of where it no longer belongs; what stays is at least as strict as the source now is.

    What waits to be renewed is outdated; what is not renewed, such as an indicator taken back a moment ago, waits on.
    The waiting goes first: a worker that is just placing it has done so when the next step looks.
    """
    staying = Q(pk__in=[])
    for there in places:
        staying |= Q(collection=there.collection, label=there.label)
    waiting = Waiting.objects.filter(source=source)
    waiting.filter(~staying | Q(object__stix_id__in=renewed)).delete()
    waiting.filter(tlp__lt=tlp.value).exclude(object__type=MARKING).update(tlp=tlp.value)
    mine = Placement.objects.filter(source=source)
    take_out(mine.exclude(staying))
    stricten(mine.filter(tlp__lt=tlp.value).exclude(type=MARKING), tlp.value)


def _known(source: str, objects: Sequence[StixJson]) -> Sequence[StixJson]:
    """The objects without those that are taken back and that no machine was given."""
    if not any(given.get("revoked") for given in objects):
        return objects
    had = set(Placement.objects.filter(source=source).values_list("stix_id", flat=True))
    return [given for given in objects if not given.get("revoked") or given["id"] in had]


def _waiting(there: Place, row: StixObject, *, source: str, tlp: Tlp, due_at: datetime) -> Waiting:
    """An object on its way; the definition of a marking is no secret, everything else is as strict as its source."""
    return Waiting(
        collection=there.collection,
        object=row,
        label=there.label,
        source=source,
        tlp=(Tlp.CLEAR if row.type == MARKING else tlp).value,
        due_at=due_at,
    )


def _placement(row: Waiting, date_added: datetime, size: int) -> Placement:
    return Placement(
        collection_id=row.collection_id,
        object_id=row.object_id,
        stix_id=row.object.stix_id,
        type=row.object.type,
        version=row.object.version,
        size=size,
        label_id=row.label_id,
        source=row.source,
        tlp=row.tlp,
        date_added=date_added,
    )


def _keep(objects: Sequence[StixJson]) -> list[StixObject]:
    """The rows of these objects, without their texts."""
    kept = keep([stated(given) for given in objects])
    return list(StixObject.objects.filter(pk__in=kept.values()).defer("raw").order_by("pk"))


def _lock_all_of(source: str) -> list[Collection]:
    """Lock the collections in which the source has something or waits for it, before any of its rows."""
    waiting, mine = Waiting.objects.filter(source=source), Placement.objects.filter(source=source)
    return lock(Collection.objects.filter(Q(pk__in=waiting.values("collection")) | Q(pk__in=mine.values("collection"))))
