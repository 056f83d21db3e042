"""One attribute of a MISP event as STIX objects (MISP core format, section 2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from infohub.standards.problem import Problem
from infohub.standards.stix21.ids import relationship_id
from infohub.standards.stix21.patterns import Observable
from infohub.standards.stix21.timestamp import milliseconds

from .comparisons import LONGEST_PATTERN
from .facts import Said, said
from .fields import Given, flag, kept, moment, seconds, text, uuid
from .frame import Frame, Level, Stix, made_uuid, marked, strictest
from .kinds import NAMED, RULES, TYPES
from .remarks import Remark
from .tags import Tags, read_tags

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}\Z", re.IGNORECASE | re.ASCII)
_SHORT = 80
_ANALYST = ("Note", "Opinion", "Relationship")


@dataclass(frozen=True, slots=True)
class Taken:
    """What an attribute became: the object that carries its UUID, what stands beside that, and what was lost."""

    uuid: str
    main: Stix
    beside: tuple[Stix, ...]
    level: Level
    techniques: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute with its fields read."""

    given: Given
    path: str
    uuid: str
    kind: str
    value: str
    at: datetime
    tags: Tags
    level: Level
    wanted: bool
    revoked: bool

    def head(self, frame: Frame, kind: str) -> Stix:
        labels = self.tags.labels(self.level)
        return frame.head(kind, self.uuid, at=self.at, level=self.level, labels=labels, revoked=self.revoked)


def read_attribute(given: Given, path: str, frame: Frame, *, revoked: bool = False) -> Taken | Problem:
    """The attribute in STIX, or why it is not taken. What holds a revoked one was itself taken back."""
    kind, value = text(given, "type"), text(given, "value")
    tags = read_tags(given, path)
    if not value.strip():
        return Problem(f"{path}.value", Remark.TAKEN_BACK if flag(given, "deleted") else Remark.NO_VALUE)
    if not kind:
        return Problem(f"{path}.type", Remark.NO_TYPE)
    if tags.level.unread and not frame.waits:
        return Problem(f"{path}.Tag", Remark.UNKNOWN_TLP, tags.level.unread[0])
    attribute = Attribute(
        given,
        path,
        uuid(given) or made_uuid("misp", frame.uuid, text(given, "category"), kind, value),
        kind,
        value,
        seconds(given, "timestamp") or frame.changed,
        tags,
        strictest(frame.level, tags.level),
        flag(given, "to_ids"),
        revoked or flag(given, "deleted"),
    )
    main, beside, remark = _told(attribute, frame)
    problems = [*_losses(attribute), *([Problem(f"{path}.type", remark, kind)] if remark else [])]
    return Taken(attribute.uuid, main, beside, attribute.level, tags.names, tuple(problems))


def losses_beside(given: Given, path: str) -> Iterator[Problem]:
    """What may stand on an event, object or attribute and is not taken."""
    if text(given, "distribution") == "4":
        yield Problem(f"{path}.distribution", Remark.SHARING_GROUP)
    for name in _ANALYST:
        if given.get(name):
            yield Problem(f"{path}.{name}", Remark.ANALYST)


def shared(given: Given) -> Stix:
    """How far MISP's own servers may pass it on, where it says so itself."""
    return kept(given, "distribution") if text(given, "distribution") not in {"4", "5"} else {}


def _losses(attribute: Attribute) -> Iterator[Problem]:
    given, path = attribute.given, attribute.path
    yield from attribute.tags.problems
    yield from (Problem(f"{path}.Tag", Remark.WAITS, tag) for tag in attribute.tags.level.unread)
    yield from (
        Problem(f"{path}.Tag", Remark.STRICTER_COUNTS, name) for name in attribute.tags.overruled(attribute.level)
    )
    if not uuid(given):
        yield Problem(f"{path}.uuid", Remark.NO_UUID, text(given, "uuid")[:_SHORT])
    if not seconds(given, "timestamp"):
        yield Problem(f"{path}.timestamp", Remark.NO_TIME, text(given, "timestamp")[:_SHORT])
    if given.get("data"):
        yield Problem(f"{path}.data", Remark.ATTACHED)
    yield from losses_beside(given, path)


def _told(attribute: Attribute, frame: Frame) -> tuple[Stix, tuple[Stix, ...], Remark | None]:
    """The object for the attribute, what stands beside it, and what the way into STIX cost."""
    kind, value = attribute.kind, attribute.value
    if kind in NAMED:
        return _named(attribute, frame), (), None
    if attribute.wanted and kind in RULES and _is_rule(kind, value):
        return _indicator(attribute, frame, value, RULES[kind], name=kind), (), None
    there = said(kind, value)
    if there and attribute.wanted:
        rule = _indicator(attribute, frame, there.pattern, "stix", name=value)
        return rule, () if attribute.revoked else tuple(_based_on(attribute, frame, rule, there)), None
    if there and there.found:
        return _observed(attribute, frame, there), tuple(_observable(attribute, one) for one in there.observables), None
    return _note(attribute, frame), (), _cost(attribute) if attribute.wanted else None


def _cost(attribute: Attribute) -> Remark:
    """Why nothing can look for the value."""
    known = attribute.kind in RULES or (attribute.kind in TYPES and TYPES[attribute.kind].paths)
    return Remark.ODD_VALUE if known else Remark.NO_WORD


def _is_rule(kind: str, value: str) -> bool:
    return len(value) <= LONGEST_PATTERN and (RULES[kind] != "stix" or value.lstrip().startswith(("[", "(")))


def _indicator(attribute: Attribute, frame: Frame, pattern: str, language: str, *, name: str) -> Stix:
    seen = moment(attribute.given, "first_seen")
    described = text(attribute.given, "comment")
    return (
        attribute.head(frame, "indicator")
        | {"name": name, "pattern": pattern, "pattern_type": language}
        | ({"pattern_version": "2.1"} if language == "stix" else {})
        | {"valid_from": milliseconds(seen or attribute.at)}
        | ({"description": described} if described else {})
        | _kept(attribute)
    )


def _based_on(attribute: Attribute, frame: Frame, rule: Stix, there: Said) -> Iterator[Stix]:
    """The observables of an indicator and what ties it to them."""
    yield from (_observable(attribute, one) for one in there.observables)
    for one in there.found:
        target = one.id
        tie = relationship_id(str(rule["id"]), "based-on", target).partition("--")[2]
        yield frame.head("relationship", tie, at=attribute.at, level=attribute.level) | {
            "relationship_type": "based-on",
            "source_ref": rule["id"],
            "target_ref": target,
        }


def _observable(attribute: Attribute, one: Observable) -> Stix:
    return {"type": one.kind, "spec_version": "2.1", "id": one.id, **marked(attribute.level), **one.properties}


def _observed(attribute: Attribute, frame: Frame, there: Said) -> Stix:
    """That something was seen which nothing is to look for."""
    given = attribute.given
    first = moment(given, "first_seen") or attribute.at
    last = max(moment(given, "last_seen") or first, first)
    return (
        attribute.head(frame, "observed-data")
        | {"first_observed": milliseconds(first), "last_observed": milliseconds(last), "number_observed": 1}
        | {"object_refs": [one.id for one in there.found], "x_misp_value": attribute.value}
        | kept(given, "comment")
        | _kept(attribute)
    )


def _named(attribute: Attribute, frame: Frame) -> Stix:
    """A vulnerability, actor or campaign that is known by its name."""
    value, described = attribute.value, text(attribute.given, "comment")
    found = attribute.head(frame, NAMED[attribute.kind]) | {"name": value}
    if _CVE.match(value):
        found["external_references"] = [{"source_name": "cve", "external_id": value.upper()}]
    if described:
        found["description"] = described
    return found | _kept(attribute) | ({"x_misp_to_ids": True} if attribute.wanted else {})


def _note(attribute: Attribute, frame: Frame) -> Stix:
    """A value that STIX has no object for, so that it is not lost on the way."""
    value = attribute.value
    found = attribute.head(frame, "note") | {
        "abstract": attribute.kind,
        "content": value,
        "object_refs": [frame.report],
    }
    if attribute.kind == "link":
        found["external_references"] = [{"source_name": "misp", "url": value}]
    return (
        found
        | kept(attribute.given, "comment")
        | _kept(attribute)
        | ({"x_misp_to_ids": True} if attribute.wanted else {})
    )


def _kept(attribute: Attribute) -> Stix:
    given = attribute.given
    said_so = kept(given, "type", "category", "object_relation", "first_seen", "last_seen")
    return (
        said_so | shared(given) | ({"x_misp_disable_correlation": True} if flag(given, "disable_correlation") else {})
    )
