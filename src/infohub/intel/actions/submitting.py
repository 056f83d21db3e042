"""Takes what a machine sends to a collection, and takes it away again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from infohub.audit.actions import record
from infohub.intel.actions.adding import add
from infohub.intel.actions.marking import take_out
from infohub.intel.models import Collection, Placement, StixObject, Submission
from infohub.members.models import Organisation, Programme
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import Unknown, levels_of, markings_of, tlp_of
from infohub.standards.stix21.parse import MARKING, Refused, Stated, parse, refused
from infohub.standards.stix21.timestamp import microseconds
from infohub.standards.taxii21.filters import ALL, FIRST, LAST
from infohub.standards.tlp import Tlp
from infohub.support import clock

_TRIES = 3
_IDENTITY = "identity--"
_FOREIGN = Problem("created_by_ref", "This identity is another organisation of this programme; use your own.")

Told = list[dict[str, str]]


def submit(viewer: Viewer, *, collection: Collection, objects: Sequence[Mapping[str, Json]]) -> Submission:
    """Add the objects of an envelope; the answer says object by object what was taken, and why the rest was not.

    Reading them happens before the transaction, so that nobody else waits for it. Another writer may be adding the
    same text to another collection at the same moment: then this one looks again.
    """
    read = read_for(viewer, collection, objects)
    for _again in range(_TRIES - 1):
        try:
            return _submit(viewer, collection, read)
        except IntegrityError:
            continue
    return _submit(viewer, collection, read)


@transaction.atomic
def _submit(viewer: Viewer, collection: Collection, read: Sequence[Stated | Refused]) -> Submission:
    collection = Collection.objects.get(pk=collection.pk)
    if viewer.token is None or not collection.writable_by(viewer):
        raise NotAllowedError
    stated = [one for one in read if isinstance(one, Stated)]
    problems = iter(add(collection.pk, stated, source=source_of(viewer)))
    taken: Told = []
    turned_down: Told = []
    for one in read:
        wrong = one.problems if isinstance(one, Refused) else _as_some(next(problems))
        told = {"id": one.id, "version": _version(one)}
        if wrong:
            turned_down.append({**told, "message": "; ".join(map(str, wrong))})
        else:
            taken.append(told)
    made = Submission.objects.create(
        token_id=viewer.token, collection=collection, at=clock.now(), taken=taken, refused=turned_down
    )
    detail = {"taken": len(taken), "refused": len(turned_down)}
    record(viewer, "submit_objects", collection.alias, detail={**detail})
    return made


@transaction.atomic
def remove(viewer: Viewer, *, collection: Collection, stix_id: str, versions: Sequence[str | datetime]) -> int:
    """Take away what the viewer's organisation added under this id, all of it or some versions; how many rows.

    Raises NotAllowedError where others added it, and Placement.DoesNotExist where the viewer is shown nothing of it.
    """
    if not collection.writable_by(viewer):
        raise NotAllowedError
    there = list(collection.shown_to(viewer).filter(stix_id=stix_id).order_by("version"))
    own = [row.pk for row in _of_versions(there, versions) if row.source == source_of(viewer)]
    if not there:
        raise Placement.DoesNotExist
    if not own:
        raise NotAllowedError
    take_out(Placement.objects.filter(pk__in=own))
    record(viewer, "remove_objects", collection.alias, detail={"object": stix_id, "versions": len(own)})
    return len(own)


def _of_versions(rows: Sequence[Placement], versions: Sequence[str | datetime]) -> list[Placement]:
    """Those of the versions asked for, of rows in the order of their versions."""
    if ALL in versions or not rows:
        return list(rows)
    meant = {moment for moment in versions if isinstance(moment, datetime)}
    meant |= {rows[-1].version} if LAST in versions else set()
    meant |= {rows[0].version} if FIRST in versions else set()
    return [row for row in rows if row.version in meant]


def read_for(viewer: Viewer, collection: Collection, objects: Sequence[Mapping[str, Json]]) -> list[Stated | Refused]:
    """Each object checked, as somebody who may not speak for other organisations of the programme says it."""
    levels = {**_own_levels(viewer, collection, objects), **levels_of(objects)}
    foreign = _foreign(viewer, objects)
    return [
        refused(given, _FOREIGN) if not foreign.isdisjoint(_spoken_for(given)) else parse(given, levels)
        for given in objects
    ]


def source_of(viewer: Viewer) -> str:
    """On whose behalf a machine adds: its organisation, whoever's token it uses."""
    return f"org-{viewer.organisation}"


def _own_levels(viewer: Viewer, collection: Collection, objects: Iterable[Mapping[str, Json]]) -> dict[str, Tlp | None]:
    """What markings mean that the organisation defined here before; what others defined says nothing of its objects."""
    refs = {ref for given in objects for ref in markings_of(given) if isinstance(tlp_of([ref]), Unknown)}
    if not refs:
        return {}
    placed = Placement.objects.filter(collection=collection, source=source_of(viewer), stix_id__in=refs, type=MARKING)
    rows = StixObject.objects.filter(pk__in=placed.values("object")).order_by("version")
    return levels_of(orjson.loads(raw) for raw in rows.values_list("raw", flat=True))


def _foreign(viewer: Viewer, objects: Iterable[Mapping[str, Json]]) -> set[str]:
    """The identities among those the objects speak for that are somebody else's here: another member, the programme."""
    named = {one for given in objects for one in _spoken_for(given)}
    uuids = [uuid for one in named if one.startswith(_IDENTITY) and (uuid := _uuid(one.removeprefix(_IDENTITY)))]
    if not uuids:
        return set()
    others = Organisation.objects.filter(uuid__in=uuids).exclude(pk=viewer.organisation or 0)
    programme = Programme.objects.filter(uuid__in=uuids)
    return {f"{_IDENTITY}{row.uuid}" for rows in (others, programme) for row in rows}


def _spoken_for(given: Mapping[str, Json]) -> tuple[str, str]:
    """The ids that may be an identity the object speaks for: its own and its creator's."""
    return str(given.get("id", "")), str(given.get("created_by_ref", ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _as_some(problem: Problem | None) -> tuple[Problem, ...]:
    return (problem,) if problem else ()


def _version(one: Stated | Refused) -> str:
    return one.version if isinstance(one, Refused) else microseconds(one.version)
