"""One of our pieces as a MISP event (MISP core format, sections 2.2 and 2.4): attributes with their TLP as a tag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from infohub.standards.tlp import Tlp

from .kinds import KINDS, TYPES
from .tags import TAGS

_NOT_DETECTED = frozenset({"cve", "cwe", "asn", "attack"})
_THREAT_LEVELS = {0: "4", 1: "3", 2: "2", 3: "1", 4: "1"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One indicator; `kind` is a word of `analysis.findings.Kind`."""

    uuid: UUID
    kind: str
    value: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """What MISP wants to know of a piece; `severity` is 0 (none) to 4 (critical)."""

    uuid: UUID
    info: str
    tlp: Tlp
    severity: int
    published: datetime
    modified: datetime
    organisation: str
    organisation_uuid: UUID
    link: str
    attributes: tuple[Attribute, ...]


def has_type(kind: str) -> bool:
    """Whether MISP has a type for such an indicator; one without becomes text."""
    return kind in TYPES


def render_event(event: Event) -> dict[str, object]:
    """The event as MISP reads it from a file or a feed."""
    stamp = str(int(event.modified.timestamp()))
    return {
        "Event": {
            "uuid": str(event.uuid),
            "info": event.info,
            "date": event.published.date().isoformat(),
            "timestamp": stamp,
            "publish_timestamp": stamp,
            "published": True,
            "analysis": "2",
            "threat_level_id": _THREAT_LEVELS[event.severity],
            "distribution": "0",
            "Orgc": {"name": event.organisation, "uuid": str(event.organisation_uuid)},
            "Tag": [{"name": TAGS[event.tlp]}],
            "Attribute": list(_attributes(event, stamp)),
        }
    }


def _attributes(event: Event, stamp: str) -> Iterable[dict[str, object]]:
    for one in event.attributes:
        kind = KINDS.get(one.kind, "text")
        yield {
            "uuid": str(one.uuid),
            "category": TYPES[kind].category,
            "type": kind,
            "value": one.value,
            "comment": "" if one.kind in KINDS else one.kind,
            "to_ids": one.kind in KINDS and one.kind not in _NOT_DETECTED,
            "distribution": "5",
            "timestamp": stamp,
            "first_seen": one.first_seen.isoformat(),
        }
    if event.link:
        yield {
            "uuid": str(event.uuid),
            "category": "External analysis",
            "type": "link",
            "value": event.link,
            "comment": "",
            "to_ids": False,
            "distribution": "5",
            "timestamp": stamp,
        }
