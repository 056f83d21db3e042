"""A MISP event while it is written: its parts so far, and a line on each STIX object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import Unknown
from infohub.standards.tlp import Tlp

from . import entries
from .entries import Entry, Setting
from .fields import Given, flag, restored, text, words
from .frame import made_uuid
from .galaxies import galaxy_tag
from .remarks import Remark
from .restoring import Value, covered_by, values_of
from .tags import technique

_NEVER = {"language-content": Remark.TRANSLATION, "report": Remark.ANOTHER_REPORT}
_TIES = frozenset({"relationship", "sighting", "opinion"})
_DISAGREED = frozenset({"strongly-disagree", "disagree"})


@dataclass(slots=True)
class Draft:
    """Grows object by object; attributes and MISP objects go by the STIX id they come from."""

    setting: Setting
    given: Mapping[str, Given]
    attributes: dict[str, list[Entry]] = field(default_factory=dict)
    objects: dict[str, Entry] = field(default_factory=dict)
    reports: list[Entry] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    levels: dict[str, Tlp] = field(default_factory=dict)
    _covered: set[str] = field(default_factory=set)
    _people: set[str] = field(default_factory=set)
    _numbers: set[str] = field(default_factory=set)
    _uuids: set[str] = field(default_factory=set)
    _inside: set[str] = field(default_factory=set)

    def write_all(self, report: str) -> None:
        """Everything but the report itself: first what stands alone, then what holds or ties that together."""
        for one in self.given.values():
            self._covered.update(covered_by(one, self.given))
            self._people.update((text(one, "created_by_ref"), *words(one, "where_sighted_refs")))
            self._numbers.update(map(technique, words(one, "labels")))
        rest = [one for name, one in self.given.items() if name != report]
        for one in rest:
            if text(one, "type") not in _TIES | {"grouping"}:
                self._write(one)
        for one in rest:
            if text(one, "type") == "grouping":
                self._hold(one)
        for one in rest:
            if text(one, "type") in _TIES:
                self._tie(one)

    def loose_attributes(self) -> list[Entry]:
        """Those that stand in no MISP object."""
        return [one for name, some in self.attributes.items() if name not in self._inside for one in some]

    def _write(self, one: Given) -> None:
        kind = text(one, "type")
        if kind == "marking-definition":
            if text(one, "definition_type") == "statement":
                self._refuse(one, Remark.STATEMENT)
            return
        if kind in _NEVER:
            self._refuse(one, _NEVER[kind])
            return
        level = self._level(one)
        if level is None or self._needs_no_words(one, level):
            return
        values = list(values_of(one, self.given))
        if values:
            self._write_values(one, values, level)
        elif kind == "note":
            self._write_words(one, level)
        else:
            self._refuse(one, Remark.OBSERVED if kind == "observed-data" else Remark.NO_MISP_WORD)

    def _needs_no_words(self, one: Given, level: Tlp) -> bool:
        """Whether the event says the object already, or does with a tag."""
        kind, name = text(one, "type"), text(one, "id")
        if name in self._covered or (kind == "identity" and name in self._people):
            self._account(one, ())
            return True
        tag = galaxy_tag(one)
        if not tag or level > self.setting.tlp:
            return False
        if not flag(one, "revoked") and technique(tag) not in self._numbers - {""}:
            self.tags.append(tag)
        self._account(one, () if kind == "identity" else entries.losses(one, self.setting, level))
        return True

    def _write_values(self, one: Given, values: list[Value], level: Tlp) -> None:
        name = text(one, "id")
        problems = [*entries.losses(one, self.setting, level)]
        for number, value in enumerate(values):
            uuid, again = self._uuid(one, number)
            entry, remark = entries.attribute(one, value, uuid, self.setting, level)
            self.attributes.setdefault(name, []).append(entry)
            costs = ((value.remark, value.found), (remark, value.kind), (again, ""))
            problems += [Problem("", cost, found) for cost, found in costs if cost]
        self.levels[name] = level
        self._account(one, problems)

    def _uuid(self, one: Given, number: int) -> tuple[str, Remark | None]:
        """The UUID of an attribute; an observable's is the same everywhere, so it gets one of this event."""
        own = entries.uuid_of(one) if "created" in one and not number else ""
        free = own and own not in self._uuids
        uuid = own if free else made_uuid("misp", self.setting.uuid, text(one, "id"), str(number))
        self._uuids.add(uuid)
        return uuid, Remark.TWICE if own and uuid != own else None

    def _write_words(self, one: Given, level: Tlp) -> None:
        """A note of somebody's own is a report in words, which has no marking."""
        content = text(one, "content")
        if not content.strip():
            self._refuse(one, Remark.NO_VALUE)
        elif level > self.setting.tlp:
            self._write_values(one, [Value("text", content, remark=Remark.NO_MARKING_THERE)], level)
        else:
            name = text(one, "abstract") or content.strip().splitlines()[0][:100]
            uuid = entries.uuid_of(one)
            self.reports.append(entries.report_in_words(uuid, name, content, given=one, setting=self.setting))
            self._account(one, entries.losses(one, self.setting, level))

    def _hold(self, one: Given) -> None:
        """A grouping that was a MISP object is one again."""
        level = self._level(one)
        if level is None:
            return
        if level > self.setting.tlp or not restored(one, "meta-category", "template_uuid"):
            self._refuse(one, Remark.NO_MARKING_THERE if level > self.setting.tlp else Remark.NO_TEMPLATE)
            return
        problems = [*entries.losses(one, self.setting, level)]
        held: list[Entry] = []
        for ref in words(one, "object_refs"):
            if ref in self._inside:
                problems.append(Problem("object_refs", Remark.IN_TWO, ref))
            elif ref in self.attributes:
                self._inside.add(ref)
                held += self.attributes[ref]
        self.objects[text(one, "id")] = entries.mapped_object(one, self.setting) | {"Attribute": held}
        self._account(one, problems)

    def _tie(self, one: Given) -> None:
        level = self._level(one)
        if level is None:
            return
        kind = text(one, "type")
        if kind != "relationship":
            self._sight(one, level)
        elif text(one, "target_ref") in self._covered and text(one, "relationship_type") == "based-on":
            self._account(one, ())
        elif self._tag(one, level):
            self._account(one, entries.losses(one, self.setting, level))
        else:
            self._refer(one, level)

    def _tag(self, one: Given, level: Tlp) -> bool:
        """Whether what the relationship says of a technique or a name stands as a tag on an attribute."""
        source, target = text(one, "source_ref"), self.given.get(text(one, "target_ref"), {})
        tag = "" if text(target, "type") == "identity" else galaxy_tag(target)
        if not tag or source not in self.attributes or level > self.levels[source]:
            return False
        for entry in self.attributes[source]:
            there = entry.get("Tag", [])
            assert isinstance(there, list)
            names = {str(one["name"]) for one in there}
            if tag not in names and technique(tag) not in {*map(technique, names)} - {""}:
                entry["Tag"] = [*there, *entries.tag_entries([tag], self.setting.colours)]
        return True

    def _refer(self, one: Given, level: Tlp) -> None:
        source, target = (self._written(text(one, end)) for end in ("source_ref", "target_ref"))
        holder = self.objects.get(text(one, "source_ref"))
        if not source or not target:
            self._refuse(one, Remark.POINTS_NOWHERE)
        elif holder is None:
            self._refuse(one, Remark.ONLY_OBJECTS_REFER)
        elif level > self.setting.tlp:
            self._refuse(one, Remark.NO_MARKING_THERE)
        else:
            there = holder.setdefault("ObjectReference", [])
            assert isinstance(there, list)
            there.append(entries.reference(one, source, target, self.setting))
            self._account(one, entries.losses(one, self.setting, level))

    def _sight(self, one: Given, level: Tlp) -> None:
        opinion = text(one, "type") == "opinion"
        refs = words(one, "object_refs")[:1] if opinion else (text(one, "sighting_of_ref"),)
        seen = refs[0] if refs else ""
        if opinion and text(one, "opinion") not in _DISAGREED:
            self._refuse(one, Remark.NO_MISP_WORD)
        elif seen not in self.attributes:
            self._refuse(one, Remark.POINTS_NOWHERE)
        elif level > self.levels[seen]:
            self._refuse(one, Remark.NO_MARKING_THERE)
        else:
            where = next((self.given[ref] for ref in words(one, "where_sighted_refs") if ref in self.given), None)
            there = self.attributes[seen][0].setdefault("Sighting", [])
            assert isinstance(there, list)
            there.append(entries.sighting(one, where, self.setting))
            self._account(one, entries.losses(one, self.setting, level))

    def _written(self, name: str) -> str:
        """The UUID under which an object stands in the event."""
        if name in self.objects:
            return str(self.objects[name]["uuid"])
        return str(self.attributes[name][0]["uuid"]) if name in self.attributes else ""

    def _level(self, one: Given) -> Tlp | None:
        """The level of an object; None, with its line written, where its marking is not known."""
        level = self.setting.level(one)
        if isinstance(level, Unknown):
            self._refuse(one, Remark.UNKNOWN_MARKING, level.ref)
            return None
        return level

    def _account(self, one: Given, problems: Iterable[Problem]) -> None:
        told = tuple(problems)
        self.lines.append(Line(text(one, "id"), Outcome.CHANGED if told else Outcome.TAKEN, told))

    def _refuse(self, one: Given, remark: Remark, found: str = "") -> None:
        self.lines.append(Line(text(one, "id"), Outcome.REFUSED, (Problem("", remark, found),)))
