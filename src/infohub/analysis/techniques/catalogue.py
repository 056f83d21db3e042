"""The catalogue of ATT&CK: techniques of Enterprise and ICS with their tactics, parents and successors.

© The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

FILE = Path(__file__).parent.parent / "models" / "attack.json"
ENTERPRISE, ICS = "enterprise-attack", "ics-attack"


@dataclass(frozen=True, slots=True)
class Tactic:
    """A column of a matrix: what an adversary is after."""

    id: str
    key: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Technique:
    """One way to reach it. `revoked_by` is the id of what took its place; `parent` that of what it is a part of.

    `stix` is the id of ATT&CK's own STIX object.
    """

    id: str
    name: str
    domain: str
    tactics: tuple[str, ...]
    parent: str
    revoked_by: str
    deprecated: bool
    stix: str = ""

    @property
    def current(self) -> bool:
        """Whether ATT&CK still has it."""
        return not (self.revoked_by or self.deprecated)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of one version of ATT&CK, tactics in the order of the matrices."""

    version: str
    notice: str
    tactics: tuple[Tactic, ...]
    techniques: Mapping[str, Technique]

    def technique(self, number: str) -> Technique | None:
        """The technique of an id as it is now: what took the place of a revoked one; None if there never was one."""
        found = self.techniques.get(number.upper())
        for _ in range(5):  # some were moved more than once
            if found is None or not found.revoked_by:
                break
            found = self.techniques.get(found.revoked_by)
        return found

    def numbers_of(self, number: str) -> frozenset[str]:
        """All ids under which a technique or one of its parts may have been said: those of today, and earlier ones."""
        wanted = self.technique(number)
        if wanted is None:
            return frozenset()
        said = ((old, self.technique(old)) for old in self.techniques)
        return frozenset(old for old, now in said if now is not None and wanted.id in {now.id, now.parent})

    def full_name(self, number: str) -> str:
        """The name with that of its parent before it, as ATT&CK writes it; empty for an unknown id."""
        found = self.techniques.get(number)
        if found is None:
            return ""
        parent = self.techniques.get(found.parent)
        return f"{parent.name}: {found.name}" if parent else found.name


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue, read once."""
    return catalogue_of(FILE.read_bytes())


def catalogue_of(raw: bytes) -> Catalogue:
    """The catalogue of a file."""
    held = orjson.loads(raw)
    techniques = {
        number: Technique(number, name, domain, tuple(tactics), parent, revoked_by, bool(deprecated), stix)
        for number, name, domain, tactics, parent, revoked_by, deprecated, stix in held["techniques"]
    }
    tactics = tuple(Tactic(*one) for one in held["tactics"])
    return Catalogue(held["version"], held["notice"], tactics, techniques)
