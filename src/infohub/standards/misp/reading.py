"""A MISP event as STIX 2.1 objects, with a line on each thing in it: what was taken, changed or refused, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import marking_definition
from infohub.standards.stix21.timestamp import milliseconds

from .account import Account
from .attributes import Taken, losses_beside, read_attribute, shared
from .fields import Given, flag, kept, moment, part, rows, seconds, text, uuid
from .frame import FIRST, Frame, Stix, identity, made_uuid, strictest, unread_definition
from .remarks import Remark
from .tags import NO_LEVEL, Tags, colours, read_tags

_RELATION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z", re.ASCII)
_FALSE_POSITIVE, _EXPIRED = "1", "2"


@dataclass(frozen=True, slots=True)
class Read:
    """The objects, what others refer to first, the report last; and what became of each thing in the event."""

    objects: list[Stix]
    lines: list[Line]


def read_event(given: Given, *, waits: bool = False) -> Read:
    """The event; reading it again gives the same ids, and the same objects where nothing changed.

    What carries a `tlp:` tag that is none of TLP 2.0 is refused. Where it `waits`, it has a marking of the tag's name
    instead, which means nothing until somebody decides what.
    """
    event = given.get("Event")
    if not isinstance(event, Mapping):
        return _refused("", Problem("Event", Remark.NO_EVENT))
    identifier, tags = uuid(event), read_tags(event, "Event")
    if not identifier:
        return _refused(text(event, "uuid"), Problem("Event.uuid", Remark.NO_EVENT_UUID))
    if tags.level.unread and not waits:
        return _refused(identifier, Problem("Event.Tag", Remark.UNKNOWN_TLP, tags.level.unread[0]))
    changed = seconds(event, "timestamp") or moment(event, "date") or FIRST
    creator = _organisation(part(event, "Orgc"))
    frame = Frame(
        identifier,
        str(creator["id"]) if creator else "",
        tags.level,
        begun=moment(event, "date") or changed,
        changed=changed,
        waits=waits,
    )
    account = Account(frame)
    if creator:
        account.add(creator, NO_LEVEL)
    _take_all(event, account)
    account.techniques(tags.names, tags.level)
    return _closed(event, tags, account)


def _refused(subject: str, problem: Problem) -> Read:
    return Read([], [Line(subject, Outcome.REFUSED, (problem,))])


def _organisation(given: Given) -> Stix | None:
    name = text(given, "name").strip()
    identifier = uuid(given) or (made_uuid("misp organisation", name) if name else "")
    return identity(name, identifier) if identifier else None


def _take_all(event: Given, account: Account) -> None:
    for path, row in rows(event, "Attribute", path="Event"):
        _take_attribute(row, path, account)
    objects = [(path, row) for path, row in rows(event, "Object", path="Event")]
    for path, row in objects:
        _take_object(row, path, account)
    for path, row in objects:
        for place, reference in rows(row or {}, "ObjectReference", path=path):
            _take_reference(row or {}, reference, place, account)
    for path, row in rows(event, "EventReport", path="Event"):
        _take_report(row, path, account)
    _refuse_all(event, "ShadowAttribute", Remark.PROPOSAL, account)
    _refuse_all(event, "CryptographicKey", Remark.KEY, account)


def _refuse_all(given: Given, name: str, remark: Remark, account: Account, *, path: str = "Event") -> None:
    for place, row in rows(given, name, path=path):
        account.refuse(uuid(row or {}) or place, Problem(place, remark))


def _take_attribute(row: Given | None, path: str, account: Account, *, revoked: bool = False) -> Taken | None:
    if row is None:
        account.refuse(path, Problem(path, Remark.NO_OBJECT))
        return None
    taken = read_attribute(row, path, account.frame, revoked=revoked)
    if isinstance(taken, Problem):
        account.refuse(uuid(row) or path, taken)
        return None
    if not account.take(taken.uuid, taken.main, taken.level, taken.problems, path=path):
        return None
    for one in taken.beside:
        account.add(one, taken.level)
    identifier = str(taken.main["id"])
    account.techniques(taken.techniques, taken.level, of=identifier)
    for place, sighting in rows(row, "Sighting", path=path):
        _take_sighting(sighting, place, taken, account)
    _refuse_all(row, "ShadowAttribute", Remark.PROPOSAL, account, path=path)
    return taken


def _take_object(row: Given | None, path: str, account: Account) -> None:
    """A MISP object is a grouping of its attributes."""
    if row is None:
        account.refuse(path, Problem(path, Remark.NO_OBJECT))
        return
    revoked = flag(row, "deleted")
    inside = [
        _take_attribute(attribute, place, account, revoked=revoked)
        for place, attribute in rows(row, "Attribute", path=path)
    ]
    parts = [taken.main["id"] for taken in inside if taken]
    identifier = _object_uuid(row, path, account.frame)
    if not parts:
        account.refuse(identifier, Problem(path, Remark.EMPTY))
        return
    frame = account.frame
    at = seconds(row, "timestamp") or frame.changed
    described = text(row, "description")
    grouping = (
        frame.head("grouping", identifier, at=at, level=frame.level, revoked=revoked)
        | {"name": text(row, "name") or "object", "context": "unspecified", "object_refs": parts}
        | ({"description": described} if described else {})
        | kept(row, "meta-category", "template_uuid", "template_version", "comment", "first_seen", "last_seen")
        | shared(row)
    )
    account.take(identifier, grouping, frame.level, tuple(_usual_losses(row, path)), path=path)


def _object_uuid(row: Given, path: str, frame: Frame) -> str:
    return uuid(row) or made_uuid("misp object", frame.uuid, path)


def _usual_losses(row: Given, path: str) -> Iterator[Problem]:
    if not uuid(row):
        yield Problem(f"{path}.uuid", Remark.NO_UUID)
    if not seconds(row, "timestamp"):
        yield Problem(f"{path}.timestamp", Remark.NO_TIME)
    yield from losses_beside(row, path)


def _take_reference(row: Given, reference: Given | None, path: str, account: Account) -> None:
    reference = reference or {}
    identifier = uuid(reference)
    source = account.places.get(_object_uuid(row, path.rpartition(".")[0], account.frame))
    target = account.places.get(uuid(reference, "referenced_uuid"))
    if source is None or target is None:
        account.refuse(identifier or path, Problem(path, Remark.POINTS_NOWHERE, uuid(reference, "referenced_uuid")))
        return
    written = text(reference, "relationship_type")
    relation = re.sub("[^a-z0-9]+", "-", written.lower()).strip("-") or "related-to"
    identifier = identifier or made_uuid("misp reference", source.id, written, target.id)
    level = strictest(source.level, target.level)
    described = text(reference, "comment")
    tie = (
        account.frame.head(
            "relationship",
            identifier,
            at=seconds(reference, "timestamp") or account.frame.changed,
            level=level,
            revoked=flag(reference, "deleted"),
        )
        | {"relationship_type": relation, "source_ref": source.id, "target_ref": target.id}
        | ({"description": described} if described else {})
        | ({} if relation == written else kept(reference, "relationship_type"))
    )
    account.take(identifier, tie, level, tuple(_usual_losses(reference, path)), path=path)


def _take_report(row: Given | None, path: str, account: Account) -> None:
    """A report in words is a note on the whole."""
    content = text(row or {}, "content")
    if row is None or not content.strip():
        account.refuse(uuid(row or {}) or path, Problem(f"{path}.content", Remark.NO_VALUE))
        return
    frame = account.frame
    name = text(row, "name")
    identifier = uuid(row) or made_uuid("misp report", frame.uuid, name, content)
    note = (
        frame.head(
            "note",
            identifier,
            at=seconds(row, "timestamp") or frame.changed,
            level=frame.level,
            revoked=flag(row, "deleted"),
        )
        | ({"abstract": name} if name else {})
        | {"content": content, "object_refs": [frame.report]}
        | shared(row)
    )
    account.take(identifier, note, frame.level, tuple(_usual_losses(row, path)), path=path)


def _take_sighting(row: Given | None, path: str, taken: Taken, account: Account) -> None:
    """That somebody saw what the attribute says, or that it means nothing bad there."""
    given = row or {}
    kind, at = text(given, "type") or "0", seconds(given, "date_sighting")
    subject = uuid(given) or path
    if at is None or kind == _EXPIRED:
        account.refuse(subject, Problem(path, Remark.EXPIRED if at else Remark.NO_VALUE))
        return
    witness = _organisation(part(given, "Organisation"))
    if witness:
        account.add(witness, NO_LEVEL)
    identifier = uuid(given)
    if not identifier or identifier == taken.uuid:  # some servers write the UUID of the attribute here
        who = str(witness["id"]) if witness else ""
        identifier = made_uuid("misp sighting", taken.uuid, kind, at.isoformat(), who, text(given, "source"))
    frame = replace(account.frame, creator=str(witness["id"]) if witness else "")
    said = _opinion(taken) if kind == _FALSE_POSITIVE else _sighting(taken, at, witness)
    head = frame.head("opinion" if kind == _FALSE_POSITIVE else "sighting", identifier, at=at, level=taken.level)
    account.take(identifier, head | said | kept(given, "type", "source"), taken.level, path=path)


def _opinion(taken: Taken) -> Stix:
    return {"opinion": "strongly-disagree", "object_refs": [taken.main["id"]]}


def _sighting(taken: Taken, at: datetime, witness: Stix | None) -> Stix:
    seen = milliseconds(at)
    where = {"where_sighted_refs": [witness["id"]]} if witness else {}
    return {"sighting_of_ref": taken.main["id"], "first_seen": seen, "last_seen": seen, "count": 1, **where}


def _closed(event: Given, tags: Tags, account: Account) -> Read:
    """Everything, with the markings that are used in front and the report on all of it at the end."""
    frame = account.frame
    people = [one for one in account.objects.values() if one["type"] == "identity"]
    parts = [one for one in account.objects.values() if one["type"] != "identity"]
    refs = [part["id"] for part in parts] or ([frame.creator] if frame.creator else [])
    if not refs:
        account.refuse(frame.uuid, Problem("Event", Remark.EMPTY))
        return Read([], account.lines)
    problems = tuple(_event_losses(event, tags, frame))
    account.lines.append(Line(frame.uuid, Outcome.CHANGED if problems else Outcome.TAKEN, problems))
    levels = (*account.levels.values(), frame.level)
    markings = [marking_definition(tlp) for tlp in sorted({one.tlp for one in levels if one.tlp is not None})]
    markings += [unread_definition(tag) for tag in dict.fromkeys(tag for one in levels for tag in one.unread)]
    return Read([*people, *markings, *parts, _report(event, tags, frame, refs)], account.lines)


def _event_losses(event: Given, tags: Tags, frame: Frame) -> Iterator[Problem]:
    yield from tags.problems
    yield from (Problem("Event.Tag", Remark.WAITS, tag) for tag in tags.level.unread)
    yield from (Problem("Event.Tag", Remark.STRICTER_COUNTS, name) for name in tags.overruled(frame.level))
    if not frame.creator:
        yield Problem("Event.Orgc", Remark.NO_CREATOR)
    if not seconds(event, "timestamp"):
        yield Problem("Event.timestamp", Remark.NO_TIME)
    yield from losses_beside(event, "Event")


def _report(event: Given, tags: Tags, frame: Frame, refs: list[object]) -> Stix:
    painted = _all_colours(event)
    return (
        frame.head("report", frame.uuid, at=frame.changed, level=frame.level, labels=tags.labels(frame.level))
        | {
            "name": text(event, "info").strip() or frame.uuid,
            "report_types": ["threat-report"],
            "published": milliseconds(seconds(event, "publish_timestamp") or frame.changed),
            "object_refs": refs,
        }
        | kept(event, "date", "analysis", "threat_level_id", "publish_timestamp", "extends_uuid")
        | shared(event)
        | {"x_misp_published": flag(event, "published")}
        | (
            {"x_misp_colours": [{"name": name, "colour": colour} for name, colour in painted.items()]}
            if painted
            else {}
        )
    )


def _all_colours(event: Given) -> dict[str, str]:
    found = dict(colours(event))
    for _, row in rows(event, "Attribute"):
        found |= colours(row or {})
    for _, row in rows(event, "Object"):
        for _, attribute in rows(row or {}, "Attribute"):
            found |= colours(attribute or {})
    return found
