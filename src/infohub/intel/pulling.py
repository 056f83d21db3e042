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

_FROM = "FROM intel_placement p JOIN intel_stixobject o ON o.id = p.object_id"
_SPECIFICATION = "(SELECT s.spec_version FROM intel_stixobject s WHERE s.id = p.object_id)"
_TWIN = "t.collection_id = p.collection_id AND t.stix_id = p.stix_id"

TEXT, STIX_ID, VERSION, DATE = "o.raw", "p.stix_id", "p.version", "p.date_added"
"""The columns of a page."""

Moment = str | datetime
"""As the database gives it: SQLite as text."""

Pulled = tuple[Moment | bytes, ...]


def as_moment(stored: Moment | bytes) -> datetime:
    """A moment of a row as a value."""
    moment = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def text_of(row: Pulled) -> bytes:
    """The JSON of an object in a row that ends in `TEXT`."""
    text = row[-1]
    return text if isinstance(text, bytes) else str(text).encode()


@dataclass(frozen=True, slots=True)
class _Part:
    """A condition with its parameters."""

    sql: str
    parameters: tuple[bulk.Value, ...] = ()

    def __invert__(self) -> _Part:
        return _Part(f"NOT {self.sql}", self.parameters)


_REPEAT, _NEWEST, _OLDEST = _Part("p.is_repeat"), _Part("p.is_newest"), _Part("p.is_oldest")


def pull(viewer: Viewer, collection: Collection, query: Query, *columns: str, most: int) -> list[Pulled]:
    """Up to `most` rows for this query of its reader: each version once, in the order of addition, the date first."""
    # The ceiling is asked even of who is shown all: a stricter object may be added between that answer and this one.
    ceiling = _Part(f"p.tlp <= {viewer.ceiling.value:d}")
    parts = [_Part("p.collection_id = %s", (collection.pk,)), ceiling, *_matching(query)]
    if collection.shows_all_to(viewer):
        parts += _versions(query.versions, repeat=_REPEAT, newest=_NEWEST, oldest=_OLDEST)
    else:
        parts += _among_the_shown(viewer, collection, query.versions)
    rule = " AND ".join(part.sql for part in parts)
    told = ", ".join(_as_kept(column) for column in (DATE, *columns))
    # Left alone, SQLite walks all dates of the collection to save itself the sorting of one object's few versions.
    order = f"+{DATE}" if query.ids and connection.vendor == "sqlite" else DATE
    source = _FROM if connection.vendor == "sqlite" else "FROM intel_placement p"
    page = f"{source} WHERE {rule} ORDER BY {order} LIMIT {most:d}"
    if connection.vendor == "postgresql":
        # The page first, then its texts: joined at once, PostgreSQL reads the whole collection to sort it.
        inner = f"SELECT p.* {page}"
        page = f"FROM ({inner}) p JOIN intel_stixobject o ON o.id = p.object_id ORDER BY {DATE}"
    statement = f"SELECT {told} {page}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for part in parts for value in part.parameters])
        return cast(list[Pulled], cursor.fetchall())


def _as_kept(column: str) -> str:
    """Moments as the text, and texts as the bytes, that SQLite keeps: it would parse and decode them row by row."""
    if connection.vendor == "postgresql":
        return column
    return f"CAST({column} AS BLOB)" if column == TEXT else f"{column} || ''"


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
    yield (here := _shown("p", viewer, collection))
    there = _Part(here.sql.replace("p.", "t."), here.parameters)
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


def _shown(table: str, viewer: Viewer, collection: Collection) -> _Part:
    ceiling = f"{table}.tlp <= {viewer.ceiling.value:d}"
    if collection.is_uniform:
        return _Part(ceiling)
    vendor = connection.vendor
    labelled, labels = among(f"{table}.label_id", Label.objects.readable_ids(viewer), vendor=vendor)
    open_to = Collection.objects.readable(viewer).values_list("pk", flat=True)
    spread, origins = among(f"{table}.origin_id", list(open_to), vendor=vendor)
    return _Part(f"{ceiling} AND ({labelled} OR {spread})", (labels, origins))


def _one_of(column: str, values: Sequence[bulk.Value]) -> _Part:
    return _Part(f"{column} IN ({', '.join(['%s'] * len(values))})", tuple(values))
