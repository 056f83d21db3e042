"""What a reader is shown, gathered: each report with what it speaks of, everything else by where and when it came.

Reports name ids, not rows, and in no index. So all that is shown is looked at, which takes a second for a hundred
thousand rows; the answer is kept under exactly the rows it was made from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import islice
from operator import or_
from threading import Lock
from typing import NamedTuple
from uuid import UUID, uuid5

import orjson
from django.db import connection
from django.db.models import Aggregate, CharField, F, Max, QuerySet, Value
from django.db.models.functions import Cast

from infohub.intel.actions.adding import PIECE
from infohub.intel.models import Collection, Placement, StixObject
from infohub.policy.lookups import Among
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp
from infohub.support.ids import keyed_digest

MOST_KEPT = 8
MOST_MENTIONS = 200_000
MOST_OF_A_REPORT, MOST_BASED = 20_000, 100
"""Objects of one report, and ties of one of them: who writes reports must not decide what a reader's pull costs."""
LARGEST = 2000
"""Objects of one source and day that are still one part: what comes later on that day makes another."""
_SPEAKING = ("report", "relationship", "sighting")
_BESIDE = frozenset({"identity", "marking-definition", "extension-definition", "language-content"})
"""They say something of other objects, and nothing alone."""
_TOGETHER = timedelta(seconds=1)
"""What one sender adds at once is dated within this time."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Objects that belong together, by the keys of their rows; two with the same digest are the same.

    `report` is one of them; without it `name` says where and on which day they came. `tlp` is the strictest level at
    which one is placed, `late` the moment at which the newest came, where it came after the report.
    """

    uuid: UUID
    report: int | None
    name: str
    objects: tuple[int, ...]
    tlp: Tlp
    late: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Gathering:
    """All that a reader is shown of some collections, in the order in which it began to come."""

    parts: Mapping[UUID, Gathered]
    newest: datetime | None


class _Row(NamedTuple):
    """A placement with what is needed of its object."""

    key: int
    stix_id: str
    type: str
    creator: str
    digest: str
    source: str
    collection: int
    tlp: int
    version: datetime
    added: datetime
    revoked: bool

    @property
    def lineage(self) -> tuple[str, int]:
        """Where it comes from: a piece, or somebody in one collection, also where it was spread from there.

        Rules judge versions within a lineage alone, so nothing of another stands for it or takes it along.
        """
        source, _, origin = self.source.partition("@")
        return (source, 0) if source.startswith(PIECE) else (source, int(origin or self.collection))


_COLUMNS = (
    *("object_id", "stix_id", "type", "object__creator", "object__digest"),
    *("source", "collection_id", "tlp", "version", "date_added", "object__revoked"),
)


_gathering = Lock()
_kept: dict[bytes, Gathering] = {}
_mentions: dict[str, tuple[str, ...]] = {}


def gathered(viewer: Viewer, collections: Sequence[Collection]) -> Gathering:
    """What the viewer is shown of these collections, which it may read; each object in its newest version there."""
    if not collections:
        return Gathering({}, None)
    rows = reduce(or_, (collection.shown_to(viewer) for collection in collections))
    state, newest = _state(rows)
    with _gathering:  # two that ask at once: the second finds what the first made
        found = _kept.pop(state, None) or Gathering({one.uuid: one for one in _gathered(rows, collections)}, newest)
        _kept[state] = found  # last in, last out
        while len(_kept) > MOST_KEPT:
            del _kept[next(iter(_kept))]
    return found


def texts(keys: Sequence[int]) -> dict[int, str]:
    """The objects of these keys as they were given."""
    return dict(StixObject.objects.filter(Among(F("pk"), keys)).values_list("pk", "raw"))


def _state(rows: QuerySet[Placement]) -> tuple[bytes, datetime | None]:
    """What the rows are, exactly: a placement changes in nothing but its level and its label, and these decide."""
    joined = Aggregate(
        Cast(F("pk") * 8 + F("tlp"), CharField()),
        Value(","),
        function="STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT",
        output_field=CharField(),
    )
    told = rows.aggregate(joined=joined, newest=Max("date_added"))
    return hashlib.sha256(f"{told['newest']} {told['joined']}".encode()).digest(), told["newest"]


def _gathered(rows: QuerySet[Placement], collections: Sequence[Collection]) -> Iterator[Gathered]:
    by_key = {collection.pk: collection for collection in collections}
    first: dict[str, _Row] = {}
    newest: dict[str, _Row] = {}
    for values in rows.order_by("date_added", "pk").values_list(*_COLUMNS):
        row = _Row(*values)
        first.setdefault(row.stix_id, row)
        known = newest.setdefault(row.stix_id, row)
        if row.version > known.version and row.lineage == known.lineage:
            newest[row.stix_id] = row
    belonging = _of_reports(first, newest)
    for report, ids in belonging.items():
        where = by_key[newest[report].collection]
        yield _one(newest[report], "", [newest[one] for one in ids], _uuid(report, where))
    taken = set().union(*belonging.values())
    loose: dict[tuple[int, str, str], list[_Row]] = {}
    for stix_id, began in first.items():
        if stix_id not in taken and began.type not in _BESIDE:
            day = began.added.date().isoformat()
            loose.setdefault((began.collection, began.source, day), []).append(newest[stix_id])
    for (key, source, day), some in loose.items():
        where = by_key[key]
        for number, portion in enumerate(_portions(some), start=1):
            part = f"{day} ({number})" if number > 1 else day
            # The source may be somebody's number here, which is nobody's business.
            yield _one(None, f"{where.alias} {part}", portion, uuid5(where.uuid, keyed_digest(f"{source} {part}")))


def _portions(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    return (rows[start : start + LARGEST] for start in range(0, len(rows), LARGEST))


def _uuid(report: str, where: Collection) -> UUID:
    """That of the report. An id in capitals is another id and the same UUID, so it gets one of its own."""
    written = report.partition("--")[2]
    return UUID(written) if written == written.lower() else uuid5(where.uuid, report)


def _of_reports(first: Mapping[str, _Row], newest: Mapping[str, _Row]) -> dict[str, set[str]]:
    """The ids that belong to each report: what it names, what that is based on, and all that a piece brought.

    What a piece took back its report no longer names; it is of no day, but of that report.
    """
    reports = [row for row in newest.values() if row.type == "report"]
    mentions = _mentioned([row for row in newest.values() if row.type in _SPEAKING])
    based: dict[str, list[str]] = {}
    for row in newest.values():
        if row.type == "relationship" and (ends := mentions[row.key]):
            based.setdefault(ends[0], []).extend((row.stix_id, *ends[1:]))
    found = {row.stix_id: {row.stix_id, *_belonging(row, mentions, based, newest)} for row in reports}
    sources = {row.stix_id: first[row.stix_id].source for row in reports}
    pieces = {source: stix_id for stix_id, source in sources.items() if source.startswith(PIECE)}
    taken = set().union(*found.values())
    for stix_id, row in first.items():
        if row.source in pieces and stix_id not in taken:
            found[pieces[row.source]].add(stix_id)
    return found


def _belonging(
    report: _Row, mentions: Mapping[int, tuple[str, ...]], based: Mapping[str, list[str]], newest: Mapping[str, _Row]
) -> Iterator[str]:
    """What is there of what a report names; one that was taken back takes along what is its own."""
    for one in islice(_around(report, mentions, based, newest), MOST_OF_A_REPORT):
        row = newest.get(one)
        if row is not None and (not report.revoked or row.lineage == report.lineage):
            yield one


def _around(
    report: _Row, mentions: Mapping[int, tuple[str, ...]], based: Mapping[str, list[str]], newest: Mapping[str, _Row]
) -> Iterator[str]:
    """What a report names, with what that is based on and who saw it. Another report stands by itself."""
    yield report.creator
    for ref in dict.fromkeys(mentions[report.key]):
        row = newest.get(ref)
        if row is not None and row.type != "report":
            yield ref
            yield from based.get(ref, ())[: 2 * MOST_BASED]
            yield from mentions[row.key] if row.type == "sighting" else ()


def _mentioned(rows: Iterable[_Row]) -> dict[int, tuple[str, ...]]:
    """What these objects name, by key: read from their texts once."""
    found = {row.key: _mentions.get(row.digest) for row in rows}
    lacking = {row.key: row.digest for row in rows if found[row.key] is None}
    if len(_mentions) + len(lacking) > MOST_MENTIONS:
        _mentions.clear()
    given = StixObject.objects.filter(Among(F("pk"), list(lacking))).values_list("pk", "raw") if lacking else []
    for key, raw in given:
        found[key] = _mentions[lacking[key]] = tuple(_named_in(orjson.loads(raw)))
    return {key: named or () for key, named in found.items()}


def _named_in(given: Mapping[str, object]) -> list[str]:
    """The ids in a report, the two ends of what ties a rule to a fact, the witnesses of a sighting."""
    match given:
        case {"type": "report", "object_refs": list(refs)}:
            return [str(ref) for ref in refs]
        case {"type": "relationship", "relationship_type": "based-on", "source_ref": source, "target_ref": target}:
            return [str(source), str(target)]
        case {"type": "sighting", "where_sighted_refs": list(refs)}:
            return [str(ref) for ref in refs]
    return []


def _one(report: _Row | None, name: str, rows: Sequence[_Row], uuid: UUID) -> Gathered:
    rows = sorted(rows, key=lambda row: row.key)
    latest = max(row.added for row in rows)
    late = latest if report is None or latest > report.added + _TOGETHER else None
    tlp = Tlp(max(row.tlp for row in rows))
    told = [uuid, name, tlp.word, late, report.digest if report else "", *(row.digest for row in rows)]
    return Gathered(
        uuid,
        report.key if report else None,
        name,
        tuple(row.key for row in rows),
        tlp,
        late,
        hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest(),
    )
