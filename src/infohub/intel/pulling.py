"""What a machine pulls: one page of a collection, in one statement written by hand.

Django would spend ten times as long on making the statement as the database needs for one object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from django.db import connection

from infohub.intel import bulk
from infohub.intel.models import Collection
from infohub.policy.lookups import among
from infohub.policy.models import Label
from infohub.policy.viewer import Viewer
from infohub.standards.taxii21.filters import ALL, FIRST, LAST, Query

_SPECIFICATION = "(SELECT s.spec_version FROM intel_stixobject s WHERE s.id = p.object_id)"
_TWIN = "t.collection_id = p.collection_id AND t.stix_id = p.stix_id"


def _of_object(column: str) -> str:
    return f"(SELECT o.{column} FROM intel_stixobject o WHERE o.id = p.object_id)"  # noqa: S608  (our own names)


TEXT, REVOKED, VALID_UNTIL = _of_object("raw"), _of_object("revoked"), _of_object("valid_until")
KEY, STIX_ID, VERSION, _DATE = "p.id", "p.stix_id", "p.version", "p.date_added"
TYPE, TLP, SOURCE, ORIGIN, APART = "p.type", "p.tlp", "p.source", "p.origin_id", "p.is_apart"
_KEPT = f"p.object_id, p.size, {KEY}, {STIX_ID}, {TYPE}, {VERSION}, {_DATE}, {TLP}, {SOURCE}, {ORIGIN}, {APART}"
_MOMENTS = (_DATE, VERSION, VALID_UNTIL)
"""The columns of a page. None of their values has a line end: JSON writes it as two signs; none is an empty one."""

Moment = str | datetime
"""As the database gives it: SQLite as text."""

Pulled = tuple[bytes, ...]
"""A row of texts in UTF-8; moments as SQLite keeps them."""

BUDGET = 32 * 1024 * 1024
"""A page ends with the object that takes its texts beyond so many bytes, whatever was asked for."""


def as_truth(stored: bytes) -> bool:
    """A yes or no of a row, as SQLite or PostgreSQL write it."""
    return stored in {b"1", b"true"}


def as_moment(stored: Moment | bytes) -> datetime:
    """A moment of a row as a value."""
    stored = stored.decode() if isinstance(stored, bytes) else stored
    moment = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one text or several, each after its date of addition, and whether more follow."""

    rows: list[Pulled]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A condition with its parameters."""

    sql: str
    parameters: tuple[bulk.Value, ...] = ()

    def __invert__(self) -> _Part:
        return _Part(f"NOT {self.sql}", self.parameters)

    def of(self, table: str) -> _Part:
        """The same of another row."""
        return _Part(self.sql.replace("p.", f"{table}."), self.parameters)

    def __and__(self, other: _Part) -> _Part:
        return _Part(f"{self.sql} AND {other.sql}", self.parameters + other.parameters)


_REPEAT, _NEWEST, _OLDEST = _Part("p.is_repeat"), _Part("p.is_newest"), _Part("p.is_oldest")


def pull(viewer: Viewer, collection: Collection, query: Query, *columns: str, most: int) -> Page:
    """Up to `most` rows for this query of its reader: each version once, in the order of addition, the date first."""
    # The ceiling is asked even of who is shown all: a stricter object may be added between that answer and this one.
    ceiling = _Part(f"p.tlp <= {viewer.ceiling.value:d}")
    parts = [_Part("p.collection_id = %s", (collection.pk,)), ceiling, *_matching(query)]
    if collection.shows_all_to(viewer):
        parts += _versions(query.versions, repeat=_REPEAT, newest=_NEWEST, oldest=_OLDEST)
    else:
        parts += _among_the_shown(viewer, collection, query.versions)
    rule = " AND ".join(part.sql for part in parts)
    # Left alone, SQLite walks all dates of the collection to save itself the sorting of one object's few versions.
    order = f"+{_DATE}" if query.ids and connection.vendor == "sqlite" else _DATE
    page = f"SELECT {_KEPT} FROM intel_placement p WHERE {rule} ORDER BY {order} LIMIT {most + 1:d}"  # noqa: S608  (our names)
    values = [value for part in parts for value in part.parameters]
    usual = BUDGET // (most + 1)
    lines, found, largest = _joined(page, columns, values, fits=f"p.size <= {usual:d}")
    if largest > usual:  # seldom, since to count what fits takes as long as all the rest
        page = f"SELECT p.*, sum(p.size) OVER (ORDER BY {_DATE}) - p.size AS before FROM ({page}) p"  # noqa: S608  (ours)
        lines, found, _ = _joined(page, columns, values, fits=f"p.before < {BUDGET:d}")
    rows = list(zip(*(line.split(b"\n") for line in lines), strict=True))[:most]
    return Page(rows, is_cut=found != len(rows))


def _joined(
    page: str, columns: Sequence[str], values: Sequence[bulk.Value], *, fits: str
) -> tuple[list[bytes], int, int]:
    """The date and each column, line by line, of the rows that fit; how many rows there are, and their largest size.

    The database joins them: a driver that makes a thousand rows of values takes longer than all the rest.
    """
    told = ", ".join(_lines(column, fits) for column in (_DATE, *columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), coalesce(max(p.size), 0), {told} FROM ({page}) p", values)  # noqa: S608  (ours)
        found, largest, *lines = cast("tuple[int | str | bytes | None, ...]", cursor.fetchone())
    joined = [line.encode() if isinstance(line, str) else line for line in lines if isinstance(line, str | bytes)]
    return joined, cast(int, found), cast(int, largest)


def _lines(column: str, fits: str) -> str:
    """The values of a column in the order of the page; nothing where the page is empty."""
    if connection.vendor == "sqlite":
        chosen = f"CASE WHEN {fits} THEN coalesce({column}, '') END"
        return f"CAST(group_concat({chosen}, char(10)) AS BLOB)"  # else Python would decode it
    if column in _MOMENTS:
        column = f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    return f"string_agg(CASE WHEN {fits} THEN coalesce(({column})::text, '') END, chr(10))"


def _matching(query: Query) -> Iterator[_Part]:
    """What a client asks for: ids, types, specification, and only what came after a moment."""
    if query.added_after is not None:
        yield _Part("p.date_added > %s", (bulk.stored(query.added_after),))
    asked = {"p.stix_id": query.ids, "p.type": query.types, _SPECIFICATION: query.spec_versions}
    yield from (_one_of(column, values) for column, values in asked.items() if values)


def _versions(versions: Sequence[str | datetime], *, repeat: _Part, newest: _Part, oldest: _Part) -> Iterator[_Part]:
    """Each version once, and of them those asked for: `first`, `last`, of these moments, or `all`."""
    yield ~repeat
    if ALL in versions:
        return
    moments = [bulk.stored(moment) for moment in versions if isinstance(moment, datetime)]
    wanted = [_one_of("p.version", moments)] if moments else []
    wanted += [newest] if LAST in versions else []
    wanted += [oldest] if FIRST in versions else []
    yield _Part(
        f"({' OR '.join(part.sql for part in wanted)})", tuple(value for part in wanted for value in part.parameters)
    )


def _among_the_shown(viewer: Viewer, collection: Collection, versions: Sequence[str | datetime]) -> Iterator[_Part]:
    """The same for a reader who is not shown all: what ceiling and labels let by decides what is newest or a repeat.

    Within a collection rows and dates grow together. Compared by date, SQLite would walk the index of dates.
    """
    shown = _shown(viewer, collection)
    yield (here := shown & _standing(shown, collection))
    there = here.of("t")
    same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    # In the special collection what comes from one place never stands for what comes from another: only there a rule
    # has judged the versions against each other.
    origin = "" if collection.is_uniform else f" AND t.origin_id {same} p.origin_id"
    again = "" if collection.is_uniform else f" AND (t.origin_id {same} p.origin_id OR t.object_id = p.object_id)"

    def another(condition: str, *, of: str = origin) -> _Part:
        rule = f"{_TWIN}{of} AND {condition} AND {there.sql}"
        return _Part(f"EXISTS (SELECT 1 FROM intel_placement t WHERE {rule})", there.parameters)  # noqa: S608  (ours)

    yield from _versions(
        versions,
        repeat=another("t.version = p.version AND t.id < p.id", of=again),
        newest=~another("t.version > p.version"),
        oldest=~another("t.version < p.version"),
    )


def _shown(viewer: Viewer, collection: Collection) -> _Part:
    ceiling = f"p.tlp <= {viewer.ceiling.value:d}"
    if collection.is_uniform:
        return _Part(ceiling)
    vendor = connection.vendor
    labelled, labels = among("p.label_id", Label.objects.readable_ids(viewer), vendor=vendor)
    open_to = Collection.objects.readable(viewer).values_list("pk", flat=True)
    spread, origins = among("p.origin_id", list(open_to), vendor=vendor)
    return _Part(f"{ceiling} AND ({labelled} OR {spread})", (labels, origins))


def _standing(shown: _Part, collection: Collection) -> _Part:
    """Not what is apart, unless the first of the object that is shown is of the same source."""
    first = shown.of("f")
    same = "f.collection_id = p.collection_id AND f.stix_id = p.stix_id"
    same += "" if collection.is_uniform else " AND f.origin_id = p.origin_id"  # what is apart has an origin there
    rule = f"{same} AND {first.sql} ORDER BY f.is_apart, f.id LIMIT 1"
    return _Part(
        f"(NOT p.is_apart OR p.source = (SELECT f.source FROM intel_placement f WHERE {rule}))",  # noqa: S608  (ours)
        first.parameters,
    )


def _one_of(column: str, values: Sequence[bulk.Value]) -> _Part:
    return _Part(f"{column} IN ({', '.join(['%s'] * len(values))})", tuple(values))
