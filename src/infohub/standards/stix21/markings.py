"""Traffic Light Protocol markings in STIX: the definitions of TLP 2.0, and the ids of TLP 1.0 recognised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from infohub.standards.tlp import Tlp, tlp_from

EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

TLP_2: Mapping[Tlp, str] = MappingProxyType(
    {
        Tlp.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
        Tlp.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        Tlp.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        Tlp.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        Tlp.RED: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    }
)
TLP_1 = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
}
Levels = Mapping[str, Tlp | None]
"""What markings mean that are defined beside the objects; None restricts nobody's reading."""

NO_LEVELS: Levels = MappingProxyType({})
_RESTRICT_USE_ONLY = frozenset({"statement", "pap"})
_KNOWN = TLP_1 | {identifier: tlp for tlp, identifier in TLP_2.items()}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A marking whose meaning is not known here; what carries it is not opened to anybody."""

    ref: str


def marking_definition(tlp: Tlp) -> dict[str, object]:
    """The definition object of a level, as OASIS published it."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP_2[tlp],
        "created": "2022-10-01T00:00:00.000Z",
        "name": tlp.mark,
        "extensions": {EXTENSION: {"extension_type": "property-extension", "tlp_2_0": tlp.word.lower()}},
    }


def tlp_of(markings: Iterable[str], *, levels: Levels = NO_LEVELS) -> Tlp | Unknown | None:
    """The strictest level among the markings of an object; None where no marking says a level.

    `levels` are those of markings defined elsewhere, None for what restricts nobody's reading (a copyright). The ids
    of TLP mean what they mean, whatever a definition beside the object says.
    """
    found: list[Tlp] = []
    for ref in markings:
        level = _KNOWN[ref] if ref in _KNOWN else levels.get(ref, Unknown(ref))
        if isinstance(level, Unknown):
            return level
        if level is not None:
            found.append(level)
    return max(found, default=None)


def level_of(definition: Mapping[str, object]) -> Tlp | Unknown | None:
    """What a marking definition says about reading: a level, nothing (None), or what is not known here.

    Besides TLP 2.0 and 1.0 under ids of their own, the definitions of OpenCTI are read, which carry a level in a
    property of its own.
    """
    ref = str(definition.get("id", ""))
    if ref in _KNOWN:
        return _KNOWN[ref]
    kind, word = _told(definition)
    if kind == "tlp":
        level = tlp_from(word)
        return Unknown(ref) if level is None else level
    return None if kind in _RESTRICT_USE_ONLY else Unknown(ref)


def _told(definition: Mapping[str, object]) -> tuple[str, str]:
    """The kind of a definition in small letters, and the word that says its level."""
    extension = _inside(definition, "extensions", EXTENSION)
    if isinstance(extension, Mapping):
        return "tlp", str(extension.get("tlp_2_0", ""))
    # What OpenCTI says comes first: beside it stands a mere statement, because the standard's TLP has no such level.
    kind = str(definition.get("x_opencti_definition_type") or definition.get("definition_type") or "").lower()
    word = definition.get("x_opencti_definition") or _inside(definition, "definition", "tlp") or definition.get("name")
    return kind, str(word or "")


def _inside(given: Mapping[str, object], *names: str) -> object:
    found: object = given
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def levels_of(objects: Iterable[Mapping[str, object]]) -> dict[str, Tlp | None]:
    """What the marking definitions among the objects mean, by their ids; those that cannot be told are left out."""
    found: dict[str, Tlp | None] = {}
    for given in objects:
        if given.get("type") == "marking-definition" and not isinstance(level := level_of(given), Unknown):
            found[str(given.get("id", ""))] = level
    return found


def markings_of(given: Mapping[str, object]) -> list[str]:
    """All markings of an object, also those of its parts: the strictest decides who reads it."""
    whole, parts = given.get("object_marking_refs"), given.get("granular_markings")
    refs = list(whole) if isinstance(whole, list) else []
    if isinstance(parts, list):
        refs += [part["marking_ref"] for part in parts if isinstance(part, dict) and "marking_ref" in part]
    return [ref for ref in refs if isinstance(ref, str)]
