"""The value of an attribute as a STIX pattern with its observables, and the way back from observables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from infohub.standards.stix21.canonical import Json
from infohub.standards.stix21.patterns import Observable, observables, pattern

from .comparisons import LONGEST_PATTERN, Comparison, comparisons, pattern_of, plain
from .fields import Given
from .kinds import RESOLVED, TYPES
from .legal import Value, address, host

_STEP = re.compile(r"'([^']+)'|([^.']+)")
_LABEL = re.compile(r"(?!-)(?!..--)(?:(?!_)[\w-])+(?<!-)\Z|xn--")
_SCHEMELESS_HOST = re.compile(r"[^/?#:@]+")
_NEEDED: Mapping[str, Mapping[str, Json]] = {"email-message": {"is_multipart": False}}
_OF_EVERY_OBSERVABLE = frozenset({"type", "id", "spec_version", "defanged"})
_PROTOCOLS = {"ipv4-addr": "ipv4", "ipv6-addr": "ipv6", "domain-name": "ip"}


class Said(NamedTuple):
    """A value in STIX: the pattern that finds it, all its observables, and which of those are the thing itself."""

    pattern: str
    observables: tuple[Observable, ...]
    found: tuple[Observable, ...]


def said(kind: str, value: str) -> Said | None:
    """A value of a MISP type in STIX; None where STIX has no word for the type, or the value is not of its type."""
    compared = comparisons(kind, value)
    if compared:
        made = Said(pattern_of(compared), *_observables(compared))
    elif kind in TYPES and TYPES[kind].paths == ("url:value",) and _starts_with_host(value):
        there = tuple(filter(_legal, observables("url", value)))
        made = Said(pattern("url", value), there, there)
    else:
        return None
    return made if len(made.pattern) <= LONGEST_PATTERN else None


def compared_of(given: Given, others: Mapping[str, Given]) -> Iterator[Comparison]:
    """What a pattern compares to find an observable of somebody else; `others`, by id, are what it may refer to."""
    kind = given.get("type")
    for name, value in given.items():
        for path, one in _leaves(name, value, others):
            yield Comparison(plain(f"{kind}:{path}"), one)


def _leaves(name: str, value: object, others: Mapping[str, Given]) -> Iterator[tuple[str, Value]]:
    if name.endswith("_ref"):
        told = others.get(str(value), {})
        yield from ((f"{name}.{step}", one) for step in ("value", "path") if isinstance(one := told.get(step), str))
    elif name == "hashes" and isinstance(value, Mapping):
        yield from ((f"{name}.'{step}'", one) for step, one in value.items() if isinstance(one, str))
    elif isinstance(value, str | int) and not isinstance(value, bool) and name not in _OF_EVERY_OBSERVABLE:
        yield name, value


def _starts_with_host(address_without_scheme: str) -> bool:
    found = _SCHEMELESS_HOST.match(address_without_scheme)
    return "://" not in address_without_scheme and found is not None and bool(host(found[0]) or address(found[0]))


def _observables(compared: Sequence[Comparison]) -> tuple[tuple[Observable, ...], tuple[Observable, ...]]:
    """All observables that are compared, and those among them that are the thing; none where one cannot stand alone."""
    referred: list[Observable] = []
    made: dict[str, dict[str, Json]] = {}
    for path, value in compared:
        if path == RESOLVED:  # a fact of its own: what a name leads to changes, and the name stays the same thing
            address_now = _target("value", str(value))
            made[address_now.kind] = dict(address_now.properties)
            continue
        kind, _, rest = path.partition(":")
        first, *inner = [quoted or bare for quoted, bare in _STEP.findall(rest)]
        if first == "extensions":
            return (), ()
        properties = made.setdefault(kind, dict(_NEEDED.get(kind, {})))
        if first.endswith("_ref"):
            target = _target(inner[0], str(value))
            referred.append(target)
            properties[first] = target.id
            if kind == "network-traffic":
                properties["protocols"] = [_PROTOCOLS[target.kind]]
        elif first == "values[*]":
            properties["values"] = [{inner[0]: value}]
        else:
            properties[first] = {inner[0]: value} if inner else value
    found = tuple(Observable(kind, properties) for kind, properties in made.items())
    return ((*referred, *found), found) if all(map(_legal, (*referred, *found))) else ((), ())


def _legal(one: Observable) -> bool:
    """Whether the standard lets it stand alone: one may look for hosts that no registry takes (`a_b.example`)."""
    return one.kind != "domain-name" or all(map(_LABEL.match, str(one.properties["value"]).split(".")))


def _target(step: str, value: str) -> Observable:
    if step == "path":
        return Observable("directory", {"path": value})
    if address(value) is None:
        return Observable("domain-name", {"value": value})
    return Observable(f"ipv{6 if ':' in value else 4}-addr", {"value": value})
