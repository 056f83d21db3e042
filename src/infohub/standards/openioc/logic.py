"""The AND and OR of OpenIOC as STIX patterns: one for each way to be found, and a line for each item on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from infohub.standards.feeds.fields import done, refused
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.grammar import pattern_problem

from .comparing import Asked, compared, remark_of
from .remarks import Remark
from .terms import MUTEX, Sort
from .tree import Node

_GROUP, _ITEM = "Indicator", "IndicatorItem"


@dataclass(frozen=True, slots=True)
class Found:
    """One way to be found: a pattern or rule, the id of the element that says it, and its item if it is only one."""

    id: str
    path: str
    pattern: str
    language: str
    item: Asked | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a part of the tree comes to: a comparison of one object, or whole observations.

    `subject` is what one object has to be (the item's document and the type in STIX), empty where several may be
    meant. A `negative` one is met by nearly everything.
    """

    text: str
    subject: tuple[str, str] | None
    negative: bool
    is_observed: bool = False
    item: Asked | None = None


_Part = tuple[_Said | Problem, tuple[Line, ...]]


def ways(criteria: Node) -> Iterator[Found | tuple[Line, ...]]:
    """Each way to be found by itself, however OR is nested; or the lines of one that cannot be said."""
    for number, node in enumerate(criteria.each(_GROUP)):
        yield from _alternatives(node, f"{_GROUP}[{number}]")


def _alternatives(node: Node, path: str) -> Iterator[Found | tuple[Line, ...]]:
    if node.name == _GROUP and node.attribute("operator").upper() == "OR":
        parts = list(_inside(node, path))
        if not parts:
            yield (refused(_subject(node, path), [Problem(path, Remark.EMPTY)]),)
        for inner, place in parts:
            yield from _alternatives(inner, place)
        return
    said, lines = _rule(node, path) or _read(node, path)
    if not isinstance(said, Problem):
        wrong = _unsound(said, path)
        if wrong is None:
            language = _language(said)
            pattern = said.text if language != "stix" else _observation(said)
            yield Found(node.attribute("id"), path, pattern, language, said.item, lines)
            return
        lines = _given_up(lines, wrong)
    yield lines


def _unsound(said: _Said, path: str) -> Problem | None:
    """Why what is said is no pattern."""
    if _language(said) != "stix":
        return None
    if said.negative:
        return Problem(path, Remark.ABSENT)
    wrong = pattern_problem(_observation(said))
    return Problem(path, wrong.message, wrong.found) if wrong else None


def _language(said: _Said) -> str:
    term = said.item.term if said.item else None
    return term.path if term is not None and term.sort is Sort.RULE else "stix"


def _rule(node: Node, path: str) -> _Part | None:
    """A rule for another program, which is what it is."""
    asked = Asked.of(node)
    term = asked.term if node.name == _ITEM else None
    if term is None or term.sort is not Sort.RULE or not asked.value or asked.negated:
        return None
    return _Said(asked.value, None, negative=False, item=asked), (done(_subject(node, path), []),)


def _read(node: Node, path: str) -> _Part:
    """A part of the tree; what cannot be said of it is a problem, and every item has a line."""
    if node.name == _ITEM:
        return _item(node, path)
    operator, subject = node.attribute("operator").upper(), _subject(node, path)
    parts = [_read(inner, place) for inner, place in _inside(node, path)]
    lines = tuple(line for _said, some in parts for line in some)
    if not parts or operator not in {"AND", "OR"}:
        wrong = Problem(path, Remark.NO_OPERATOR if parts else Remark.EMPTY, operator[:80])
        return wrong, (*_given_up(lines, wrong), refused(subject, [wrong]))
    said = [one for one, _lines in parts if isinstance(one, _Said)]
    if operator == "OR" and said:
        return _either(said), lines
    both = _both(said) if len(said) == len(parts) else None
    if both is None:
        wrong = Problem(path, Remark.ABSENT if len(said) == len(parts) else Remark.WITH_REST)
        return wrong, _given_up(lines, wrong)
    return both, lines


def _item(node: Node, path: str) -> _Part:
    asked, subject = Asked.of(node), _subject(node, path)
    text = Remark.ALONE if asked.term is not None and asked.term.sort is Sort.RULE else compared(asked)
    if isinstance(text, Remark):
        problem = remark_of(asked, text, path)
        return problem, (refused(subject, [problem]),)
    remarks = [Problem(path, Remark.MUTEX)] if asked.search.lower() == MUTEX else []
    document = node.first("Context").attribute("document") or asked.search.partition("/")[0]
    kind = text.lstrip("(").partition(":")[0]
    return _Said(text, (document.lower(), kind), asked.negated, item=asked), (done(subject, remarks),)


def _either(said: Sequence[_Said]) -> _Said:
    """One of several; of different objects, or where one is observations, each by itself."""
    if len(said) == 1:
        return said[0]
    subjects = {one.subject for one in said}
    negative = any(one.negative for one in said)
    if len(subjects) == 1 and None not in subjects:
        return _Said(f"({' OR '.join(one.text for one in said)})", said[0].subject, negative)
    return _Said(f"({' OR '.join(map(_observation, said))})", None, negative, is_observed=True)


def _both(said: Sequence[_Said]) -> _Said | None:
    """All of them: what is said of one object in one observation; None where nothing there has to be of an object."""
    grouped = [list(some) for _subject, some in groupby(sorted(said, key=_order), key=lambda one: one.subject)]
    parts = [one for some in grouped for one in (some if some[0].subject is None else [_of_one(some)])]
    if len(parts) == 1:
        return parts[0]
    if any(one.negative for one in parts):
        return None
    return _Said(f"({' AND '.join(map(_observation, parts))})", None, negative=False, is_observed=True)


def _of_one(said: Sequence[_Said]) -> _Said:
    if len(said) == 1:
        return said[0]
    text = f"({' AND '.join(one.text for one in said)})"
    return _Said(text, said[0].subject, negative=all(one.negative for one in said))


def _order(one: _Said) -> tuple[str, str]:
    return one.subject or ("", "")


def _observation(said: _Said) -> str:
    if said.is_observed:
        return said.text
    text = said.text
    return f"[{text[1:-1] if _is_wrapped(text) else text}]"


def _is_wrapped(text: str) -> bool:
    """Whether the parentheses around are those of one join, which need not stand right inside brackets."""
    return text.startswith("(") and text.endswith(")")


def _given_up(lines: Sequence[Line], wrong: Problem) -> tuple[Line, ...]:
    """The lines of a part that is left out as a whole."""
    return tuple(line if line.outcome is Outcome.REFUSED else refused(line.subject, [wrong]) for line in lines)


def _inside(node: Node, path: str) -> Iterator[tuple[Node, str]]:
    """The items and groups of a group, with their places."""
    counts = {_GROUP: 0, _ITEM: 0}
    for inner in node.each(_GROUP, _ITEM):
        yield inner, f"{path}.{inner.name}[{counts[inner.name]}]"
        counts[inner.name] += 1


def _subject(node: Node, path: str) -> str:
    return node.attribute("id")[:300] or path
