"""STIX 2.1 objects as one MISP event, with a line on each object: what was written, changed or left out, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import Unknown, levels_of, markings_of, tlp_of
from infohub.standards.stix21.timestamp import moment_of
from infohub.standards.tlp import Tlp

from . import entries
from .draft import Draft
from .entries import Entry, Setting
from .fields import Given, flag, restored, rows, text, words
from .frame import made_uuid
from .remarks import Remark
from .restoring import Value
from .tags import tag_names


@dataclass(frozen=True, slots=True)
class Cover:
    """What MISP wants to know of an event; where there is a report, its own words come first.

    `tlp` is the level of what has no marking: that of the collection.
    """

    uuid: UUID
    info: str
    tlp: Tlp
    organisation: str
    organisation_uuid: UUID
    modified: datetime
    threat_level: str = "4"


@dataclass(frozen=True, slots=True)
class Written:
    """The event, or None where nobody may be shown it; and what became of each object."""

    event: Entry | None
    lines: list[Line]


def write_event(report: Given | None, objects: Iterable[Given], *, cover: Cover) -> Written:
    """The objects as an event; each is written as far as MISP has words for it."""
    told: Given = report or {}
    given = _latest(objects)
    level = _level(told, given)
    if isinstance(level, Unknown):
        problem = Problem("object_marking_refs", Remark.UNKNOWN_MARKING, level.ref)
        return Written(None, [Line(text(told, "id"), Outcome.REFUSED, (problem,))])
    setting = Setting(
        entries.uuid_of(told) or str(cover.uuid),
        text(told, "created_by_ref") or f"identity--{cover.organisation_uuid}",
        cover.tlp if level is None else level,
        cover.tlp,
        moment_of(text(told, "modified")) or cover.modified,
        levels_of(given.values()),
        entries.colours_of(told),
    )
    draft = Draft(setting, given)
    draft.write_all(text(told, "id"))
    event = _event(told, draft, cover)
    if report is not None:
        problems = tuple(_report_losses(told, level, draft))
        draft.lines.append(Line(text(told, "id"), Outcome.CHANGED if problems else Outcome.TAKEN, problems))
    return Written({"Event": event}, draft.lines)


def _latest(objects: Iterable[Given]) -> dict[str, Given]:
    """Each object in its latest version."""
    found: dict[str, Given] = {}
    for one in objects:
        name = text(one, "id")
        if name not in found or text(one, "modified") >= text(found[name], "modified"):
            found[name] = one
    return found


def _level(report: Given, given: Mapping[str, Given]) -> Tlp | Unknown | None:
    return tlp_of(markings_of(report), levels=levels_of(given.values()))


def _report_losses(report: Given, level: Tlp | None, draft: Draft) -> Iterator[Problem]:
    setting = draft.setting
    if level is None:
        yield Problem("object_marking_refs", Remark.LEVEL_ADDED, setting.tlp.word)
    if setting.creator not in draft.given:
        yield Problem("created_by_ref", Remark.NO_CREATOR, text(report, "created_by_ref"))
    yield from entries.losses(report, setting, setting.tlp)


def _event(report: Given, draft: Draft, cover: Cover) -> Entry:
    setting = draft.setting
    names = tag_names(words(report, "labels"), setting.tlp, above=None)
    published = moment_of(text(report, "published")) or setting.changed
    creator = draft.given.get(setting.creator)
    return (
        {
            "uuid": setting.uuid,
            "info": text(report, "name") or cover.info,
            "date": published.date().isoformat(),
            "timestamp": str(int(setting.changed.timestamp())),
            "publish_timestamp": str(int(published.timestamp())),
            "published": flag(report, "x_misp_published") if "x_misp_published" in report else True,
            "analysis": "2",
            "threat_level_id": cover.threat_level,
            "distribution": "0",
            "extends_uuid": "",
        }
        | restored(report, "date", "publish_timestamp", "analysis", "threat_level_id", "distribution", "extends_uuid")
        | {
            "Orgc": entries.organisation(creator) if creator else _own(cover),
            "Tag": entries.tag_entries(dict.fromkeys((*names, *draft.tags)), setting.colours),
            "Attribute": [*draft.loose_attributes(), *_links(report, setting)],
            "Object": list(draft.objects.values()),
            "EventReport": [*_body(report, setting), *draft.reports],
        }
    )


def _own(cover: Cover) -> Entry:
    return {"name": cover.organisation, "uuid": str(cover.organisation_uuid)}


def _body(report: Given, setting: Setting) -> Iterator[Entry]:
    """What a report of ours says in words."""
    if body := text(report, "description"):
        uuid = made_uuid("misp report", setting.uuid, "description")
        yield entries.report_in_words(uuid, text(report, "name"), body, given=report, setting=setting)


def _links(report: Given, setting: Setting) -> Iterator[Entry]:
    """Where a report of ours is to be read."""
    for _, row in rows(report, "external_references"):
        if row is not None and (url := text(row, "url")):
            source = f"{text(row, 'source_name')} {text(row, 'external_id')}".strip()
            uuid = made_uuid("misp", setting.uuid, url)
            yield entries.attribute({}, Value("link", url, comment=source), uuid, setting, setting.tlp)[0]
