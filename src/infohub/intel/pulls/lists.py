"""Pulls a plain list of values: an indicator for each, which ends when the list holds its value no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import cast

import orjson
from django.conf import settings
from django.db.models import QuerySet

from infohub.analysis.extract import finding_of
from infohub.intel.lasting import usual_life
from infohub.intel.models import Placement, Source
from infohub.intel.pulls import files
from infohub.intel.pulls.asking import AT_ONCE, Asker, Batch, unreadable
from infohub.intel.pulls.files import Content, Part, shrunk
from infohub.standards.feeds import lists
from infohub.standards.feeds.fields import refused
from infohub.standards.feeds.lists import Value
from infohub.standards.feeds.objects import Stix, made, made_id
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.stix21.patterns import pattern
from infohub.standards.stix21.sought import sought
from infohub.standards.stix21.timestamp import milliseconds, moment_of
from infohub.support import clock

LONGEST_NAME = 300
_NO_INDICATOR = Problem("", "this is no address, name, link or file hash that STIX has a word for")
SENTENCES = (_NO_INDICATOR.message,)


def pull(asker: Asker, source: Source) -> Iterator[Batch]:
    """What the list comes to, and then a new version of what it has held for half its usual life."""
    cursor = source.cursor
    for batch in files.pull(asker, source, read=of_values):
        yield batch
        cursor = batch.cursor
    for objects in _renewals(source, clock.now()):  # not as `ours`, which leaves out what only has another date
        yield Batch(cast(Sequence[Mapping[str, Json]], objects), cursor)


def of_values(raw: bytes, source: Source) -> Content:
    """The values of a list that are not here yet, and the end of those that it holds no more."""
    column = source.part.strip()
    found = lists.read(raw, column=(int(column) if column.isdecimal() else column) or None)
    if isinstance(found, Problem):
        raise unreadable(found)
    compared = _Compared(source, found.values)
    return Content(len(found.values), compared.part, found.lines, has_shrunk=compared.has_shrunk, rest=compared.endings)


class _Compared:
    """A list beside what the source has here that still counts.

    They are compared by the spelling of the list first, which is the name of the indicator: to find out what a value
    is takes ten times as long, and few are new. One that is spelt anew is found by its pattern.
    """

    def __init__(self, source: Source, values: Sequence[Value]) -> None:
        self.source, self.values = source, values
        self.here = dict(_counting(source))
        self.listed = {self.here[one.value] for one in values if one.value in self.here}
        """The ids of the indicators whose values were met in the list so far."""

    def has_shrunk(self) -> int | None:
        """How many values counted, where the list has less than half as many that could."""
        before, number = len(self.here), len(self.listed)
        for one in self.values:
            if number * 2 >= before:
                break
            number += one.value not in self.here and not isinstance(_pattern(one.value), Problem)
        return shrunk(before, number)

    def part(self, start: int, until: int) -> Part:
        """Indicators of some of the values; they count from the moment they are first seen in the list."""
        at = clock.now()
        objects: list[Stix] = []
        lines: list[Line] = []
        for one in self.values[start:until]:
            if one.value in self.here:
                continue
            looks_for = _pattern(one.value)
            if isinstance(looks_for, Problem):
                lines.append(refused(f"line {one.line}", [looks_for]))
            elif (identifier := _id(self.source, looks_for)) not in self.listed:
                self.listed.add(identifier)
                objects.append(_indicator(self.source, one.value, looks_for, at))
        return Part(objects, lines)

    def endings(self) -> Iterator[Part]:
        """The last version of the indicators whose values are gone; should one come back, it has a version more."""
        for one in self.values:  # what earlier turns kept is in the list, too, in whatever spelling
            if one.value not in self.here and not isinstance(looks_for := _pattern(one.value), Problem):
                self.listed.add(_id(self.source, looks_for))
        gone = [identifier for identifier in self.here.values() if identifier not in self.listed]
        for start in range(0, len(gone), AT_ONCE):
            yield Part([_ended(raw, clock.now()) for raw in _raws(self.source, gone[start : start + AT_ONCE])])


def _renewals(source: Source, at: datetime) -> Iterator[list[Stix]]:
    """Without a new version, what a list still holds would end like what nobody has spoken of since."""
    shortest = min(settings.INDICATOR_DAYS.values(), default=0)
    rows = _without_end(source).filter(date_added__lt=at - timedelta(days=shortest) / 2)
    old = rows.exclude(object__raw__contains="[file:hashes").order_by("date_added")  # these last
    due = [
        key for key, since, raw in old.values_list("stix_id", "date_added", "object__raw") if _is_due(raw, since, at)
    ]
    for start in range(0, len(due), AT_ONCE):
        raws = _raws(source, due[start : start + AT_ONCE])
        yield [{**raw, "modified": milliseconds(at)} for raw in raws]


def _is_due(raw: str, since: datetime, at: datetime) -> bool:
    life = usual_life(one.kind for one in sought(orjson.loads(raw)))
    return life is not None and since + life / 2 < at


def _counting(source: Source) -> Iterator[tuple[str, str]]:
    """Name and id of the source's indicators that have no end; of a name that was cut nobody knows the value."""
    rows = _without_end(source)
    for stix_id, raw in rows.values_list("stix_id", "object__raw").iterator(chunk_size=10_000):
        name = str(orjson.loads(raw).get("name", ""))
        yield (name if len(name) < LONGEST_NAME else stix_id), stix_id


def _without_end(source: Source) -> QuerySet[Placement]:
    return _newest(source).filter(object__valid_until=None, object__revoked=False)


def _raws(source: Source, ids: Sequence[str]) -> list[Mapping[str, object]]:
    rows = _newest(source).filter(stix_id__in=ids).values_list("object__raw", flat=True)
    return [orjson.loads(raw) for raw in rows]


def _newest(source: Source) -> QuerySet[Placement]:
    return Placement.objects.filter(
        collection=source.collection_id, source=source.placing, type="indicator", is_newest=True
    )


def _indicator(source: Source, value: str, looks_for: str, at: datetime) -> Stix:
    return made(
        "indicator",
        _key(source, looks_for),
        created=at,
        modified=at,
        name=value[:LONGEST_NAME],
        indicator_types=["unknown"],
        pattern=looks_for,
        pattern_type="stix",
        valid_from=milliseconds(at),
    )


def _ended(raw: Mapping[str, object], at: datetime) -> Mapping[str, object]:
    """The indicator with an end, which the standard wants later than its beginning."""
    begun = moment_of(str(raw["valid_from"])) or at
    return {**raw, "valid_until": milliseconds(max(at, begun + timedelta(milliseconds=1)))}


def _id(source: Source, looks_for: str) -> str:
    return made_id("indicator", _key(source, looks_for))


def _key(source: Source, looks_for: str) -> str:
    return f"list {source.uuid} {looks_for}"


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
