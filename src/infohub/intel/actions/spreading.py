"""Puts what machines and sources added to one collection into the special one, "Everything I may read", as well.

A worker does it a moment later, so that adding waits for nothing. There a row names the collection it comes from, and
whoever may read that one is shown it: the rights are asked at every request.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q

from infohub.intel.actions.adding import PIECE
from infohub.intel.actions.collections import dated, lock
from infohub.intel.actions.marking import mark_versions, origin_source
from infohub.intel.models import Collection, CollectionKind, Placement

BATCH = 500


def spread() -> int:
    """Spread what is new, collection by collection, in small transactions; how many rows there were."""
    special = Collection.objects.filter(kind=CollectionKind.EVERYTHING).first()
    if special is None:
        return 0
    behind = Q(spread_until=None) | Q(spread_until__lt=F("last_added"))
    rows = (
        Collection.objects.exclude(pk=special.pk).filter(behind, last_added__isnull=False).values_list("pk", flat=True)
    )
    return sum(_spread(pk, special.pk) for pk in list(rows))


@transaction.atomic
def _spread(collection_id: int, special_id: int) -> int:
    """One batch of one collection. Its rows are committed in the order of their dates, so none is passed over."""
    special, collection = _locked(special_id, collection_id)
    new = Placement.objects.filter(collection=collection).order_by("date_added")
    if collection.spread_until is not None:
        new = new.filter(date_added__gt=collection.spread_until)
    rows = list(new[:BATCH])
    added = [row for row in rows if not row.source.startswith(PIECE)]  # pieces are placed there by themselves
    if added:
        Placement.objects.bulk_create(
            Placement(
                collection=special,
                object_id=row.object_id,
                stix_id=row.stix_id,
                type=row.type,
                version=row.version,
                size=row.size,
                source=origin_source(row.source, collection_id),
                origin=collection,
                tlp=row.tlp,
                is_apart=row.is_apart,
                date_added=date,
            )
            for date, row in dated(special, added, shown_by=lambda row: (0, row.tlp))
        )
        mark_versions(special_id, {row.stix_id for row in added})
    collection.spread_until = rows[-1].date_added if len(rows) == BATCH else collection.last_added
    collection.save(update_fields=["spread_until"])
    return len(rows)


def _locked(*wanted: int) -> list[Collection]:
    """These collections, locked in the order of their ids, given in the order wanted."""
    found = {row.pk: row for row in lock(Collection.objects.filter(pk__in=wanted))}
    return [found[pk] for pk in wanted]
