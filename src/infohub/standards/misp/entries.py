"""The JSON of a MISP event's parts, made from STIX objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import Levels, Unknown, markings_of, tlp_of
from infohub.standards.stix21.timestamp import moment_of
from infohub.standards.tlp import Tlp

from .fields import Given, flag, restored, rows, text, words
from .frame import Level
from .remarks import Remark
from .restoring import Value, typed
from .tags import Tags, tag_names

Entry = dict[str, object]


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_OF_ALL = _names(
    "type spec_version id created modified created_by_ref object_marking_refs granular_markings labels revoked"
)
_NAMED = _names("name description external_references lang")
_SAID: Mapping[str, frozenset[str]] = {
    "indicator": _names("name description pattern pattern_type pattern_version valid_from lang"),
    "observed-data": _names("first_observed last_observed number_observed object_refs lang"),
    "note": _names("abstract content object_refs external_references"),
    "vulnerability": _NAMED,
    "threat-actor": _NAMED,
    "campaign": _NAMED,
    "attack-pattern": _NAMED,
    "intrusion-set": _NAMED,
    "malware": _NAMED | {"is_family"},
    "tool": _NAMED,
    "grouping": _names("name description context object_refs"),
    "relationship": _names("relationship_type source_ref target_ref description lang"),
    "sighting": _names("sighting_of_ref first_seen last_seen count where_sighted_refs lang"),
    "opinion": _names("opinion object_refs lang"),
    "identity": _names("name identity_class"),
    "report": _names("name description report_types published object_refs external_references"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What an event says once for all that is in it."""

    uuid: str
    creator: str
    tlp: Tlp
    unmarked: Tlp
    changed: datetime
    levels: Levels
    colours: Mapping[str, str]

    def level(self, given: Given) -> Tlp | Unknown:
        """The strictest marking of an object or a part of it."""
        found = tlp_of(markings_of(given), levels=self.levels)
        return self.unmarked if found is None else found


def losses(given: Given, setting: Setting, level: Tlp) -> Iterable[Problem]:
    """What an object says that MISP has no field for."""
    names = ", ".join(name for name in given if not _is_said(given, name))
    if names:
        yield Problem("", Remark.PROPERTIES_LEFT, names)
    if "granular_markings" in given:
        yield Problem("granular_markings", Remark.GRANULAR)
    for name in Tags(words(given, "labels")).overruled(Level(level)):
        yield Problem("labels", Remark.FALSE_TAG, name)
    creator = text(given, "created_by_ref")
    if creator and creator != setting.creator and text(given, "type") not in {"sighting", "opinion"}:
        yield Problem("created_by_ref", Remark.ANOTHER_CREATOR, creator)


def attribute(given: Given, one: Value, uuid: str, setting: Setting, level: Tlp) -> tuple[Entry, Remark | None]:
    """An attribute, and what its type cost."""
    kind, category, remark = typed(given, one.kind)
    entry: Entry = {
        "uuid": uuid,
        "category": category,
        "type": kind,
        "value": one.value,
        "comment": text(given, "x_misp_comment") or _described(given) or one.comment,
        "to_ids": one.wanted or flag(given, "x_misp_to_ids"),
        "deleted": flag(given, "revoked") or _has_ended(given),
        "disable_correlation": flag(given, "x_misp_disable_correlation"),
        "distribution": "5",
        "timestamp": stamp(given, setting),
    } | restored(given, "distribution", "object_relation", "first_seen", "last_seen")
    if not text(given, "x_misp_type") and (since := moment_of(text(given, "valid_from"))):
        entry["first_seen"] = since.isoformat()
    names = tag_names(words(given, "labels"), level, above=setting.tlp)
    if names:
        entry["Tag"] = tag_entries(names, setting.colours)
    return entry, remark


def stamp(given: Given, setting: Setting) -> str:
    """When the object was last changed, in whole seconds."""
    at = moment_of(text(given, "modified")) or moment_of(text(given, "created")) or setting.changed
    return str(int(at.timestamp()))


def mapped_object(given: Given, setting: Setting) -> Entry:
    """A grouping that was a MISP object, still without its attributes."""
    return {
        "uuid": uuid_of(given),
        "name": text(given, "name"),
        "description": text(given, "description"),
        "comment": text(given, "x_misp_comment"),
        "deleted": flag(given, "revoked"),
        "distribution": "5",
        "timestamp": stamp(given, setting),
    } | restored(given, "meta-category", "template_uuid", "template_version", "distribution", "first_seen", "last_seen")


def reference(given: Given, source: str, target: str, setting: Setting) -> Entry:
    return {
        "uuid": uuid_of(given),
        "object_uuid": source,
        "referenced_uuid": target,
        "relationship_type": text(given, "x_misp_relationship_type") or text(given, "relationship_type"),
        "comment": text(given, "description"),
        "deleted": flag(given, "revoked"),
        "timestamp": stamp(given, setting),
    }


def report_in_words(uuid: str, name: str, content: str, *, given: Given, setting: Setting) -> Entry:
    return {
        "uuid": uuid,
        "name": name,
        "content": content,
        "deleted": flag(given, "revoked"),
        "distribution": "5",
        "timestamp": stamp(given, setting),
    } | restored(given, "distribution")


def sighting(given: Given, witness: Given | None, setting: Setting) -> Entry:
    at = moment_of(text(given, "last_seen")) or moment_of(text(given, "first_seen"))
    kind = "1" if text(given, "type") == "opinion" else "0"
    return (
        {
            "uuid": uuid_of(given),
            "type": kind,
            "date_sighting": str(int(at.timestamp())) if at else stamp(given, setting),
        }
        | restored(given, "type", "source")
        | ({"Organisation": organisation(witness)} if witness else {})
    )


def organisation(given: Given) -> Entry:
    return {"name": text(given, "name"), "uuid": uuid_of(given)}


def tag_entries(names: Iterable[str], colours: Mapping[str, str]) -> list[Entry]:
    return [{"name": name, "colour": colours[name]} if name in colours else {"name": name} for name in names]


def colours_of(report: Given) -> dict[str, str]:
    """The colours that the tags of the event had."""
    pairs = ((text(row or {}, "name"), text(row or {}, "colour")) for _, row in rows(report, "x_misp_colours"))
    return {name: colour for name, colour in pairs if name and colour}


def uuid_of(given: Given) -> str:
    """The UUID that MISP knows the object by."""
    return text(given, "x_misp_uuid") or text(given, "id").partition("--")[2]


def _has_ended(given: Given) -> bool:
    """Whether the version is the one that says that it counts no more: MISP knows no other end of a value."""
    until, changed = moment_of(text(given, "valid_until")), moment_of(text(given, "modified"))
    return until is not None and changed is not None and until <= changed


def _described(given: Given) -> str:
    return (
        text(given, "description")
        if text(given, "type") in {"indicator", "vulnerability", "threat-actor", "campaign"}
        else ""
    )


def _is_said(given: Given, name: str) -> bool:
    kind = text(given, "type")
    if name in _OF_ALL or name.startswith("x_misp_"):
        return True
    if kind in _SAID:
        return name in _SAID[kind]
    if "created" in given:
        return name in {"name", "lang"}
    return name in {"hashes", "protocols", "is_multipart", "defanged"} or not isinstance(given[name], list | dict)
