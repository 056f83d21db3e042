"""What reading an event has brought so far: the objects, each once, and a line on each thing that came."""

from __future__ import annotations

from dataclasses import dataclass, field

from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.ids import relationship_id

from .frame import Frame, Level, Stix, made_uuid
from .remarks import Remark
from .tags import technique


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing with a MISP UUID went."""

    id: str
    level: Level


@dataclass(slots=True)
class Account:
    """Grows while an event is read; `objects` and `levels` go by STIX id, `places` by MISP UUID."""

    frame: Frame
    objects: dict[str, Stix] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def take(self, uuid: str, main: Stix, level: Level, problems: tuple[Problem, ...] = (), *, path: str) -> bool:
        """Keep the object for a thing of the event; False where another has its UUID."""
        identifier = str(main["id"])
        if identifier in self.objects:
            self.refuse(uuid, Problem(f"{path}.uuid", Remark.TWICE))
            return False
        self.objects[identifier] = main
        self.levels[identifier] = level
        self.places.setdefault(uuid, Place(identifier, level))
        self.lines.append(Line(uuid, Outcome.CHANGED if problems else Outcome.TAKEN, problems))
        return True

    def add(self, one: Stix, level: Level) -> None:
        """Keep what stands beside; of the same fact at several levels the loosest, for at that level it is known."""
        identifier = str(one["id"])
        if identifier not in self.objects or level.rank < self.levels[identifier].rank:
            self.objects[identifier] = one
            self.levels[identifier] = level

    def refuse(self, subject: str, problem: Problem) -> None:
        self.lines.append(Line(subject, Outcome.REFUSED, (problem,)))

    def techniques(self, tags: tuple[str, ...], level: Level, *, of: str = "") -> None:
        """The ATT&CK techniques that tags name, tied to the object `of` which they stand on."""
        for tag in tags:
            if number := technique(tag):
                pattern = self._technique(number, tag, level)
                self.add(pattern, level)
                if of:
                    self.add(self._tie(of, str(pattern["id"]), level), level)

    def _technique(self, number: str, tag: str, level: Level) -> Stix:
        uuid = made_uuid("attack-pattern", self.frame.uuid, number)
        return self.frame.head("attack-pattern", uuid, at=self.frame.changed, level=level) | {
            "name": tag.partition('"')[2].rstrip('"').removesuffix(f" - {number}"),
            "external_references": [{"source_name": "mitre-attack", "external_id": number}],
        }

    def _tie(self, source: str, target: str, level: Level) -> Stix:
        relation = "indicates" if source.startswith("indicator--") else "related-to"
        uuid = relationship_id(source, relation, target).partition("--")[2]
        return self.frame.head("relationship", uuid, at=self.frame.changed, level=level) | {
            "relationship_type": relation,
            "source_ref": source,
            "target_ref": target,
        }
