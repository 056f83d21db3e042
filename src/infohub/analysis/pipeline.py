"""Everything that is said of one text, put together: each thing once, without what people rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from infohub.analysis.assertions import Assertion, Subject
from infohub.analysis.document import Document

Stopped = frozenset[tuple[str, str]]
"""Subjects with names, in small letters, that people rejected."""

Span = tuple[int, int]
Reader = Callable[[Document], Iterable[Assertion]]

Sectors = Mapping[str, Mapping[str, str]]
"""Of each sector that a text may name the programme's own that cover it: what they are called, by their keys."""

NOTHING_STOPPED: Stopped = frozenset()


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads texts: models that were loaded, and rules. `version` changes with any of them.

    `summary` is told where the text begins, after its title.
    """

    version: str
    assertions: Sequence[Reader] = ()
    summary: Callable[[Document, int], Sequence[Span]] | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is said of a text; the spans of `summary` are whole sentences of it, in the order of the text."""

    assertions: tuple[Assertion, ...] = ()
    summary: tuple[Span, ...] = ()


def analyse(
    document: Document,
    readers: Readers,
    *,
    stopped: Stopped = NOTHING_STOPPED,
    sectors: Sectors | None = None,
    title: int = 0,
) -> Analysis:
    """What all readers say; of what several say, what is surest counts. The first `title` characters sum nothing up.

    With `sectors` only those are said that the programme has, by its own keys.
    """
    best: dict[tuple[Subject, str], Assertion] = {}
    for one in (own for read in readers.assertions for said in read(document) for own in _owned(said, sectors)):
        if is_stopped(one, stopped):
            continue
        there = best.get((one.subject, one.value))
        if there is None or one.confidence > there.confidence:
            best[one.subject, one.value] = one
    ordered = sorted(best.values(), key=lambda one: (one.subject, -one.confidence, one.start, one.value))
    summary = readers.summary(document, title) if readers.summary else ()
    return Analysis(tuple(ordered), tuple(summary))


def _owned(one: Assertion, sectors: Sectors | None) -> Iterator[Assertion]:
    """The same; a sector as each of the programme's own that covers it."""
    if one.subject is not Subject.SECTOR or sectors is None:
        yield one
        return
    for key, name in sectors.get(one.value, {}).items():
        yield replace(one, value=key, name=name)


def is_stopped(one: Assertion, stopped: Stopped) -> bool:
    """Whether people rejected its value or its name."""
    return (one.subject, one.value.casefold()) in stopped or (one.subject, one.name.casefold()) in stopped
