"""Pulls a plain list of values: an indicator for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network

from infohub.analysis.extract import finding_of
from infohub.intel.models import Source
from infohub.intel.pulls.asking import unreadable
from infohub.intel.pulls.files import Content, Part
from infohub.standards.feeds import lists
from infohub.standards.feeds.fields import refused
from infohub.standards.feeds.lists import Value
from infohub.standards.feeds.objects import Stix, made
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.stix21.patterns import pattern
from infohub.standards.stix21.timestamp import milliseconds
from infohub.support import clock

_NO_INDICATOR = Problem("", "this is no address, name, link or file hash that STIX has a word for")
SENTENCES = (_NO_INDICATOR.message,)


def of_values(raw: bytes, source: Source) -> Content:
    """An indicator for each value of a list."""
    column = source.part.strip()
    found = lists.read(raw, column=(int(column) if column.isdecimal() else column) or None)
    if isinstance(found, Problem):
        raise unreadable(found)
    return Content(len(found.values), partial(_indicators, source, found.values), found.lines)


def _indicators(source: Source, values: Sequence[Value], start: int, end: int) -> Part:
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
    return Part(list(objects.values()), lines)


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
