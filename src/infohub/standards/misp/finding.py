"""Which events and attributes a question is about."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from .asking import Choice, Question
from .entries import Entry
from .fields import Given, flag, moment, part, rows, seconds, text


def event_meets(question: Question, told: Given, uuid: str) -> bool:
    """Whether an event is the one in everything but what is in it; `told` may be its line in a list."""
    maker = part(told, "Orgc")
    day = moment(told, "date")
    return (
        question.events.allows({uuid})
        and question.makers.allows({text(maker, "name"), text(maker, "uuid")})
        and question.event_changed.holds(seconds(told, "timestamp"))
        and question.published_at.holds(seconds(told, "publish_timestamp"))
        and question.since.holds(day)
        and question.until.holds(day)
        and question.published in {None, flag(told, "published")}
        and question.info in text(told, "info").casefold()
    )


def tags_of(given: Given) -> set[str]:
    return {text(row, "name") for _, row in rows(given, "Tag") if row}


def words_of(event: Given) -> frozenset[str]:
    """The types, categories and tags in an event, in one set."""
    every = list(attributes_of(event))
    kinds = {text(one, name) for one in every for name in ("type", "category")}
    return frozenset(kinds.union(tags_of(event), *map(tags_of, every)))


def may_have(question: Question, hashes: bytes, words: Collection[str]) -> bool:
    """Whether an event with these lines of `hashes.csv` and these words may have what is asked for."""
    named = (question.types.some, question.categories.some, question.tags.some)
    if any(some and some.isdisjoint(words) for some in named) or not question.tags.every.issubset(words):
        return False
    if not question.values.some or True in question.deleted:  # nothing deleted has a line
        return True
    parts = {part for value in question.values.some for part in (value, value.partition("|")[0])}
    return any(hashlib.md5(part.encode(), usedforsecurity=False).hexdigest().encode() in hashes for part in parts)


def attributes_of(event: Given) -> Iterator[Given]:
    """All attributes, those in objects too."""
    for holder in (event, *(row for _, row in rows(event, "Object") if row)):
        yield from (row for _, row in rows(holder, "Attribute") if row)


def found_in(question: Question, event: Given) -> Iterator[Given]:
    """The attributes that the question is about, of an event that `event_meets`."""
    above, uuid = tags_of(event), text(event, "uuid")
    for one in attributes_of(event):
        value = text(one, "value")
        if (
            flag(one, "deleted") in question.deleted
            and question.values.allows({value, *value.split("|")})
            and question.types.allows({text(one, "type")})
            and question.categories.allows({text(one, "category")})
            and question.tags.allows(above | tags_of(one))
            and question.uuids.allows({uuid, text(one, "uuid")})
            and question.changed.holds(seconds(one, "timestamp"))
            and question.to_ids in {None, flag(one, "to_ids")}
        ):
            yield one


def asks_inside(question: Question) -> bool:
    """Whether it takes more than the lines of lists to say which events are meant."""
    asked = (question.values, question.types, question.categories, question.tags, question.uuids)
    return any(one != Choice() for one in asked) or question.to_ids is not None


def whole_event_meets(question: Question, event: Given) -> bool:
    """Whether the question about events is about this one, of which `event_meets` holds."""
    every = list(attributes_of(event))
    tags = tags_of(event).union(*map(tags_of, every))
    uuids = {text(event, "uuid"), *(text(one, "uuid") for one in every)}
    if not (question.tags.allows(tags) and question.uuids.allows(uuids)):
        return False
    inside = replace(question, tags=Choice(), uuids=Choice())
    return not asks_inside(inside) or any(True for _ in found_in(inside, event))


def shown(event: Given, *, deleted: Iterable[bool], without: Iterable[str] = ()) -> Entry:
    """The inside of an event with what counts, what was taken back or both, and without some of its parts."""
    wanted, left_out = frozenset(deleted), frozenset(without)
    told: Entry = {name: value for name, value in event.items() if name not in left_out}
    for name in {"Attribute", "Object", "EventReport"} - left_out:
        told[name] = [_inside(row, wanted, left_out) for _, row in rows(event, name) if row and _is(row, wanted)]
    return told


def _inside(given: Given, wanted: frozenset[bool], left_out: frozenset[str]) -> Entry:
    told: Entry = {name: value for name, value in given.items() if name not in left_out}
    if "Attribute" in told:
        told["Attribute"] = [
            _inside(row, wanted, left_out) for _, row in rows(given, "Attribute") if row and _is(row, wanted)
        ]
    return told


def _is(row: Given, wanted: frozenset[bool]) -> bool:
    """An object is there also for what is deleted in it."""
    return flag(row, "deleted") in wanted or ("Attribute" in row and True in wanted)
