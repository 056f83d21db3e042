"""Says in one number whether anybody's rights have changed, so that what was found out about them may be kept.

The database counts every change itself, by triggers on the tables that rights are made of: no way of writing can forget
it. Whoever keeps an answer asks the number first, and keeps the answer with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose rows are rights; of its columns only these are, or all where none are named.

    Where a new row belongs to something that nobody had yet, adding one changes nobody's rights.
    """

    table: str
    columns: tuple[str, ...] = ()
    added: bool = True

    @property
    def triggers(self) -> dict[str, str]:
        """Name and event of each trigger."""
        update = f"UPDATE OF {', '.join(self.columns)}" if self.columns else "UPDATE"
        events = ["INSERT"] * self.added + [update, "DELETE"]
        return {f"rights_{self.table}_{event[:6].lower()}": event for event in events}


WATCHED = (
    Watched(
        "members_token",
        ("kind", "person_id", "membership_id", "organisation_id", "scopes", "ceiling", "expires", "revoked", "digest"),
    ),
    Watched("members_person", ("status",)),
    Watched("members_organisation", ("status", "ceiling", "organisation_class", "steward_id")),
    Watched("members_organisation_sectors"),
    Watched("members_membership"),
    Watched("members_role"),
    Watched("members_seat"),
    Watched("members_group_moderators"),
    Watched("policy_seal"),
    Watched("policy_grant", added=False),
    Watched("policy_exclusion", added=False),
)
"""What a viewer and the clauses that match it are made of."""


def number() -> int | None:
    """The number now: greater after every change that anybody committed. None where nobody counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(number) FROM policy_rights")
        found = cursor.fetchone()[0]
    return None if found is None else int(found)


@transaction.atomic
def watch(tables: Iterable[Watched]) -> None:
    """Have the database count the changes of these tables, and count this as one: what was kept before is void."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE policy_rights SET number = number + 1")
        cursor.execute("INSERT INTO policy_rights (number) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM policy_rights)")
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for watched in tables:
            for name, event in watched.triggers.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{_on(watched)}")
                cursor.execute(f"CREATE TRIGGER {name} AFTER {event} ON {watched.table} {_counting()}")


def watches(tables: Iterable[Watched]) -> bool:
    """Whether it counts them all: a table that was made anew has lost its triggers."""
    wanted = {name for watched in tables for name in watched.triggers}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        return wanted <= {name for (name,) in cursor.fetchall()}


def sum_up() -> int:
    """Make one row of many, whose number is the same at every moment; how many there were, none where there was one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM policy_rights")
        many = int(cursor.fetchone()[0])
        if many > 1:
            cursor.execute(
                "WITH gone AS (DELETE FROM policy_rights RETURNING number) "
                "INSERT INTO policy_rights (number) SELECT coalesce(sum(number), 0) FROM gone"
            )
    return many if many > 1 else 0


_FUNCTION = """
CREATE OR REPLACE FUNCTION rights_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO policy_rights (number) VALUES (1); RETURN NULL; END $$
"""


def _on(watched: Watched) -> str:
    return f" ON {watched.table}" if connection.vendor == "postgresql" else ""


def _counting() -> str:
    if connection.vendor == "postgresql":
        return "FOR EACH STATEMENT EXECUTE FUNCTION rights_changed()"
    return "BEGIN UPDATE policy_rights SET number = number + 1; END"
