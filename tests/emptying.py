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
    if connection.vendor == "postgresql":  # tables that are no models refer to tables that are
        sql_list = [statement.replace(";", " CASCADE;") for statement in sql_list]
    counting = "INSERT INTO policy_rights (number) VALUES (1)"  # it must not stop at the first test that commits
    _flush(self, [*opened, "DELETE FROM catalogue_words", *sql_list, counting, *closed])


def standing_aside() -> tuple[list[str], list[str]]:
    """The statements that switch the audit's triggers off, and those that switch them on again."""
    if connection.vendor == "postgresql":
        opened = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("audit_record", "audit_link")]
        closed = [statement.replace("DISABLE", "ENABLE") for statement in opened]
        return ["SET CONSTRAINTS ALL IMMEDIATE", *opened], closed  # a waiting check would block ALTER TABLE
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
