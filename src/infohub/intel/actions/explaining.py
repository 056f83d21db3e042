"""Keeps submitted objects whose marking is not known yet, and adds them when their sender sends its definition.

ATT&CK is the example: the definition that all its objects name is the last of the file, which many clients send in
parts.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from infohub.intel.actions.adding import add
from infohub.intel.actions.reading import Given, is_unexplained, read_objects
from infohub.intel.models import Collection, Unexplained
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import levels_of
from infohub.standards.stix21.parse import Refused, Stated, stated
from infohub.support import clock

MOST = 10_000
"""So many objects of one sender wait in one collection."""

KEPT_ASIDE = Problem(
    "object_marking_refs", "This marking is not known here; the object is added as soon as you send its definition."
)


def keep_aside(collection: Collection, source: str, objects: Sequence[Given], read: Sequence[Stated | Refused]) -> bool:
    """Keep what is refused for its marking alone; false where too much waits already."""
    at = clock.now()
    waiting = [(stated(given), one) for given, one in zip(objects, read, strict=True) if is_unexplained(one)]
    rows = [
        Unexplained(
            collection=collection,
            source=source,
            stix_id=kept.id,
            digest=kept.digest,
            marking=one.problems[0].found,
            raw=kept.raw,
            at=at,
        )
        for kept, one in waiting
    ]
    there = Unexplained.objects.filter(collection=collection, source=source).count() if rows else 0
    if there + len(rows) > MOST:
        return False
    Unexplained.objects.bulk_create(rows, ignore_conflicts=True)
    return True


def add_explained(
    collection: Collection, source: str, objects: Sequence[Given], *, organisation: int | None = None, shown: int
) -> int:
    """Add what waited for the definitions among these objects, as far as the rules let it; how many were added."""
    explained = levels_of(objects)
    rows = list(
        Unexplained.objects.filter(collection=collection, source=source, marking__in=explained).order_by("pk")
        if explained
        else ()
    )
    given: list[Given] = [orjson.loads(row.raw) for row in rows]
    read = read_objects(given, collection=collection, source=source, organisation=organisation, decided=explained)
    ready = [one for one in read if isinstance(one, Stated)]
    problems = add(collection.pk, ready, source=source, shown=shown) if rows else []
    for row, one in zip(rows, read, strict=True):
        if isinstance(one, Refused) and is_unexplained(one):  # it names another that is not known
            Unexplained.objects.filter(pk=row.pk).update(marking=one.problems[0].found)
        else:
            row.delete()
    return problems.count(None)
