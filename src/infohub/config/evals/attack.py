"""What ATT&CK says of its techniques, as search is taught and asked with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import orjson

from infohub.config.evals.rows import Row, text
from infohub.standards.jsontext import Json

_MARKS = re.compile(r"\(Citation:[^)]*\)|\[([^\]]*)\]\([^)]*\)")
_BUNDLE = "attack/enterprise-attack-stix20.json"


@dataclass(frozen=True, slots=True)
class Described:
    """The name of a technique and its description, without citations and addresses."""

    name: str
    text: str


def described_techniques(data: Path) -> dict[str, Described]:
    """All that are current, by id."""
    bundle: Json = orjson.loads((data.parent / _BUNDLE).read_bytes())
    objects = bundle.get("objects") if isinstance(bundle, dict) else None
    found: dict[str, Described] = {}
    for one in objects if isinstance(objects, list) else ():
        if isinstance(one, dict) and text(one, "type") == "attack-pattern" and _current(one) and (number := _id(one)):
            found[number] = Described(text(one, "name"), _MARKS.sub(r"\1", text(one, "description")))
    return found


def _current(one: Row) -> bool:
    return not (one.get("revoked") or one.get("x_mitre_deprecated"))


def _id(one: Row) -> str:
    references = one.get("external_references")
    first = references[0] if isinstance(references, list) and references else None
    return text(first, "external_id") if isinstance(first, dict) else ""
