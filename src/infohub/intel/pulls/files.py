"""Pulls a source that is one file: news feeds, the catalogue of exploited vulnerabilities, lists of values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import cast

from infohub.analysis.extract import finding_of
from infohub.intel.models import Source
from infohub.intel.models.sources import Cursor
from infohub.intel.pulls.asking import AT_ONCE, Asker, Batch, unreadable
from infohub.standards.feeds import kev, lists, rss
from infohub.standards.feeds.fields import refused
from infohub.standards.feeds.lists import Value
from infohub.standards.feeds.objects import Stix, made
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.stix21.patterns import pattern
from infohub.standards.stix21.timestamp import milliseconds
from infohub.standards.targets import target_of
from infohub.support import clock
from infohub.support.outbound import Answer

_NO_INDICATOR = Problem("", "this is no address, name, link or file hash that STIX has a word for")
SENTENCES = (_NO_INDICATOR.message,)

Given = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: so many things, of which any part can be made into objects, and what was lost on reading."""

    number: int
    part: Callable[[int, int], tuple[Sequence[Stix], Sequence[Line]]]
    lines: Sequence[Line]


def pull(asker: Asker, source: Source, *, read: Callable[[bytes, Source], Content]) -> Iterator[Batch]:
    """The objects of the file, unless it is the one of last time.

    Where a turn ends inside a file, the cursor says how far it came and in which file; the next turn goes on there.
    """
    cursor = source.cursor
    answer = asker.ask(source.url, accept="*/*", headers=_conditions(cursor))
    if answer.status == 304:
        yield Batch((), cursor)
        return
    digest = hashlib.sha256(answer.body).hexdigest()
    is_same = cursor.get("sha256") == digest
    if is_same and "done" not in cursor:
        yield Batch((), _end(answer, digest))
        return
    content, begin = read(answer.body, source), _number(cursor) if is_same else 0
    for start in range(begin, max(content.number, begin + 1), AT_ONCE):
        objects, lines = content.part(start, start + AT_ONCE)
        is_last = start + AT_ONCE >= content.number
        covered: Cursor = _end(answer, digest) if is_last else {"sha256": digest, "done": start + AT_ONCE}
        told = [*(content.lines if start == 0 else ()), *lines]
        yield Batch(cast(Sequence[Given], objects), covered, told, ours=True)


def of_news(raw: bytes, source: Source) -> Content:
    """A report for each entry of a news feed, which is called after its host."""
    target = target_of(source.url)
    found = rss.read(raw, url=source.url, name=target.host if target else source.url, now=clock.now())
    if isinstance(found, Problem):
        raise unreadable(found)
    return _made(found.objects, found.lines)


def of_exploited(raw: bytes, _source: Source) -> Content:
    """A vulnerability for each entry of the catalogue."""
    found = kev.read(raw)
    if isinstance(found, Problem):
        raise unreadable(found)
    return _made(found.objects, found.lines)


def of_values(raw: bytes, source: Source) -> Content:
    """An indicator for each value of a list."""
    column = source.part.strip()
    found = lists.read(raw, column=(int(column) if column.isdecimal() else column) or None)
    if isinstance(found, Problem):
        raise unreadable(found)
    return Content(len(found.values), partial(_indicators, source, found.values), found.lines)


def _made(objects: Sequence[Stix], lines: Sequence[Line]) -> Content:
    return Content(len(objects), lambda start, end: (objects[start:end], ()), lines)


def _indicators(source: Source, values: Sequence[Value], start: int, end: int) -> tuple[list[Stix], list[Line]]:
    """Indicators of some of the values; they count from the moment they are first seen in the list."""
    at = clock.now()
    objects: dict[str, Stix] = {}
    lines: list[Line] = []
    for value in values[start:end]:
        found = _pattern(value.value)
        if isinstance(found, Problem):
            lines.append(refused(f"line {value.line}", [found]))
            continue
        one = _indicator(source, value.value, found, at)
        objects.setdefault(str(one["id"]), one)
    return list(objects.values()), lines


def _indicator(source: Source, value: str, looks_for: str, at: datetime) -> Stix:
    return made(
        "indicator",
        f"list {source.uuid} {looks_for}",
        created=at,
        modified=at,
        name=value[:300],
        indicator_types=["unknown"],
        pattern=looks_for,
        pattern_type="stix",
        valid_from=milliseconds(at),
    )


def _pattern(value: str) -> str | Problem:
    """The STIX pattern that finds a value; a network in its own spelling, as analysis knows addresses alone."""
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        finding = finding_of(value)
        found = pattern(finding.kind.value, finding.value) if finding else ""
        return found or Problem(_NO_INDICATOR.path, _NO_INDICATOR.message, value[:80])
    return _of_network(network)


def _of_network(network: IPv4Network | IPv6Network) -> str:
    written = str(network.network_address) if network.num_addresses == 1 else str(network)
    return f"[ipv{network.version}-addr:value = '{written}']"


def _conditions(cursor: Cursor) -> dict[str, str]:
    """What asks only for a file that is not the one of last time; nothing while it is not read to its end."""
    told = {} if "done" in cursor else {"If-None-Match": "etag", "If-Modified-Since": "modified"}
    return {header: str(cursor[name]) for header, name in told.items() if cursor.get(name)}


def _end(answer: Answer, digest: str) -> Cursor:
    validators = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
    return {"sha256": digest, **{name: said for name, said in validators.items() if 0 < len(said) < 1000}}


def _number(cursor: Cursor) -> int:
    value = cursor.get("done")
    return value if isinstance(value, int) else 0
