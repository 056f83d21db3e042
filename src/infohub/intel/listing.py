"""The values of a collection for lists that programs obey: what each indicator says, and whether it still counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

import orjson
from django.conf import settings

from infohub.intel.models import Collection, Retraction
from infohub.intel.pulling import STIX_ID, TEXT, Pulled, as_moment, pull, text_of
from infohub.policy.viewer import Viewer
from infohub.standards.problem import Problem
from infohub.standards.stix21.sought import enough
from infohub.standards.stix21.spelling import Sought
from infohub.standards.taxii21.filters import Query
from infohub.standards.tlp import Tlp

MOST = 100_000
"""Indicators that a list looks at: the newest."""

INDICATOR = "indicator"
_PAGE = 5_000
_COLUMNS = (STIX_ID, "p.tlp", "p.source", "p.origin_id", "o.revoked", "o.valid_until", TEXT)


class Ended(StrEnum):
    """Why a value counts no more in an object."""

    REVOKED = "revoked"
    RETRACTED = "retracted"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an indicator says; `source` is who brought the object, `ended` says why it does not count."""

    kind: str
    value: str
    stix_id: str
    tlp: Tlp
    source: str
    since: datetime
    until: datetime | None
    ended: Ended | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a reader is shown of a collection, the newest indicators last, in the order of their addition.

    `left` are the indicators that no list can hold, by id and reason; `is_cut` says that there are older ones.
    """

    values: list[Value] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    is_cut: bool = False


def listing(viewer: Viewer, collection: Collection, *, at: datetime, most: int = MOST) -> Listing:
    """What the reader is shown of it, up to the own ceiling: each indicator in its newest version."""
    newest = collection.shown_to(viewer).filter(type=INDICATOR).order_by("-date_added")
    before = newest.values_list("date_added", flat=True)[most : most + 1].first()
    found = Listing(is_cut=before is not None)
    false = set(Retraction.objects.values_list("collection_id", "stix_id"))
    for row in _rows(viewer, collection, after=before):
        origin = cast(int | str | None, row[4])
        is_false = (int(origin) if origin else collection.pk, str(row[1])) in false
        _note(found, row, is_false=is_false, at=at)
    return found


def _rows(viewer: Viewer, collection: Collection, *, after: datetime | None) -> Iterator[Pulled]:
    """Page by page, so that the texts of all of them are never here at once."""
    while True:
        rows = pull(viewer, collection, Query(added_after=after, types=(INDICATOR,)), *_COLUMNS, most=_PAGE)
        yield from rows
        if len(rows) < _PAGE:
            return
        after = as_moment(rows[-1][0])


def _note(found: Listing, row: Pulled, *, is_false: bool, at: datetime) -> None:
    added, stix_id, tlp, source, _origin, revoked, until, _text = row
    read = enough(orjson.loads(text_of(row)))
    if isinstance(read, Problem):
        found.left.append((str(stix_id), read.message))
        return
    since, end = as_moment(added), as_moment(until) if until else None
    for one in read:
        lasts = end or _usual_end(one, since)
        ended = Ended.EXPIRED if lasts and lasts <= at else None
        ended = Ended.RETRACTED if is_false else Ended.REVOKED if int(cast(str, revoked)) else ended
        level = Tlp(int(cast(str, tlp)))
        found.values.append(Value(_kind(one), one.value, str(stix_id), level, str(source), since, lasts, ended))


def _usual_end(one: Sought, since: datetime) -> datetime | None:
    """Where the object says no end: that of its kind, the same as in look-ups."""
    days = settings.INDICATOR_DAYS.get(one.kind)
    return since + timedelta(days=days) if days else None


def _kind(one: Sought) -> str:
    """A network is an address to whoever blocks it."""
    return ("ipv6" if ":" in one.value else "ipv4") if one.kind == "network" else one.kind
