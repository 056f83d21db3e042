"""What an object consists of: its properties, those it must have, and the rules between them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import le, lt
from typing import TypeAlias

from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem

from . import sentences
from .values import (
    FINE,
    MOST,
    SHOWN,
    Check,
    Problems,
    count,
    flag,
    hexadecimal,
    listed,
    matching,
    refused,
    shallow,
    text,
    time,
    under,
    whole,
)

Rule: TypeAlias = Callable[[Mapping[str, Json]], Problems]
"""Looks at several properties of an object whose single properties are all right."""

name_of_property = matching("[a-z0-9_]{1,250}", sentences.NAME)
_MISSING = {"spec_version": sentences.OLD}
texts = listed(text)


@dataclass(frozen=True, slots=True)
class Shape:
    """The properties of a kind of object with their checks, the names it cannot do without, and its rules."""

    properties: Mapping[str, Check]
    required: frozenset[str]
    rules: tuple[Rule, ...]


def shape(required: str = "", *rules: Rule, **properties: str | Check) -> Shape:
    """A shape from lists of names by type (`text="name description"`) and single properties with their check."""
    checks: dict[str, Check] = {}
    for word, given in properties.items():
        if isinstance(given, str):
            checks |= dict.fromkeys(given.split(), _PLAIN[word])
        else:
            checks[word] = given
    return Shape(checks, frozenset(required.split()), rules)


_PLAIN: Mapping[str, Check] = {
    "text": text,
    "texts": texts,
    "times": time,
    "flags": flag,
    "wholes": whole,
    "counts": count,
    "hexes": hexadecimal,
}


def judged(own: Shape) -> Rule:
    """What is wrong with an object of this shape. Rules are asked last, so that they may trust every property."""
    find, required, rules = own.properties.get, own.required, own.rules

    def judge(given: Mapping[str, Json]) -> Problems:
        problems = FINE
        for name, value in given.items():
            check = find(name)
            wrong = check(value) if check else name_of_property(name) or shallow(value)
            if wrong:
                problems += under(name, wrong)
                if len(problems) >= MOST:
                    return problems[:MOST]
        if not given.keys() >= required:
            problems += _missing(required - given.keys())
        if not problems:
            for rule in rules:
                problems += rule(given)
        return problems[:MOST]

    return judge


def part(required: str = "", *rules: Rule, **properties: str | Check) -> Check:
    """The check of an object within another."""
    judge = judged(shape(required, *rules, **properties))
    return lambda value: judge(value) if type(value) is dict else refused(sentences.OBJECT, value)


def any_part(required: str = "", **properties: str | Check) -> Check:
    """An object within another that has more to say than what is required of it."""
    own = shape(required, **properties)
    return part(required, some(" ".join(name for name in own.properties if name not in own.required)), **properties)


def _missing(names: Iterable[str]) -> Problems:
    return tuple(Problem(name, _MISSING.get(name, sentences.MISSING)) for name in sorted(names))


def some(names: str) -> Rule:
    """At least one of these properties is there."""
    wanted = names.split()
    problem = Problem("", sentences.SOME, ", ".join(wanted)[:SHOWN])
    return lambda given: (problem,) if given.keys().isdisjoint(wanted) else FINE


def one(names: str) -> Rule:
    """Exactly one of these properties is there."""
    wanted = names.split()
    problem = Problem("", sentences.ONE, ", ".join(wanted)[:SHOWN])
    return lambda given: FINE if sum(name in given for name in wanted) == 1 else (problem,)


def needs(name: str, others: str) -> Rule:
    """Where this property is, these others are too."""
    wanted = others.split()

    def rule(given: Mapping[str, Json]) -> Problems:
        if name not in given:
            return FINE
        return tuple(Problem(other, sentences.NEEDED, name) for other in wanted if other not in given)

    return rule


def not_before(first: str, second: str) -> Rule:
    """The second time, where both are given, is the first or later."""
    return _ordered(first, second, lt, sentences.NOT_BEFORE)


def after(first: str, second: str) -> Rule:
    """The second time, where both are given, is later than the first."""
    return _ordered(first, second, le, sentences.AFTER)


def _ordered(first: str, second: str, wrong: Callable[[str, str], bool], sentence: str) -> Rule:
    def rule(given: Mapping[str, Json]) -> Problems:
        if first in given and second in given and wrong(_moment(given[second]), _moment(given[first])):
            return under(second, refused(sentence, given[second]))
        return FINE

    return rule


def _moment(stamp: Json) -> str:
    """A form of a time stamp that sorts as time goes by, down to the last digit of its fraction."""
    stamp = str(stamp)[:-1]
    return stamp.rstrip("0").rstrip(".") if "." in stamp else stamp
