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
_STIX_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for everything in an event."""

    uuid: str
    creator: str
    tlp: Tlp | None
    begun: datetime
    changed: datetime

    @property
    def report(self) -> str:
        return f"report--{stix_uuid(self.uuid)}"

    def head(
        self, kind: str, uuid: str, *, at: datetime, tlp: Tlp | None, labels: Iterable[str] = (), revoked: bool = False
    ) -> Stix:
        """The properties that every object has.

        MISP counts whole seconds and changes no attribute when the marking of its event changes. The milliseconds say
        the level, so that what became stricter is a later version.
        """
        later = timedelta(milliseconds=0 if tlp is None else tlp + 1)
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
            **marked(tlp),
        }


def marked(tlp: Tlp | None) -> Stix:
    return {} if tlp is None else {"object_marking_refs": [TLP_2[tlp]]}


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
