"""Writes many rows at once, by the fastest way the database has: COPY on PostgreSQL, one prepared INSERT on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, cast

from django.db import connection, models

Value = str | int | bool | datetime | None
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
            with cast(Copier, cursor).copy(f"COPY {table} ({names}) FROM STDIN") as copying:
                for row in rows:
                    copying.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  (our own names)
            cursor.executemany(statement, list(rows))


def stored(moment: datetime) -> Value:
    """A moment as the database wants it."""
    return cast(Value, connection.ops.adapt_datetimefield_value(moment))
