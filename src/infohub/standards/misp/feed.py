"""The bodies of a MISP feed: its events, the list of them (MISP core format, section 4), digests of their values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem

from .fields import Given, flag, part, rows, seconds, text, uuid
from .remarks import Remark

MOST_EVENTS = 100_000
_SHA256 = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_LISTED = ("info", "Orgc", "Tag", "timestamp", "date", "analysis", "threat_level_id")


@dataclass(frozen=True, slots=True)
class Listed:
    """An event that a feed has: its file is the UUID with `.json`; `sha256` is empty where the feed gives none."""

    uuid: UUID
    info: str
    changed: datetime | None
    creator: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The events of a feed, and a line on each entry that is none."""

    events: tuple[Listed, ...]
    lines: list[Line]


def event_file(event: Mapping[str, object]) -> bytes:
    """The file of an event: equal events have equal bytes."""
    return orjson.dumps(event, option=orjson.OPT_SORT_KEYS)


def manifest_entry(event: Given, file: bytes) -> tuple[str, dict[str, object]]:
    """The UUID of an event and what `manifest.json` says of it and of the very bytes of its file."""
    told = part(event, "Event")
    entry: dict[str, object] = {name: told[name] for name in _LISTED if name in told}
    return uuid(told), entry | {"integrity:sha256": hashlib.sha256(file).hexdigest()}


def hash_lines(event: Given) -> Iterator[str]:
    """The lines of `hashes.csv` for an event: the MD5 of each value that counts, of a composite one by part."""
    told = part(event, "Event")
    identifier = uuid(told)
    seen: set[str] = set()
    for value in _values(told):
        digest = hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()
        if digest not in seen:
            seen.add(digest)
            yield f"{digest},{identifier}\n"


def read_feed_manifest(given: object, *, most: int = MOST_EVENTS) -> Manifest:
    """The events that a feed lists, in its order; names that are no UUID are no file we would ask for."""
    events: list[Listed] = []
    lines: list[Line] = []
    for name, entry in given.items() if isinstance(given, Mapping) else ():
        identifier = uuid({"uuid": name})
        if not identifier or not isinstance(entry, Mapping):
            lines.append(_refused(name[:100], Remark.NO_EVENT_UUID if not identifier else Remark.NO_OBJECT))
        elif len(events) == most:
            lines.append(_refused(name, Remark.TOO_MANY))
            break
        else:
            events.append(_listed(identifier, entry))
    return Manifest(tuple(events), lines)


def _listed(identifier: str, entry: Given) -> Listed:
    digest = text(entry, "integrity:sha256").lower()
    return Listed(
        UUID(identifier),
        text(entry, "info"),
        seconds(entry, "timestamp"),
        text(part(entry, "Orgc"), "name"),
        digest if _SHA256.match(digest) else "",
    )


def _refused(subject: str, remark: Remark) -> Line:
    return Line(subject, Outcome.REFUSED, (Problem("", remark),))


def _values(event: Given) -> Iterator[str]:
    """Every value, whole or by part; those taken back are not looked for any more."""
    holders = [event, *(row for _, row in rows(event, "Object") if row and not flag(row, "deleted"))]
    for holder in holders:
        for _, row in rows(holder, "Attribute"):
            if row and not flag(row, "deleted") and (value := text(row, "value")):
                kind = text(row, "type")
                yield from value.split("|") if "|" in kind or kind == "malware-sample" else (value,)
