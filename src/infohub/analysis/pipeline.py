"""Everything that is said of one text, put together: each thing once, without what people rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from infohub.analysis.assertions import Assertion, Subject

Stopped = frozenset[tuple[str, str]]
"""Subjects with names, in small letters, that people rejected."""

Span = tuple[int, int]
Reader = Callable[[str], Iterable[Assertion]]

NOTHING_STOPPED: Stopped = frozenset()


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads texts: models that were loaded, and rules. `version` changes with any of them."""

    version: str
    assertions: Sequence[Reader] = ()
    summary: Callable[[str], Sequence[Span]] | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is said of a text; the spans of `summary` are whole sentences of it, in the order of the text."""

    assertions: tuple[Assertion, ...] = ()
    summary: tuple[Span, ...] = ()


def analyse(text: str, readers: Readers, *, stopped: Stopped = NOTHING_STOPPED, title: int = 0) -> Analysis:
    """What all readers say; of what several say, what is surest counts. The first `title` characters sum nothing up."""
    best: dict[tuple[Subject, str], Assertion] = {}
    for read in readers.assertions:
        for one in read(text):
            if is_stopped(one, stopped):
                continue
            there = best.get((one.subject, one.value))
            if there is None or one.confidence > there.confidence:
                best[one.subject, one.value] = one
    ordered = sorted(best.values(), key=lambda one: (one.subject, -one.confidence, one.start, one.value))
    summary = readers.summary(text[title:]) if readers.summary else ()
    return Analysis(tuple(ordered), tuple((start + title, end + title) for start, end in summary))


def is_stopped(one: Assertion, stopped: Stopped) -> bool:
    """Whether people rejected its value or its name."""
    return (one.subject, one.value.casefold()) in stopped or (one.subject, one.name.casefold()) in stopped
