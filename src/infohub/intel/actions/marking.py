"""Keeps in mind which version of an object is the newest and the oldest in a collection, and which are repeats."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet

from infohub.intel.actions.keeping import batches
from infohub.intel.models import Collection, Placement

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
    """Delete placements, and look again at what is left of their objects."""
    gone = list(rows.values_list("collection", "stix_id").distinct())
    rows.delete()
    for collection, some in _by_collection(gone):
        mark_versions(collection, some)


def stricten(rows: QuerySet[Placement], tlp: int) -> None:
    """Raise placements to a stricter level, and with them what their collections have had."""
    collections = list(rows.values_list("collection", flat=True).distinct())
    rows.update(tlp=tlp)
    Collection.objects.filter(pk__in=collections, strictest__lt=tlp).update(strictest=tlp)


def _by_collection(gone: Iterable[tuple[int, str]]) -> Iterable[tuple[int, set[str]]]:
    found: dict[int, set[str]] = {}
    for collection, stix_id in gone:
        found.setdefault(collection, set()).add(stix_id)
    return found.items()
