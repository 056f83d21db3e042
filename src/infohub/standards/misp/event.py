"""One of our pieces as a MISP event (MISP core format, sections 2.2 and 2.4): attributes with their TLP as a tag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from infohub.standards.stix21.confirmed import Confirmed, own_properties
from infohub.standards.tlp import Tlp

from .galaxies import galaxy_tag
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
    confirmed: tuple[Confirmed, ...] = ()


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
            "Tag": [{"name": name} for name in (TAGS[event.tlp], *_galaxy_tags(event))],
            "Attribute": list(_attributes(event, stamp)),
        }
    }


def has_place(one: Confirmed) -> bool:
    """Whether an event says what was confirmed, with the tag of a galaxy or as an attribute."""
    return one.kind == "campaign" or _tag(one) != ""


def _galaxy_tags(event: Event) -> Iterable[str]:
    return dict.fromkeys(tag for one in event.confirmed if (tag := _tag(one)))


def _tag(one: Confirmed) -> str:
    return galaxy_tag({"type": one.stix_type, **own_properties(one)})


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
    for named in event.confirmed:
        if named.kind == "campaign":
            yield _said(named.uuid, "Attribution", "campaign-name", named.name, stamp)
    if event.link:
        yield _said(event.uuid, "External analysis", "link", event.link, stamp)


def _said(uuid: UUID, category: str, kind: str, value: str, stamp: str) -> dict[str, object]:
    """An attribute that no machine looks for."""
    return {
        "uuid": str(uuid),
        "category": category,
        "type": kind,
        "value": value,
        "comment": "",
        "to_ids": False,
        "distribution": "5",
        "timestamp": stamp,
    }
