"""Events: what is gathered, as MISP reads it. What an event's line in a feed needs is kept for the next request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from django.conf import settings

from infohub.intel.gathering import Gathered, Gathering, texts
from infohub.sharing.stix import programme_author
from infohub.standards.misp.feed import event_file, hash_lines, manifest_entry
from infohub.standards.misp.finding import words_of
from infohub.standards.misp.recall import taken_back
from infohub.standards.misp.writing import Cover, write_event
from infohub.standards.stix21.render import Author

AT_ONCE = 5_000
"""Objects whose texts are in memory together."""
MOST_KEPT = 50_000

Event = dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """What lists say of an event: its JSON in a manifest, its lines of `hashes.csv`, its words; empty for none."""

    entry: bytes
    hashes: bytes
    words: frozenset[str] = frozenset()

    @property
    def told(self) -> Mapping[str, object]:
        return cast(Mapping[str, object], orjson.loads(self.entry))


_NONE = Known(b"", b"")
_kept: dict[str, Known] = {}


def known(gathering: Gathering, author: Author) -> dict[UUID, Known]:
    """What lists say of these events, in their order."""
    parts = gathering.parts.values()
    names = {one.uuid: _name(one, author) for one in parts}
    found = {one.uuid: _kept.get(names[one.uuid]) for one in parts}
    lacking = [one for one in parts if found[one.uuid] is None]
    if len(_kept) + len(lacking) > MOST_KEPT:
        _kept.clear()
    for one, event in _written(lacking, author):
        found[one.uuid] = _kept[names[one.uuid]] = _known(event)
    return {uuid: line for uuid, line in found.items() if line is not None and line.entry}


def events(parts: Iterable[Gathered], author: Author) -> Iterator[Event]:
    """These events, `Event` and all; one with nothing to say is none."""
    for _one, event in _written(list(parts), author):
        if event is not None:
            yield event


def programme() -> Author:
    """Who stands for what no report holds together."""
    return programme_author() or Author(uuid5(NAMESPACE_URL, settings.BASE_URL), settings.SITE_NAME, ())


def version(author: Author) -> str:
    """What an event depends on beside what is gathered in it."""
    return f"{settings.VERSION} {author.uuid} {author.name}"


def _name(one: Gathered, author: Author) -> str:
    return f"{one.digest} {author.uuid} {author.name}"


def _known(event: Event | None) -> Known:
    if event is None:
        return _NONE
    _uuid, entry = manifest_entry(event, event_file(event))
    told = cast(Mapping[str, object], event["Event"])
    more = {"publish_timestamp": told["publish_timestamp"], "published": told["published"]}
    return Known(orjson.dumps(entry | more), "".join(hash_lines(event)).encode(), words_of(told))


def _written(parts: Sequence[Gathered], author: Author) -> Iterator[tuple[Gathered, Event | None]]:
    for some in _in_portions(parts):
        given = texts([key for one in some for key in one.objects])
        for one in some:
            yield one, _event(one, given, author)


def _in_portions(parts: Sequence[Gathered]) -> Iterator[list[Gathered]]:
    portion: list[Gathered] = []
    size = 0
    for one in parts:
        if portion and size + len(one.objects) > AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append(one)
        size += len(one.objects)
    if portion:
        yield portion


def _event(one: Gathered, given: Mapping[int, str], author: Author) -> Event | None:
    """The event; none where something of it has just gone, or where MISP has no word for anything in it."""
    if not all(key in given for key in one.objects):
        return None
    objects = {key: _itself(cast(dict[str, object], orjson.loads(given[key]))) for key in one.objects}
    if one.report is not None:
        objects[one.report] = _called(objects[one.report], one.uuid)
    report = objects[one.report] if one.report is not None else None
    cover = Cover(one.uuid, one.name, one.tlp, author.name, author.uuid, one.late or author.modified)
    written = write_event(report, objects.values(), cover=cover).event
    if written is None:
        return None
    told = cast(Event, written["Event"])
    if one.late is not None:
        told["timestamp"] = str(max(int(str(told["timestamp"])), int(one.late.timestamp())))
    if report is not None and report.get("revoked") is True:
        told = taken_back(told)
    elif report is None and not any(told[name] for name in ("Attribute", "Object", "EventReport")):
        return None
    return {"Event": told}


def _itself(given: dict[str, object]) -> dict[str, object]:
    """An object as it is; an identity under its own id alone, for by another it could pose as any organisation."""
    return {name: part for name, part in given.items() if name != "x_misp_uuid" or given["type"] != "identity"}


def _called(report: Mapping[str, object], uuid: UUID) -> dict[str, object]:
    """The report under the name of its event, whatever it says itself: by another name it could pose as any other."""
    return {name: part for name, part in report.items() if name != "x_misp_uuid"} | {"id": f"report--{uuid}"}
