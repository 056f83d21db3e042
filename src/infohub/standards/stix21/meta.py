"""The shapes of STIX meta objects (section 7): languages, markings, extensions."""

from collections.abc import Mapping

from infohub.standards.jsontext import Json
from infohub.standards.tlp import Tlp

from . import sentences
from .markings import TLP_1
from .shape import Shape, name_of_property, needs, part, shape, some
from .spellings import language
from .values import FINE, MOST, Problems, entries, listed, one_of, ref_but, refused, shallow, under
from .vocabulary import BUNDLE, EXTENSION_TYPES

_LEVELS = {"white": Tlp.CLEAR, "green": Tlp.GREEN, "amber": Tlp.AMBER, "red": Tlp.RED}
_statement = part("statement", text="statement")


def _translated(name: str, value: Json) -> Problems:
    fine = isinstance(value, str | list | dict)
    return name_of_property(name) or (FINE if fine else refused(sentences.CONTENT, value))


_translations = entries(_translated)
_contents = entries(lambda name, value: language(name) or _translations(value))


def _open(value: Json) -> Problems:
    return shallow(value) if isinstance(value, dict) and value else refused(sentences.DICTIONARY, value)


def _defined(given: Mapping[str, Json]) -> Problems:
    """The two definitions of the standard's own have a form (sections 7.2.1.3 and 7.2.1.4)."""
    definition, kind = given.get("definition"), given.get("definition_type")
    if kind == "statement" and definition is not None:
        return under("definition", _statement(definition))
    if kind == "tlp" and isinstance(definition, dict):
        level = _LEVELS.get(str(definition.get("tlp")))
        if level is None or TLP_1.get(str(given["id"])) is not level:
            return under("definition", refused(sentences.TLP, definition.get("tlp")))
    return FINE


def _circular(given: Mapping[str, Json]) -> Problems:
    """A marking does not mark itself (section 3.2)."""
    problems = FINE
    own, refs, parts = given["id"], given.get("object_marking_refs"), given.get("granular_markings")
    for place, marking in enumerate(refs if isinstance(refs, list) else ()):
        if marking == own:
            problems += under(f"object_marking_refs[{place}]", refused(sentences.CIRCULAR, own))
    for place, one in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(one, dict) and one.get("marking_ref") == own:
            problems += under(f"granular_markings[{place}].marking_ref", refused(sentences.CIRCULAR, own))
    return problems[:MOST]


def _top_level(given: Mapping[str, Json]) -> Problems:
    names, types = given.get("extension_properties"), given["extension_types"]
    if names is None or (isinstance(types, list) and "toplevel-property-extension" in types):
        return FINE
    return under("extension_properties", refused(sentences.TOP_LEVEL, names))


SHAPES: Mapping[str, Shape] = {
    "language-content": shape(
        "object_ref contents",
        times="object_modified",
        object_ref=ref_but("language-content", BUNDLE),
        contents=lambda value: shallow(value) or _contents(value),
    ),
    "marking-definition": shape(
        "",
        some("definition definition_type extensions"),
        needs("definition", "definition_type"),
        needs("definition_type", "definition"),
        _defined,
        _circular,
        text="name definition_type",
        definition=_open,
    ),
    "extension-definition": shape(
        "created_by_ref name schema version extension_types",
        _top_level,
        text="name description schema version",
        texts="extension_properties",
        extension_types=listed(one_of(EXTENSION_TYPES)),
    ),
}
