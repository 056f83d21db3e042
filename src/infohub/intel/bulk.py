"""Writes many rows at once, by the fastest way the database has: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Protocol, cast

from django.db import connection, models
from django.db.models import F, Func, PositiveIntegerField

Value = str | int | float | bool | date | datetime | None
Row = Sequence[Value]


class Copying(Protocol):
    """What psycopg gives for a COPY that is under way."""

    def write_row(self, row: Row) -> None:
        """Send one row."""


class Copier(Protocol):
    """The part of psycopg's cursor that Django's wrapper does not name."""

    def copy(self, statement: str) -> AbstractContextManager[Copying]:
        """Begin a COPY."""


def reserve(model: type[models.Model], count: int) -> list[int]:
    """So many keys, ascending, that no other row has or gets; on SQLite the caller is the one writer."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert the rows, their values in the order of `columns`; moments as `stored` gives them."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy = cast(Copier, cursor).copy(f"COPY {table} ({names}) FROM STDIN")
            with connection.wrap_database_errors, copy as copying:  # Django knows nothing of COPY
                for row in rows:
                    copying.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  (our own names)
            cursor.executemany(statement, list(rows))


def upsert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert the rows, or write them over those that have the value of the first column, which is the key.

    What is not among the columns stays, or gets the database's default. A key stands once among the rows. They are
    written in the order of the key, so that two writers do not wait for each other.
    """
    key, *others = columns
    rows = sorted(rows, key=lambda row: str(row[0]))
    names, table = ", ".join(columns), connection.ops.quote_name(model._meta.db_table)
    told = ", ".join(f"{column} = excluded.{column}" for column in others)
    into, or_over = f"INSERT INTO {table} ({names})", f"ON CONFLICT ({key}) DO UPDATE SET {told}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kinds = [model._meta.get_field(column).db_type(connection) for column in columns]
            lists = ", ".join(f"%s::{kind}[]" for kind in kinds)
            given = [list(column) for column in zip(*rows, strict=True)] or [[] for _column in columns]
            cursor.execute(f"{into} SELECT * FROM unnest({lists}) {or_over}", given)  # noqa: S608  (our own names)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"{into} VALUES ({places}) {or_over}", [[_plain(one) for one in row] for row in rows])


def _plain(value: Value) -> Value:
    """As Django writes it for SQLite, which has no days of its own."""
    return value.isoformat() if type(value) is date else value


def select(question: str, values: Sequence[str], *, order: str = "") -> list[tuple[Value, ...]]:
    """Ask for the rows of many values: `question` ends in a column, and one parameter carries all of them."""
    end = f" ORDER BY {order}" if order else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{question} = ANY(%s){end}", [list(values)])
        else:
            listed = json.dumps(list(values))
            cursor.execute(f"{question} IN (SELECT value FROM json_each(%s)){end}", [listed])  # noqa: S608  (our own names)
        return cast("list[tuple[Value, ...]]", cursor.fetchall())


def octets(column: str) -> Func:
    """How many bytes a text has in UTF-8; SQLite before 3.43 can only count those of a blob."""
    is_sqlite = connection.vendor == "sqlite"
    template = "LENGTH(CAST(%(expressions)s AS BLOB))" if is_sqlite else "OCTET_LENGTH(%(expressions)s)"
    return Func(F(column), template=template, output_field=PositiveIntegerField())


def stored(moment: datetime) -> Value:
    """A moment as the database wants it."""
    return storing()(moment)


def storing() -> Callable[[datetime], Value]:
    """What makes moments storable, found out once for many."""
    return _as_it_is if connection.vendor == "postgresql" else _as_text


def _as_it_is(moment: datetime) -> Value:
    return moment


def _as_text(moment: datetime) -> Value:
    """As Django writes it for SQLite."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def read(moment: Value) -> datetime:
    """A moment as the database gave it."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.fromisoformat(str(moment)).replace(tzinfo=UTC)
