"""Whether an object is STIX 2.1 (OASIS Standard, 10 June 2021), and what to change where it is not.

Every property of the standard's types is checked: its data type (section 2), the common properties (section 3.2), the
types of section 4 to 7 with their rules. Types and properties that are not the standard's are kept and never refused
(section 11), as long as their names are names and their values are not nested without end; a pattern is only measured.

Four of the standard's demands are not made, because objects that break them are everywhere and harm nobody: base64
without a gap (its own examples shorten it), web addresses with every sign encoded, random ids of observables that have
nothing an id could follow from, and milliseconds in `created` and `modified` (section 3.2). What says that it is
defanged may be spelt so (section 3.2).
"""

from collections.abc import Mapping

from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem

from . import domain, meta, observables, sentences
from .properties import ANYWHERE, own_id, selected
from .shape import Rule, Shape, judged, not_before
from .values import FINE, Problems, refused, text, time, under
from .vocabulary import BUNDLE

_REQUIRED = frozenset({"type", "spec_version", "id", "created"})
_rules = (not_before("created", "modified"), selected)


def problems_of(given: Mapping[str, Json]) -> tuple[Problem, ...]:
    """What is wrong with an object, at most twenty problems; nothing where it is valid."""
    kind = given.get("type")
    judge = _JUDGES.get(kind) if isinstance(kind, str) else None
    problems = (judge or _custom)(given)
    if problems and given.get("defanged") is True:
        return tuple(problem for problem in problems if problem.path != "value")
    return problems


def _versioned(kind: str, own: Shape) -> Rule:
    """Domain, relationship and meta objects; all but markings have versions."""
    required = _REQUIRED if kind == "marking-definition" else _REQUIRED | {"modified"}
    times = {"created": time, "modified": time}
    return judged(_whole(kind, Shape({**times, **own.properties}, required | own.required, own.rules)))


def _observable(kind: str, own: Shape) -> Rule:
    return judged(_whole(kind, Shape(own.properties, own.required | {"type", "id"}, own.rules)))


def _whole(kind: str, own: Shape) -> Shape:
    anywhere = {**ANYWHERE, "type": text, "id": own_id(kind)}
    return Shape({**anywhere, **own.properties}, own.required, (*_rules, *own.rules))


def _of_its_type(given: Mapping[str, Json]) -> Problems:
    """The id of an object whose type nobody knows in advance."""
    identifier = str(given["id"])
    own = identifier[: -len("--") - 36] == given["type"]
    return FINE if own else under("id", refused(sentences.ID, identifier))


def _no_object(_given: Mapping[str, Json]) -> Problems:
    return under("type", refused(sentences.BUNDLE, BUNDLE))


_JUDGES: Mapping[str, Rule] = {
    BUNDLE: _no_object,
    **{kind: _versioned(kind, own) for kind, own in {**domain.SHAPES, **meta.SHAPES}.items()},
    **{kind: _observable(kind, own) for kind, own in observables.SHAPES.items()},
}
_custom = judged(Shape(ANYWHERE, frozenset({"type", "id"}), (_of_its_type, *_rules)))
