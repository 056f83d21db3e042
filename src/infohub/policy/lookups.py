"""Membership of a column in a long list of ids that travels as one array parameter, on both databases."""

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

MANY = 150


class Among(Lookup):
    """`filter(Among(F("label_id"), ids))`: `__in` makes a parameter per id, slow to parse at thousands of them."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        rule, ids = among(column, self.rhs, vendor=connection.vendor)
        return rule, (*params, ids)


def among(column: str, ids: Sequence[int], *, vendor: str) -> tuple[str, str]:
    """The membership as SQL with its one parameter, for a statement written by hand."""
    listed = ",".join([str(int(number)) for number in ids])
    if vendor == "postgresql":
        # Written out here: an adapter spends milliseconds on thousands of numbers. Of the column's own type: only
        # then does PostgreSQL hash the array instead of walking it for every row.
        return f"{column} = ANY(%s::bigint[])", f"{{{listed}}}"
    # Who reads much finds a page of it soon along the index of the order asked for. Left alone, SQLite fetches
    # everything by label and sorts it; the plus keeps it from that.
    column = f"+{column}" if len(ids) > MANY else column
    return f"{column} IN (SELECT value FROM json_each(%s))", f"[{listed}]"  # noqa: S608  (a column)
