"""Takes the objects of a file into a collection, in transactions of a thousand: taking it again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import IntegrityError, transaction

from infohub.audit.actions import record
from infohub.intel.actions.adding import add
from infohub.intel.actions.explaining import KEPT_ASIDE, keep_aside
from infohub.intel.actions.reading import Given, is_unexplained, read_objects
from infohub.intel.models import Collection
from infohub.policy.viewer import SYSTEM
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import Levels, levels_of
from infohub.standards.stix21.parse import Stated

SOURCE = "file"
"""On whose behalf: whoever runs the service."""

_AT_ONCE, _TRIES = 1000, 3


def ingest(collection: Collection, objects: Sequence[Given]) -> Iterator[list[Line]]:
    """What became of each object, batch by batch; a batch is durable when it is told of."""
    levels = levels_of(objects)
    for start in range(0, len(objects), _AT_ONCE):
        yield _kept(collection, objects[start : start + _AT_ONCE], levels)


def _kept(collection: Collection, objects: Sequence[Given], levels: Levels) -> list[Line]:
    for _again in range(_TRIES - 1):
        try:
            return _ingested(collection, objects, levels)
        except IntegrityError:  # another writer is adding the same text to another collection
            continue
    return _ingested(collection, objects, levels)


@transaction.atomic
def _ingested(collection: Collection, objects: Sequence[Given], levels: Levels) -> list[Line]:
    read = read_objects(objects, collection=collection, source=SOURCE, decided=levels)
    problems = iter(add(collection.pk, [one for one in read if isinstance(one, Stated)], source=SOURCE))
    kept_aside = keep_aside(collection, SOURCE, objects, read)
    lines: list[Line] = []
    for one in read:
        wrong: tuple[Problem, ...]
        if isinstance(one, Stated):
            problem = next(problems)
            wrong = (problem,) if problem else ()
        else:
            wrong = (KEPT_ASIDE,) if kept_aside and is_unexplained(one) else one.problems
        lines.append(Line(one.id, Outcome.REFUSED if wrong else Outcome.TAKEN, wrong))
    taken = sum(line.outcome is Outcome.TAKEN for line in lines)
    record(SYSTEM, "ingest_objects", collection.alias, detail={"taken": taken, "refused": len(lines) - taken})
    return lines
