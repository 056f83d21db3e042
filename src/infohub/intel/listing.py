"""The values of a collection for lists that programs obey: what each indicator says, and whether it still counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import orjson

from infohub.intel.lasting import usual_end
from infohub.intel.models import Collection, Retraction
from infohub.intel.pulling import (
    APART,
    ORIGIN,
    REVOKED,
    SOURCE,
    STIX_ID,
    TEXT,
    TLP,
    VALID_UNTIL,
    Pulled,
    as_moment,
    as_truth,
    pull,
)
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
_COLUMNS = (STIX_ID, TLP, SOURCE, ORIGIN, APART, REVOKED, VALID_UNTIL, TEXT)


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
    false = set(Retraction.objects.values_list("collection_id", "stix_id", "source"))
    for row in _rows(viewer, collection, after=before):
        _added, stix_id, _tlp, source, origin, apart, *_rest = row
        called = (int(origin) if origin else collection.pk, stix_id.decode())
        is_false = (*called, source.decode()) in false or (not as_truth(apart) and (*called, "") in false)
        _note(found, row, is_false=is_false, at=at)
    return found


def _rows(viewer: Viewer, collection: Collection, *, after: datetime | None) -> Iterator[Pulled]:
    """Page by page, so that the texts of all of them are never here at once."""
    while True:
        page = pull(viewer, collection, Query(added_after=after, types=(INDICATOR,)), *_COLUMNS, most=_PAGE)
        yield from page.rows
        if not page.is_cut:
            return
        after = as_moment(page.rows[-1][0])


def _note(found: Listing, row: Pulled, *, is_false: bool, at: datetime) -> None:
    added, stix_id, tlp, source, _origin, _apart, revoked, until, text = row
    read = enough(orjson.loads(text))
    if isinstance(read, Problem):
        found.left.append((stix_id.decode(), read.message))
        return
    since, end = as_moment(added), as_moment(until) if until else None
    for one in read:
        lasts = end or usual_end([one.kind], since)
        ended = Ended.EXPIRED if lasts and lasts <= at else None
        ended = Ended.RETRACTED if is_false else Ended.REVOKED if as_truth(revoked) else ended
        value = Value(_kind(one), one.value, stix_id.decode(), Tlp(int(tlp)), source.decode(), since, lasts, ended)
        found.values.append(value)


def _kind(one: Sought) -> str:
    """A network is an address to whoever blocks it."""
    return ("ipv6" if ":" in one.value else "ipv4") if one.kind == "network" else one.kind
