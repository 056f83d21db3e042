"""What all STIX objects of one MISP event have in common, and the parts they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid5

from infohub.standards.stix21.ids import OWN_NAMESPACE
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.timestamp import milliseconds
from infohub.standards.tlp import Tlp

Stix = dict[str, object]

# What is known of an organisation or a public number from elsewhere is older than anything it says of itself.
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_TAG = "extension-definition--59c5fc84-c702-45cc-bd7e-831747533fd9"
_STIX_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Level:
    """How strict something is: a level of TLP where one is said, and the `tlp:` tags that are none of TLP 2.0."""

    tlp: Tlp | None = None
    unread: tuple[str, ...] = ()

    @property
    def refs(self) -> list[object]:
        """The markings of what is at this level."""
        known: list[object] = [] if self.tlp is None else [TLP_2[self.tlp]]
        return known + [unread_definition(tag)["id"] for tag in self.unread]

    @property
    def rank(self) -> tuple[bool, int]:
        """Nothing said is what the collection says, which nothing in it is looser than."""
        return bool(self.unread), -1 if self.tlp is None else self.tlp


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for everything in an event."""

    uuid: str
    creator: str
    level: Level
    begun: datetime
    changed: datetime
    waits: bool = False
    """Whether what nobody here may read yet is read all the same, for somebody to decide about its marking."""

    @property
    def report(self) -> str:
        return f"report--{stix_uuid(self.uuid)}"

    def head(
        self, kind: str, uuid: str, *, at: datetime, level: Level, labels: Iterable[str] = (), revoked: bool = False
    ) -> Stix:
        """The properties that every object has.

        MISP counts whole seconds and changes no attribute when the marking of its event changes. The milliseconds say
        the level, so that what became stricter is a later version.
        """
        later = timedelta(milliseconds=0 if level.tlp is None else level.tlp + 1)
        optional = {
            "created_by_ref": self.creator,
            "labels": list(labels),
            "revoked": revoked,
            "x_misp_uuid": "" if _STIX_UUID.match(uuid) else uuid,
        }
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": f"{kind}--{stix_uuid(uuid)}",
            "created": milliseconds(min(self.begun, at)),
            "modified": milliseconds(at + later),
            **{name: value for name, value in optional.items() if value},
            **marked(level),
        }


def marked(level: Level) -> Stix:
    return {"object_marking_refs": level.refs} if level.refs else {}


def strictest(*levels: Level) -> Level:
    """The strictest level, with every marking that could be stricter."""
    tlp = max((level.tlp for level in levels if level.tlp is not None), default=None)
    return Level(tlp, tuple(dict.fromkeys(tag for level in levels for tag in level.unread)))


def unread_definition(tag: str) -> Stix:
    """A marking with the tag's name, which says nothing that would let anybody read what carries it."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{made_uuid('misp tag', tag.lower())}",
        "created": milliseconds(FIRST),
        "name": tag,
        "extensions": {_TAG: {"extension_type": "property-extension", "misp_tag": tag}},
    }


def stix_uuid(uuid: str) -> str:
    """The UUID itself, or one made from it where STIX does not take it (nil, version 7)."""
    return uuid if _STIX_UUID.match(uuid) else made_uuid("misp", uuid)


def made_uuid(*parts: str) -> str:
    """A UUID that follows from these words."""
    return str(uuid5(OWN_NAMESPACE, " ".join(parts)))


def identity(name: str, uuid: str) -> Stix:
    """An organisation, without marking, because the same one stands behind events of every level."""
    told: Stix = {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{stix_uuid(uuid)}",
        "created": milliseconds(FIRST),
        "modified": milliseconds(FIRST),
        "name": name or uuid,
        "identity_class": "organization",
    }
    return told if _STIX_UUID.match(uuid) else told | {"x_misp_uuid": uuid}
