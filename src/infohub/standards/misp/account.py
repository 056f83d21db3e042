"""What reading an event has brought so far: the objects, each once, and a line on each thing that came."""

from __future__ import annotations

from dataclasses import dataclass, field

from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.ids import relationship_id
from infohub.standards.tlp import Tlp

from .frame import Frame, Stix, made_uuid
from .remarks import Remark
from .tags import technique


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing with a MISP UUID went."""

    id: str
    tlp: Tlp | None


@dataclass(slots=True)
class Account:
    """Grows while an event is read; `objects` and `levels` go by STIX id, `places` by MISP UUID."""

    frame: Frame
    objects: dict[str, Stix] = field(default_factory=dict)
    levels: dict[str, Tlp | None] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def take(self, uuid: str, main: Stix, tlp: Tlp | None, problems: tuple[Problem, ...] = (), *, path: str) -> bool:
        """Keep the object for a thing of the event; False where another has its UUID."""
        identifier = str(main["id"])
        if identifier in self.objects:
            self.refuse(uuid, Problem(f"{path}.uuid", Remark.TWICE))
            return False
        self.objects[identifier] = main
        self.levels[identifier] = tlp
        self.places.setdefault(uuid, Place(identifier, tlp))
        self.lines.append(Line(uuid, Outcome.CHANGED if problems else Outcome.TAKEN, problems))
        return True

    def add(self, one: Stix, tlp: Tlp | None) -> None:
        """Keep what stands beside; of the same fact at several levels the loosest, for at that level it is known."""
        identifier = str(one["id"])
        if identifier not in self.objects or _rank(tlp) < _rank(self.levels[identifier]):
            self.objects[identifier] = one
            self.levels[identifier] = tlp

    def refuse(self, subject: str, problem: Problem) -> None:
        self.lines.append(Line(subject, Outcome.REFUSED, (problem,)))

    def techniques(self, tags: tuple[str, ...], tlp: Tlp | None, *, of: str = "") -> None:
        """The ATT&CK techniques that tags name, tied to the object `of` which they stand on."""
        for tag in tags:
            if number := technique(tag):
                pattern = self._technique(number, tag, tlp)
                self.add(pattern, tlp)
                if of:
                    self.add(self._tie(of, str(pattern["id"]), tlp), tlp)

    def _technique(self, number: str, tag: str, tlp: Tlp | None) -> Stix:
        uuid = made_uuid("attack-pattern", self.frame.uuid, number)
        return self.frame.head("attack-pattern", uuid, at=self.frame.changed, tlp=tlp) | {
            "name": tag.partition('"')[2].rstrip('"').removesuffix(f" - {number}"),
            "external_references": [{"source_name": "mitre-attack", "external_id": number}],
        }

    def _tie(self, source: str, target: str, tlp: Tlp | None) -> Stix:
        relation = "indicates" if source.startswith("indicator--") else "related-to"
        uuid = relationship_id(source, relation, target).partition("--")[2]
        return self.frame.head("relationship", uuid, at=self.frame.changed, tlp=tlp) | {
            "relationship_type": relation,
            "source_ref": source,
            "target_ref": target,
        }


def _rank(tlp: Tlp | None) -> int:
    """Nothing said is what the collection says, which nothing in it is looser than."""
    return -1 if tlp is None else tlp
