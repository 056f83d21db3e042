"""Makes the collections: one for each group and sector, one for all members, one for everything a reader may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from random import SystemRandom
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from infohub.intel.models import Collection, CollectionKind, CollectionQuerySet
from infohub.members.models import Group, Sector
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.support import clock

R = TypeVar("R")

_STEP = timedelta(microseconds=1)
_SPAN = 2048
"""Microseconds over which a batch is dated: less than it takes to write it, so dates do not run ahead of the clock."""
_chance = SystemRandom()

_MEMBERS = {"en": "All members", "zh-hant": "全體成員", "zh-hans": "全体成员"}
_EVERYTHING = {"en": "Everything I may read", "zh-hant": "我可閱讀的一切", "zh-hans": "我可阅读的一切"}


@transaction.atomic
def ensure_collections() -> None:
    """Make the collections that are missing and follow changed names; safe to call at any time."""
    _ensure(Collection(kind=CollectionKind.EVERYTHING, alias="everything", titles=_EVERYTHING), clause=None)
    _ensure(Collection(kind=CollectionKind.MEMBERS, alias="members", titles=_MEMBERS), clause=Clause(everyone=True))
    for group in Group.objects.order_by("pk"):
        ensure_collection_of(group)
    for sector in Sector.objects.order_by("pk"):
        made = Collection(kind=CollectionKind.SECTOR, alias=f"sector-{sector.key}", titles=sector.names, sector=sector)
        _ensure(made, clause=Clause(sectors=frozenset({sector.pk})))


@transaction.atomic
def ensure_collection_of(group: Group) -> None:
    """Make a group's collection, or let it follow the group's changed name."""
    alias = f"group-{group.ref.lower()}"
    made = Collection(kind=CollectionKind.GROUP, alias=alias, titles=group.names, group=group)
    _ensure(made, clause=Clause(groups=frozenset({group.pk})))


def _ensure(wanted: Collection, *, clause: Clause | None) -> None:
    found = Collection.objects.filter(kind=wanted.kind, group=wanted.group, sector=wanted.sector).first()
    if found is None:
        wanted.audience = Audience.objects.intern(clause) if clause else None
        wanted.save()
    elif found.titles != wanted.titles:
        found.titles = wanted.titles
        found.save(update_fields=["titles"])


def lock(collections: CollectionQuerySet) -> list[Collection]:
    """Lock collections in the order of their ids, so that two who lock several never wait for each other."""
    return list(collections.select_for_update(no_key=True).order_by("pk"))


def dated(
    collection: Collection, rows: Sequence[R], *, shown_by: Callable[[R], tuple[int, int]]
) -> list[tuple[datetime, R]]:
    """The rows with their dates of addition, in the order of these: later than all dates that were given here.

    `shown_by` gives the label and the level that decide who is shown a row. The dates tell a reader nothing of rows
    that are not shown, neither how many nor where: of one label the least strict come first, and those of one level
    lie, in their order, at random moments of a span that is the same whatever else there is.

    The caller holds the collection's lock until commit, so the order of dates is the order of commits. The clock is
    read after the lock was got: a writer that waited would otherwise date its rows into what clients have read.
    """
    at = clock.now()
    if collection.last_added is not None:
        at = max(at, collection.last_added + _STEP)
    placed = _placed(rows, shown_by)
    found = [(at + step * _STEP, placed[step]) for step in sorted(placed)]
    collection.last_added = found[-1][0]
    changed = ["last_added"]
    strictest = max(shown_by(row)[1] for row in rows)
    if strictest > collection.strictest:  # named only then: it is part of what readers' rights are made of
        collection.strictest = strictest
        changed.append("strictest")
    collection.save(update_fields=changed)
    return found


def _placed(rows: Sequence[R], shown_by: Callable[[R], tuple[int, int]]) -> dict[int, R]:
    """Each row at its own microsecond after the first."""
    parts: dict[tuple[int, int], list[R]] = {}
    for row in rows:
        parts.setdefault(shown_by(row), []).append(row)
    span = _SPAN  # a batch of more than a thousand needs more, and tells no more than that
    while len(rows) > span // 2:
        span *= 16
    placed: dict[int, R] = {}
    ends: dict[int, int] = {}
    for (label, _level), part in sorted(parts.items(), key=itemgetter(0)):
        begin = ends.get(label, 0)
        steps: set[int] = set()
        while len(steps) < len(part):
            steps.update(_chance.sample(range(begin, begin + span), len(part) - len(steps)))
            steps -= placed.keys()
        placed.update(zip(sorted(steps), part, strict=True))
        ends[label] = max(steps) + 1
    return placed


def lock_with_special(collections: Iterable[int]) -> None:
    """Lock these collections and the special one, for who takes rows out of them and what was spread from them."""
    lock(Collection.objects.filter(Q(pk__in=list(collections)) | Q(kind=CollectionKind.EVERYTHING)))
