"""Keeps STIX objects: each text once, and what values it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar, cast

from infohub.intel import bulk
from infohub.intel.models import Observable, StixObject
from infohub.standards.stix21.parse import Stated

V = TypeVar("V")
_AT_ONCE = 500
_OBJECT = ("id", "stix_id", "type", "version", "spec_version", "creator", "revoked", "valid_until", "raw", "digest")
_OBSERVABLE = ("object_id", "kind", "value", "key", "upper")


def keep(objects: Sequence[Stated]) -> dict[str, int]:
    """The key of each object by its digest; a text that is already there is not stored again.

    Two transactions that meet with one new text: the later one fails on the digest, and its caller tries again.
    """
    wanted = {one.digest: one for one in objects}
    known = _known(wanted)
    new = [one for digest, one in wanted.items() if digest not in known]
    silent = _silent(
        {known[digest]: one.sought[0].value for digest, one in wanted.items() if one.sought and digest in known}
    )
    keys = known | dict(
        zip([one.digest for one in new], bulk.reserve(StixObject, len(new)) if new else (), strict=True)
    )
    if new:
        storing = bulk.storing()
        bulk.insert(StixObject, _OBJECT, (_row(keys[one.digest], one, storing) for one in new))
    spoken = [
        (keys[digest], sought.kind, sought.value, sought.key, sought.upper)
        for digest, one in wanted.items()
        if digest not in known or known[digest] in silent
        for sought in one.sought
    ]
    if spoken:
        bulk.insert(Observable, _OBSERVABLE, spoken)
    return keys


def _silent(first: Mapping[int, str]) -> set[int]:
    """Of objects with their first value, those of which none was noted: until now only a piece had them."""
    told: set[int] = set()
    for some in batches(sorted(set(first.values()))):
        told.update(Observable.objects.filter(value__in=some, object__in=first).values_list("object", flat=True))
    return first.keys() - told


def _known(digests: Iterable[str]) -> dict[str, int]:
    rows = bulk.select("SELECT digest, id FROM intel_stixobject WHERE digest", list(digests))
    return {str(digest): cast(int, key) for digest, key in rows}


def batches(values: Sequence[V]) -> Iterator[Sequence[V]]:
    """The values in parts that fit into one query."""
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _row(key: int, one: Stated, storing: Callable[[datetime], bulk.Value]) -> bulk.Row:
    until = storing(one.valid_until) if one.valid_until else None
    version = storing(one.version)
    return (key, one.id, one.type, version, one.spec_version, one.creator, one.revoked, until, one.raw, one.digest)
