"""Pulls a source that is one file: news feeds, what catalogues say of vulnerabilities, lists of values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from infohub.intel.models import Source
from infohub.intel.models.sources import ACCEPTED, Cursor
from infohub.intel.pulls.asking import AT_ONCE, Asker, Batch, PullError, Trouble, unreadable
from infohub.standards.feeds import rss
from infohub.standards.feeds.facts import Facts
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.targets import target_of
from infohub.support import clock
from infohub.support.outbound import Answer


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what a file comes to."""

    objects: Sequence[Mapping[str, object]] = ()
    lines: Sequence[Line] = ()
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: so many things, which are taken `step` by `step`, and what was lost on reading.

    `has_shrunk` is the number there was, where so much less is there now that somebody has to say that it is right.
    `rest` is what the whole of it comes to beside its parts, asked for when these are kept.
    """

    number: int
    part: Callable[[int, int], Part]
    lines: Sequence[Line] = ()
    step: int = AT_ONCE
    has_shrunk: Callable[[], int | None] = lambda: None
    rest: Callable[[], Iterable[Part]] = tuple


Read = Callable[[bytes, Source], Content]


def pull(asker: Asker, source: Source, *, read: Read) -> Iterator[Batch]:
    """What the file comes to, unless it is the one of last time.

    Where a turn ends inside a file, the cursor says how far it came and in which file; the next turn goes on there.
    """
    cursor = source.cursor
    answer = asker.ask(source.url, accept="*/*", headers=conditions(cursor))
    if answer.status == 304:
        yield Batch((), {name: said for name, said in cursor.items() if name != ACCEPTED})
        return
    digest = hashlib.sha256(answer.body).hexdigest()
    is_same = cursor.get("sha256") == digest
    if is_same and "done" not in cursor:
        yield Batch((), end(answer, digest))
        return
    content, begin = read(answer.body, source), _number(cursor) if is_same else 0
    if not is_same and not cursor.get(ACCEPTED):
        _demand_enough(content)
    lines = () if begin else content.lines
    for start in range(begin, content.number, content.step):
        done = min(start + content.step, content.number)
        part = content.part(start, done)
        if part.objects or part.lines or part.facts:
            yield _batch(part, {"sha256": digest, "done": done}, lines)
            lines = ()
    for part in content.rest():
        yield _batch(part, {"sha256": digest, "done": content.number}, lines)
        lines = ()
    yield Batch((), end(answer, digest), lines)


def of_news(raw: bytes, source: Source) -> Content:
    """A report for each entry of a news feed, which is called after its host."""
    target = target_of(source.url)
    found = rss.read(raw, url=source.url, name=target.host if target else source.url, now=clock.now())
    if isinstance(found, Problem):
        raise unreadable(found)
    return Content(len(found.objects), lambda start, until: Part(found.objects[start:until]), found.lines)


def shrunk(before: int, now: int) -> int | None:
    """How many there were, where nothing is left of them or less than half."""
    return before if before and now * 2 < before else None


def conditions(cursor: Cursor) -> dict[str, str]:
    """What asks only for a file that is not the one of last time; nothing while it is not read to its end."""
    told = {} if "done" in cursor else {"If-None-Match": "etag", "If-Modified-Since": "modified"}
    return {header: str(cursor[name]) for header, name in told.items() if cursor.get(name)}


def end(answer: Answer, digest: str) -> Cursor:
    """The cursor behind a file that was read to its end."""
    validators = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
    return {"sha256": digest, **{name: said for name, said in validators.items() if 0 < len(said) < 1000}}


def _demand_enough(content: Content) -> None:
    """Nothing is changed by a file that lost most of what it had: far more often it is broken than right."""
    before = content.has_shrunk()
    if before is not None:
        raise PullError(Trouble.SHRUNK, f"{before:,}")


def _batch(part: Part, cursor: Cursor, before: Sequence[Line]) -> Batch:
    objects = cast(Sequence[Mapping[str, Json]], part.objects)
    return Batch(objects, cursor, [*before, *part.lines], ours=True, facts=part.facts)


def _number(cursor: Cursor) -> int:
    value = cursor.get("done")
    return value if isinstance(value, int) else 0
