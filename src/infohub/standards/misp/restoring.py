"""One STIX object as attributes of a MISP event: what MISP said before is said again, everything else as it can be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .categories import CATEGORIES
from .comparisons import compared_in, type_of
from .facts import compared_of, said
from .fields import Given, rows, text, words
from .kinds import KINDS, NAMED, RULES, TYPES
from .remarks import Remark

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}\Z", re.IGNORECASE | re.ASCII)
_LANGUAGES = {language: kind for kind, language in RULES.items()}
_TYPE_OF_NAMED = {stix: kind for kind, stix in NAMED.items()}


class Value(NamedTuple):
    """A value for MISP, whether machines look for it, and what saying it so cost."""

    kind: str
    value: str
    wanted: bool = False
    remark: Remark | None = None
    found: str = ""
    comment: str = ""


def values_of(given: Given, others: Mapping[str, Given]) -> Iterator[Value]:
    """The values that an object comes to in MISP; none where MISP has no word for it."""
    kind = text(given, "type")
    if kind == "indicator":
        yield from _sought(given)
    elif kind == "observed-data":
        yield from _observed(given)
    elif kind == "note":
        yield from _noted(given)
    elif kind in _TYPE_OF_NAMED:
        yield _named(given)
    elif "created" in given:
        yield from _called(given)
    else:
        yield from _observable(given, others) or _called(given)


def typed(given: Given, kind: str) -> tuple[str, str, Remark | None]:
    """Type and category as MISP allows them together, the category of the given object first; or text."""
    category = text(given, "x_misp_category")
    if kind in CATEGORIES.get(category, ()):
        return kind, category, None
    if kind in TYPES:
        return kind, TYPES[kind].category, Remark.NO_MISP_CATEGORY if category else None
    return "text", "Other", Remark.NO_MISP_TYPE


def covered_by(given: Given, others: Mapping[str, Given]) -> tuple[str, ...]:
    """The observables that an object says itself or points at, so that they are not said again."""
    if text(given, "type") == "relationship" and text(given, "relationship_type") == "based-on":
        return (text(given, "target_ref"),) if text(given, "source_ref") in others else ()
    if text(given, "type") == "observed-data":
        return words(given, "object_refs") if next(_observed(given), None) else ()
    return () if "created" in given else tuple(str(value) for name, value in given.items() if name.endswith("_ref"))


def _sought(given: Given) -> Iterator[Value]:
    """What an indicator looks for. What MISP called it counts as long as the pattern still says the same."""
    pattern, language = text(given, "pattern"), text(given, "pattern_type") or "stix"
    called, name = text(given, "x_misp_type"), text(given, "name")
    if language != "stix" or called == "stix2-pattern":
        kind = _LANGUAGES.get(language)
        yield (
            Value(kind, pattern, wanted=True)
            if kind
            else Value("text", pattern, remark=Remark.NO_MISP_TYPE, found=language)
        )
        return
    there = said(called or "url", name)
    if there and there.pattern == pattern:
        yield Value(called or "url", name, wanted=True)
        return
    compared = compared_in(pattern)
    found = type_of(compared)
    if found is None:
        yield Value("stix2-pattern", pattern, wanted=True, remark=Remark.PATTERN_KEPT)
        yield from (Value(*part) for one in compared if (part := type_of([one])))
        return
    again = said(called, found[1]) if called else None
    yield Value(called if again and again.pattern == pattern else found[0], found[1], wanted=True)


def _observed(given: Given) -> Iterator[Value]:
    """A value that was observed, as long as it still is what the object refers to."""
    kind, value = text(given, "x_misp_type"), text(given, "x_misp_value")
    there = said(kind, value)
    if there and tuple(one.id for one in there.found) == words(given, "object_refs"):
        yield Value(kind, value)


def _noted(given: Given) -> Iterator[Value]:
    """A note that stands for a value; other notes are reports in words."""
    kind = text(given, "x_misp_type") or KINDS.get(text(given, "abstract").lower(), "")
    if kind and (content := text(given, "content")).strip():
        yield Value(kind, content)


def _named(given: Given) -> Value:
    kind, name = _TYPE_OF_NAMED[text(given, "type")], text(given, "name")
    if kind != "vulnerability" or text(given, "x_misp_type") or _CVE.match(name):
        return Value(kind, name) if name.strip() else Value(kind, text(given, "id"))
    for _, reference in rows(given, "external_references"):
        number = text(reference or {}, "external_id")
        if _CVE.match(number):
            return Value(kind, number, comment=name)
    return Value("text", name or text(given, "id"), remark=Remark.NO_MISP_TYPE, comment="vulnerability")


def _observable(given: Given, others: Mapping[str, Given]) -> list[Value]:
    """An observable as one value, or as one for each part that MISP has a type for."""
    compared = tuple(compared_of(given, others))
    whole = type_of(compared)
    if whole:
        return [Value(*whole)]
    parts = {one: type_of([one]) for one in compared}
    left = ", ".join(one.path for one, found in parts.items() if found is None)
    known = [Value(*found) for found in parts.values() if found]
    if known and left:
        known[0] = known[0]._replace(remark=Remark.PARTS_LEFT, found=left)
    return known


def _called(given: Given) -> list[Value]:
    """Whatever else carries a value for MISP, or has a name: that as text with its type beside it."""
    name, kind = text(given, "name"), text(given, "type")
    if value := text(given, "x_misp_value"):
        return [Value(text(given, "x_misp_type"), value)]
    return [Value("text", name, remark=Remark.NO_MISP_TYPE, found=kind, comment=kind)] if name.strip() else []
