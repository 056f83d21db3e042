"""Who speaks of a value: the objects that members and sources have added, as far as somebody may read them.

What belongs to a piece is looked up by the indicators of the piece, never here. The statements are written by hand, for
the reason that `pulling` gives; each begins at an index of the values, whatever else a database may think of.
"""

from __future__ import annotations

from collections.abc import Collection as Some
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import cast

import orjson
from django.conf import settings
from django.db import connection

from infohub.intel import bulk
from infohub.intel.lasting import usual_end
from infohub.intel.models import Collection
from infohub.intel.pulling import Moment, as_moment
from infohub.policy.lookups import among
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp

_FROM = (
    "FROM intel_observable o CROSS JOIN intel_placement p CROSS JOIN intel_stixobject s "
    "WHERE p.object_id = o.object_id AND s.id = o.object_id AND p.source NOT LIKE 'IH-%%'"
)
_RETRACTED = (
    "EXISTS (SELECT 1 FROM intel_retraction r WHERE r.collection_id = p.collection_id AND r.stix_id = p.stix_id "
    "AND (r.source = p.source OR r.source = '' AND NOT p.is_apart))"
)
_TWIN = "SELECT 1 FROM intel_placement t WHERE t.collection_id = p.collection_id AND t.stix_id = p.stix_id"

NETWORK, PARENT, SUBDOMAIN = "network", "parent", "subdomain"
_ADDRESSES = ("ipv4", "ipv6", "network")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The newest version that its reader is shown of an object that speaks of a value, in one collection.

    `valid_until` is what the object says, else the end of what its kind of value lasts (`INFOHUB_INDICATOR_DAYS`);
    `counts` says whether any object at all counts in which the value stands.
    """

    value: str
    stix_id: str
    type: str
    collection: Collection
    tlp: Tlp
    since: datetime
    valid_until: datetime | None
    revoked: bool
    retracted: bool
    counts: bool

    def is_past(self, at: datetime) -> bool:
        """Whether its time is over."""
        return self.valid_until is not None and self.valid_until <= at


@dataclass(frozen=True, slots=True)
class Near:
    """A value that lies around another, in so many objects that count; `relation` is what it is to the other."""

    value: str
    kind: str
    relation: str
    objects: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """How many objects of one collection speak of a value, and how many of them still count."""

    collection: Collection
    objects: int
    counting: int


@dataclass(frozen=True, slots=True)
class Shelves:
    """The collections in which a viewer may look, and up to which marking."""

    collections: dict[int, Collection]
    ceiling: int

    @classmethod
    def among(cls, viewer: Viewer, readable: Iterable[Collection]) -> Shelves:
        """Of the collections that the viewer may read. Where labels decide what is shown, nothing lies but pieces."""
        return cls({row.pk: row for row in readable if row.is_uniform}, viewer.ceiling.value)


Row = tuple[bulk.Value, ...]


def speaking(shelves: Shelves, values: Some[str], *, most: int, at: datetime) -> list[Spoken]:
    """Of each value so many objects at most, the newest first, in one query however many values there are."""
    counts, moments = _counting(at)
    shown, ids = _shown(shelves)
    wanted, sought = _among_texts("o.value", values)
    inner = (
        f"SELECT o.value, o.kind, p.stix_id, p.type, p.collection_id, p.tlp, p.date_added, s.valid_until, s.revoked, "
        f"{_RETRACTED} AS retracted, "
        f"CASE WHEN {counts} THEN 1 ELSE 0 END AS counts, p.id AS placement {_FROM} AND {wanted} AND {shown}"
    )
    rows = _rows(
        f"SELECT * FROM (SELECT c.*, row_number() OVER (PARTITION BY value ORDER BY date_added DESC, "  # noqa: S608
        f"placement DESC) AS place, max(counts) OVER (PARTITION BY value) FROM ({inner}) c) d "
        f"WHERE place <= {most:d} ORDER BY date_added DESC, placement DESC",
        [*moments, sought, ids],
    )
    return [_spoken(shelves, row) for row in rows]


def held(shelves: Shelves, value: str, *, at: datetime) -> list[Held]:
    """How much of each collection speaks of the value, in the order of the collections."""
    counts, moments = _counting(at)
    shown, ids = _shown(shelves)
    rows = _rows(
        f"SELECT p.collection_id, count(DISTINCT p.id), count(DISTINCT CASE WHEN {counts} THEN p.id END) "
        f"{_FROM} AND o.value = %s AND {shown} GROUP BY p.collection_id ORDER BY p.collection_id",
        [*moments, value, ids],
    )
    return [
        Held(shelves.collections[cast(int, pk)], cast(int, objects), cast(int, counting))
        for pk, objects, counting in rows
    ]


def around(shelves: Shelves, kind: str, value: str, *, most: int, at: datetime) -> list[Near]:
    """What counts around an address or a name: the networks it lies in, the names above it, those below it.

    The nearest above come first. Networks are few, so they are asked for by name: one look into an index for each.
    """
    if kind in _ADDRESSES:
        return _above(shelves, NETWORK, _networks(value), most=most, at=at)
    if kind != "domain":
        return []
    labels = value.split(".")
    above = [".".join(labels[place:]) for place in range(1, len(labels))]
    found = _above(shelves, PARENT, above, most=most, at=at)
    below = _below(shelves, labels, most=most, at=at) if len(labels) > 1 else []
    return (found + below)[:most]


def _networks(value: str) -> list[str]:
    """Every network that holds the address or network, the smallest first."""
    inner = ip_network(value, strict=False)
    return [str(inner.supernet(new_prefix=length)) for length in range(inner.prefixlen - 1, -1, -1)]


def _above(shelves: Shelves, relation: str, values: Sequence[str], *, most: int, at: datetime) -> list[Near]:
    wanted, sought = _among_texts("o.value", values)
    rows = _near(shelves, wanted, [sought], "GROUP BY o.value", relation=relation, at=at)
    places = {value: place for place, value in enumerate(values)}
    return sorted(rows, key=lambda near: places[near.value])[:most]


def _below(shelves: Shelves, labels: Sequence[str], *, most: int, at: datetime) -> list[Near]:
    """Along the index of keys, byte by byte whatever the database's language, until there are enough.

    Not for a name of one label: half of all there is may lie below it.
    """
    first = f"{'.'.join(reversed(labels))}."
    beyond = f"{first[:-1]}/"  # the sign after the full stop
    at_least, less, order = (">=", "<", "") if connection.vendor == "sqlite" else ("~>=~", "~<~", " USING ~<~")
    wanted = f"NOT (o.key = '') AND o.key {at_least} %s AND o.key {less} %s"
    grouped = f"GROUP BY o.key ORDER BY o.key{order} LIMIT {most:d}"
    return _near(shelves, wanted, [first, beyond], grouped, relation=SUBDOMAIN, at=at)


def _near(
    shelves: Shelves, wanted: str, sought: Sequence[bulk.Value], grouped: str, *, relation: str, at: datetime
) -> list[Near]:
    kind = "network" if relation == NETWORK else "domain"
    counts, moments = _counting(at)
    shown, ids = _shown(shelves)
    rows = _rows(
        f"SELECT max(o.value), count(DISTINCT p.stix_id), max(p.date_added) {_FROM} AND {wanted} AND o.kind = %s "
        f"AND {shown} AND {counts} {grouped}",
        [*sought, kind, ids, *moments],
    )
    return [
        Near(str(value), kind, relation, cast(int, objects), as_moment(cast(Moment, since)))
        for value, objects, since in rows
    ]


def _counting(at: datetime) -> tuple[str, list[bulk.Value]]:
    """Whether an object counts at this moment; one that says no end counts as long as its kind usually does."""
    days = settings.INDICATOR_DAYS
    kinds = " ".join("WHEN o.kind = %s THEN p.date_added > %s" for _ in days)
    lasts = f"CASE WHEN s.valid_until IS NOT NULL THEN s.valid_until > %s {kinds} ELSE TRUE END"
    since = [one for kind, number in days.items() for one in (kind, bulk.stored(at - timedelta(days=number)))]
    return f"(NOT s.revoked AND NOT {_RETRACTED} AND {lasts})", [bulk.stored(at), *since]


def _shown(shelves: Shelves) -> tuple[str, str]:
    """Of what lies on the shelves, the newest version that is shown, and each once.

    The plus keeps databases from beginning at the collection.
    """
    within = f"tlp <= {shelves.ceiling:d}"

    def stands(table: str) -> str:
        """Not what is apart, unless the first of the object that is shown is of the same source."""
        same = f"f.collection_id = {table}.collection_id AND f.stix_id = {table}.stix_id AND f.{within}"
        first = f"SELECT f.source FROM intel_placement f WHERE {same} ORDER BY f.is_apart, f.id LIMIT 1"  # noqa: S608
        return f"{table}.{within} AND (NOT {table}.is_apart OR {table}.source = ({first}))"

    rule, ids = among("+p.collection_id", list(shelves.collections), vendor=connection.vendor)
    return (
        f"{rule} AND {stands('p')} "
        f"AND (p.is_newest OR NOT EXISTS ({_TWIN} AND t.version > p.version AND {stands('t')})) "
        f"AND NOT (p.is_repeat AND EXISTS ({_TWIN} AND t.version = p.version AND t.id < p.id AND {stands('t')}))"
    ), ids


def _among_texts(column: str, texts: Some[str]) -> tuple[str, str]:
    """Membership in a list of texts that travels as one parameter."""
    listed = orjson.dumps(list(texts)).decode()
    if connection.vendor == "postgresql":
        return f"{column} = ANY(ARRAY(SELECT jsonb_array_elements_text(%s::jsonb)))", listed
    return f"{column} IN (SELECT value FROM json_each(%s))", listed  # noqa: S608  (a column)


def _rows(statement: str, parameters: Sequence[bulk.Value]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cast(list[Row], cursor.fetchall())


def _spoken(shelves: Shelves, row: Row) -> Spoken:
    value, kind, stix_id, of, collection, tlp, added, until, revoked, retracted, *_for_the_order, counts = row
    since = as_moment(cast(Moment, added))
    return Spoken(
        value=str(value),
        stix_id=str(stix_id),
        type=str(of),
        collection=shelves.collections[cast(int, collection)],
        tlp=Tlp(cast(int, tlp)),
        since=since,
        valid_until=as_moment(cast(Moment, until)) if until else usual_end([str(kind)], since),
        revoked=bool(revoked),
        retracted=bool(retracted),
        counts=bool(counts),
    )
