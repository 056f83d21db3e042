"""Lets the test database be emptied after tests that really commit, although the audit refuses to be emptied.

A test that really commits asks for pytest-django's `transactional_db`; prefer `db`, which rolls back and is fast.
While such a test runs, the triggers are in force as in production: they stand aside for the emptying alone.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

_flush = BaseDatabaseOperations.execute_sql_flush


def _execute_sql_flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
    opened, closed = standing_aside()
    _flush(self, [*opened, *sql_list, *closed])


def standing_aside() -> tuple[list[str], list[str]]:
    """The statements that switch the audit's triggers off, and those that switch them on again."""
    if connection.vendor == "postgresql":
        tables = ("audit_record", "audit_link")
        return tuple([f"ALTER TABLE {table} {verb} TRIGGER USER" for table in tables] for verb in ("DISABLE", "ENABLE"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'")
        triggers = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]


@pytest.fixture(autouse=True, scope="session")
def audit_can_be_emptied() -> Iterator[None]:
    """In force for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", _execute_sql_flush)
        yield
