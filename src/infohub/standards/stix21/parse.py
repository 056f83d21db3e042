"""Reads one STIX object from outside: what it is, who may read it, what it speaks of; or why it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem
from infohub.standards.stix21.check import problems_of
from infohub.standards.stix21.grammar import comparisons
from infohub.standards.stix21.markings import NO_LEVELS, Levels, Unknown, markings_of, tlp_of
from infohub.standards.stix21.sought import sought
from infohub.standards.stix21.spelling import Sought
from infohub.standards.stix21.timestamp import moment_of
from infohub.standards.tlp import Tlp

MARKING = "marking-definition"
UNVERSIONED = datetime(1970, 1, 1, tzinfo=UTC)  # observables have neither `modified` nor `created`
UNKNOWN_MARKING = "This marking is not known here; send its definition along, or use TLP 2.0."


@dataclass(frozen=True, slots=True)
class Stated:
    """One version of an object. `raw` is its JSON; two texts that mean the same have one `digest`."""

    id: str
    type: str
    version: datetime
    spec_version: str
    creator: str
    revoked: bool
    valid_until: datetime | None
    tlp: Tlp | None
    raw: str
    digest: str
    sought: tuple[Sought, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """An object that is not taken, with everything that is wrong with it; `version` as far as it says one."""

    id: str
    version: datetime
    problems: tuple[Problem, ...]


def parse(given: Mapping[str, Json], levels: Levels = NO_LEVELS) -> Stated | Refused:
    """One object, checked; `levels` are those of the markings defined beside it."""
    problems = problems_of(given)
    if problems:
        return refused(given, *problems)
    asks = given["type"] == "indicator" and given["pattern_type"] == "stix"
    compared = comparisons(str(given["pattern"])) if asks else None
    if isinstance(compared, Problem):
        return refused(
            given, Problem(", ".join(filter(None, ("pattern", compared.path))), compared.message, compared.found)
        )
    tlp = tlp_of(markings_of(given), levels=levels)
    if isinstance(tlp, Unknown):
        return refused(given, Problem("object_marking_refs", UNKNOWN_MARKING, tlp.ref))
    return stated(given, tlp=tlp, values=sought(given, compared=compared))


def stated(given: Mapping[str, object], *, tlp: Tlp | None = None, values: tuple[Sought, ...] = ()) -> Stated:
    """An object that is known to be right, such as one of our own."""
    until = given.get("valid_until")
    return Stated(
        id=str(given["id"]),
        type=str(given["type"]),
        version=version_of(given),
        spec_version=str(given.get("spec_version", "2.1")),
        creator=str(given.get("created_by_ref", "")),
        revoked=given.get("revoked") is True,
        valid_until=moment_of(until) if isinstance(until, str) else None,
        tlp=tlp,
        raw=orjson.dumps(given).decode(),
        digest=hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        sought=values,
    )


def refused(given: Mapping[str, object], *problems: Problem) -> Refused:
    """The object as one that is not taken."""
    return Refused(str(given.get("id", "")), version_of(given), problems)


def version_of(given: Mapping[str, object]) -> datetime:
    """What tells versions of an object apart: when it was modified, else created, else a constant (TAXII 2.1, 3.4)."""
    stamp = given.get("modified") or given.get("created")
    return (moment_of(stamp) if isinstance(stamp, str) else None) or UNVERSIONED
