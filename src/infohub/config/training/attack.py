"""ATT&CK as its STIX bundles tell it: the catalogue that is shipped, and texts that say what each technique is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from infohub.analysis.techniques.catalogue import ENTERPRISE, ICS
from infohub.config.evals.rows import Row, text, texts
from infohub.standards.jsontext import Json

NOTICE = (
    "© The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation."
)
FILES = {ENTERPRISE: "enterprise-attack-stix20.json", ICS: "ics-attack.json"}

_CITATION = re.compile(r"\(Citation:[^)]*\)")
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\([^)\s]{1,500}\)")
_TAG = re.compile(r"</?[a-z]{1,8}>")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_SHORTEST = 20


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about a technique."""

    technique: str
    text: str


def folder_of(data: Path) -> Path:
    """Where ATT&CK lies: in the evaluation folder or beside it."""
    inside = data / "attack"
    return inside if inside.is_dir() else data.parent / "attack"


class Attack:
    """The objects of all bundles, by id."""

    def __init__(self, folder: Path) -> None:
        self._objects: dict[str, tuple[str, Row]] = {}
        for domain, name in FILES.items():
            for one in _objects_of(folder / name):
                self._objects.setdefault(text(one, "id"), (domain, one))

    def successors(self) -> dict[str, str]:
        """Ids of revoked techniques with those of what took their place."""
        return {
            self._number(text(one, "source_ref")): self._number(text(one, "target_ref"))
            for _, one in self._of("relationship")
            if text(one, "relationship_type") == "revoked-by" and text(one, "source_ref").startswith("attack-pattern")
        }

    def catalogue(self) -> dict[str, Json]:
        """What `analysis/techniques/catalogue.py` reads."""
        successors = self.successors()
        techniques: list[Json] = []
        for key, (domain, one) in sorted(self._objects.items(), key=lambda item: self._number(item[0])):
            if text(one, "type") != "attack-pattern":
                continue
            number = self._number(key)
            parent = number.partition(".")[0] if one.get("x_mitre_is_subtechnique") is True else ""
            phases: list[Json] = [*_phases(one)]
            deprecated = bool(one.get("x_mitre_deprecated"))
            techniques.append(
                [number, text(one, "name"), domain, phases, parent, successors.get(number, ""), deprecated, key]
            )
        tactics: list[Json] = []
        for domain, one in self._of("x-mitre-matrix"):
            for reference in texts(one, "tactic_refs"):
                tactic = self._objects[reference][1]
                tactics.append(
                    [self._number(reference), text(tactic, "x_mitre_shortname"), text(tactic, "name"), domain]
                )
        version = next(text(one, "x_mitre_version") for _, one in self._of("x-mitre-collection"))
        return {"version": version, "notice": NOTICE, "tactics": tactics, "techniques": techniques}

    def told(self) -> Iterator[Told]:
        """Names, sentences of descriptions and of analytics, of all techniques that are current."""
        for key, (_, one) in self._objects.items():
            if text(one, "type") != "attack-pattern" or one.get("revoked") or one.get("x_mitre_deprecated"):
                continue
            number = self._number(key)
            parent = self._name(number.partition(".")[0]) if "." in number else ""
            yield Told(number, f"{text(one, 'name')} {parent}".strip())
            for sentence in _SENTENCE.split(plain(text(one, "description"))):
                if len(sentence) > _SHORTEST:
                    yield Told(number, " ".join(sentence.split()))
        yield from self._detections()

    def _detections(self) -> Iterator[Told]:
        for _, relation in self._of("relationship"):
            if text(relation, "relationship_type") != "detects":
                continue
            strategy = self._objects.get(text(relation, "source_ref"))
            for reference in texts(strategy[1], "x_mitre_analytic_refs") if strategy else ():
                analytic = self._objects.get(reference)
                if analytic and (said := text(analytic[1], "description")):
                    yield Told(self._number(text(relation, "target_ref")), plain(said))

    def _of(self, kind: str) -> Iterator[tuple[str, Row]]:
        return ((domain, one) for domain, one in self._objects.values() if text(one, "type") == kind)

    def _number(self, key: str) -> str:
        references = self._objects[key][1].get("external_references")
        first = references[0] if isinstance(references, list) and references else None
        return text(first, "external_id") if isinstance(first, dict) else ""

    def _name(self, number: str) -> str:
        return next(
            (text(one, "name") for _, one in self._of("attack-pattern") if self._number(text(one, "id")) == number), ""
        )


def plain(description: str) -> str:
    """A text of ATT&CK without citations, links and tags."""
    return _TAG.sub(" ", _LINK.sub(r"\1", _CITATION.sub(" ", description)))


def _phases(one: Mapping[str, Json]) -> list[str]:
    phases = one.get("kill_chain_phases")
    return (
        [text(phase, "phase_name") for phase in phases if isinstance(phase, dict)] if isinstance(phases, list) else []
    )


def _objects_of(path: Path) -> list[Row]:
    bundle: Json = orjson.loads(path.read_bytes())
    objects = bundle.get("objects") if isinstance(bundle, dict) else None
    return [one for one in objects if isinstance(one, dict)] if isinstance(objects, list) else []
