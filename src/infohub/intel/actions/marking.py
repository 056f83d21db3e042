"""Keeps in mind which version of an object is the newest and the oldest in a collection, and which are repeats."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from django.db.models import QuerySet

from infohub.intel.actions.keeping import batches
from infohub.intel.models import Collection, Placement

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)
Row = tuple[str, datetime, int, bool, bool, bool]


def mark_versions(collection: int, stix_ids: Some[str]) -> None:
    """Look again at all versions of these objects in a collection; only what changed is written."""
    columns = ("stix_id", "version", "pk", "is_newest", "is_oldest", "is_repeat")
    for some in batches(sorted(stix_ids)):
        rows = Placement.objects.filter(collection=collection, stix_id__in=some).order_by("stix_id", "version", "pk")
        for _, versions in groupby(rows.values_list(*columns), key=itemgetter(0)):
            _mark(list(versions))


def _mark(rows: Sequence[Row]) -> None:
    """The versions of one object, from the oldest on, and of one version the first placed first."""
    oldest, newest, before = rows[0][1], rows[-1][1], None
    for _, version, key, *are in rows:
        should = [version == newest, version == oldest, version == before]
        if are != should:
            Placement.objects.filter(pk=key).update(is_newest=should[0], is_oldest=should[1], is_repeat=should[2])
        before = version


def take_out(rows: QuerySet[Placement]) -> None:
    """Delete placements and what was spread from them, and look again at what is left of their objects."""
    going = list(rows.values_list("collection", "stix_id", "source", "object"))
    rows.delete()
    gone = [(collection, stix_id) for collection, stix_id, *_ in going]
    for (collection, source), objects in _gathered(((row[0], row[2]), row[3]) for row in going):
        copies = Placement.objects.filter(origin=collection, source=origin_source(source, collection))
        for some in batches(sorted(objects)):
            lost = copies.filter(object__in=some)
            gone += list(lost.values_list("collection", "stix_id"))
            lost.delete()
    for of, stix_ids in _gathered(gone):
        mark_versions(of, stix_ids)


def origin_source(source: str, collection: int) -> str:
    """The source of a row that was spread from a collection: its own, told apart by the collection."""
    return f"{source}@{collection}"


def stricten(rows: QuerySet[Placement], tlp: int) -> None:
    """Raise placements to a stricter level, and with them what their collections have had."""
    collections = list(rows.values_list("collection", flat=True).distinct())
    rows.update(tlp=tlp)
    Collection.objects.filter(pk__in=collections, strictest__lt=tlp).update(strictest=tlp)


def _gathered(pairs: Iterable[tuple[K, V]]) -> Iterable[tuple[K, set[V]]]:
    """The values of each key."""
    found: dict[K, set[V]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return found.items()
