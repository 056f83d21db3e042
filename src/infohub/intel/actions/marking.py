"""Keeps in mind which version of an object is the newest and the oldest in a collection, and which are repeats."""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, TypeVar

from django.db.models import QuerySet

from infohub.intel.actions.keeping import batches
from infohub.intel.models import Collection, Placement

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)


_FLAGS = ("is_newest", "is_oldest", "is_repeat", "is_apart")
_COLUMNS = ("stix_id", "version", "pk", "source", *_FLAGS)


class _Row(NamedTuple):
    """A placement with what is kept in mind of it."""

    stix_id: str
    version: datetime
    pk: int
    source: str
    is_newest: bool
    is_oldest: bool
    is_repeat: bool
    is_apart: bool

    @property
    def flags(self) -> tuple[bool, bool, bool, bool]:
        return self.is_newest, self.is_oldest, self.is_repeat, self.is_apart


def mark_versions(collection: int, stix_ids: Some[str]) -> None:
    """Look again at all versions of these objects in a collection; only what changed is written."""
    for some in batches(sorted(stix_ids)):
        rows = Placement.objects.filter(collection=collection, stix_id__in=some).order_by("stix_id", "version", "pk")
        told = (_Row._make(values) for values in rows.values_list(*_COLUMNS))
        for _, versions in groupby(told, key=attrgetter("stix_id")):
            _mark(list(versions))


def _mark(rows: Sequence[_Row]) -> None:
    """The versions of one object: those that stand, and source by source what is apart from who was first.

    Where nothing stands any more, the first that was apart does.
    """
    first = min(rows, key=lambda row: (row.is_apart, row.pk)).source
    lines: dict[str, list[_Row]] = {}
    for row in rows:
        lines.setdefault(row.source if row.is_apart and row.source != first else "", []).append(row)
    for source, line in lines.items():
        _mark_line(line, is_apart=source != "")


def _mark_line(rows: Sequence[_Row], *, is_apart: bool) -> None:
    """Versions that are judged against each other, from the oldest on, and of one version the first placed first."""
    oldest, newest, before = rows[0].version, rows[-1].version, None
    for row in rows:
        version = row.version
        should = (version == newest, version == oldest, version == before or is_apart, is_apart)
        if row.flags != should:
            Placement.objects.filter(pk=row.pk).update(**dict(zip(_FLAGS, should, strict=True)))
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
