"""Reads objects from outside for one collection: each checked, its markings understood, and nobody spoken for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard
from uuid import UUID

import orjson

from infohub.intel.models import Collection, Placement, StixObject
from infohub.members.models import Organisation, Programme
from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import NO_LEVELS, Levels, Unknown, levels_of, markings_of, tlp_of
from infohub.standards.stix21.parse import MARKING, UNKNOWN_MARKING, Refused, Stated, parse, refused
from infohub.standards.tlp import Tlp

Given = Mapping[str, Json]

_IDENTITY = "identity--"
_FOREIGN = Problem("created_by_ref", "This identity is another organisation of this programme; use your own.")
SENTENCES = (UNKNOWN_MARKING, _FOREIGN.message)


def read_objects(
    objects: Sequence[Given],
    *,
    collection: Collection,
    source: str,
    organisation: int | None = None,
    decided: Levels = NO_LEVELS,
) -> list[Stated | Refused]:
    """Each object checked, as the source says it, which may not speak for organisations of the programme but its own.

    `decided` are the levels that somebody here gave to markings; what the source says of them does not change those.
    """
    levels = {**_defined_before(collection, source, objects), **levels_of(objects), **decided}
    named = [_spoken_for(given) for given in objects]
    foreign = _foreign(organisation, set().union(*named))
    return [
        parse(given, levels) if foreign.isdisjoint(own) else refused(given, _FOREIGN)
        for given, own in zip(objects, named, strict=True)
    ]


def is_unexplained(one: Stated | Refused) -> TypeGuard[Refused]:
    """Whether nothing is wrong with an object but that its marking is not known."""
    return isinstance(one, Refused) and [problem.message for problem in one.problems] == [UNKNOWN_MARKING]


def _defined_before(collection: Collection, source: str, objects: Iterable[Given]) -> dict[str, Tlp | None]:
    """What markings mean that the source defined here before; what others defined says nothing of its objects."""
    refs = {
        ref
        for given in objects
        for ref in markings_of(given)
        if isinstance(tlp_of([ref]), Unknown) and "\x00" not in ref
    }
    if not refs:
        return {}
    placed = Placement.objects.filter(collection=collection, source=source, stix_id__in=refs, type=MARKING)
    rows = StixObject.objects.filter(pk__in=placed.values("object")).order_by("version")
    return levels_of(orjson.loads(raw) for raw in rows.values_list("raw", flat=True))


def _foreign(organisation: int | None, named: Iterable[str]) -> set[str]:
    """The identities among these ids that are somebody else's here: another member, the programme."""
    uuids = [uuid for one in named if one.startswith(_IDENTITY) and (uuid := _uuid(one.removeprefix(_IDENTITY)))]
    if not uuids:
        return set()
    others = Organisation.objects.filter(uuid__in=uuids).exclude(pk=organisation or 0)
    programme = Programme.objects.filter(uuid__in=uuids)
    return {f"{_IDENTITY}{row.uuid}" for rows in (others, programme) for row in rows}


def _spoken_for(given: Given) -> set[str]:
    """The ids that may be an identity the object speaks for, in the spelling of ours.

    Its own and its creator's, those of who is said to have seen something, and the one by which MISP would know it.
    """
    sighted = given.get("where_sighted_refs")
    named = [given.get("id"), given.get("created_by_ref"), *(sighted if isinstance(sighted, list) else ())]
    known_to_misp = given.get("x_misp_uuid")
    named += [f"{_IDENTITY}{known_to_misp}"] if isinstance(known_to_misp, str) else []
    return {one.lower() for one in named if isinstance(one, str)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
