"""The audience of a row: ids of the file become a choice and a clause, as they stood at that time."""

from __future__ import annotations

from datetime import datetime

from infohub.members.models import OrganisationClass
from infohub.policy.clause import Clause
from infohub.programme.moving_in import known
from infohub.programme.moving_in.reading import Row
from infohub.sharing.choice import Choice
from infohub.support.clock import now


def choice_from(row: Row, at: datetime) -> Choice:
    """Whom the row names; people are the memberships they had at that time. `everyone` counts as confirmed."""
    left_out = row.row("except")
    classes = left_out.texts("classes")
    if set(classes) - set(OrganisationClass.values):
        raise left_out.refuse(f"classes are {', '.join(OrganisationClass.values)}", "classes")
    return Choice(
        everyone=row.flag("everyone"),
        confirmed=True,
        frozen=row.flag("frozen"),
        memberships=sorted({known.membership_at(row, "people", one, at).pk for one in row.texts("people")}),
        organisations=sorted({known.organisation(row, "organisations", one).pk for one in row.texts("organisations")}),
        sectors=sorted({one.pk for one in known.sectors(row, "sectors")}),
        groups=sorted({known.group(row, "groups", one).pk for one in row.texts("groups")}),
        except_classes=sorted(set(classes)),
        except_organisations=sorted(
            {known.organisation(left_out, "organisations", one).pk for one in left_out.texts("organisations")}
        ),
    )


def clause_from(row: Row) -> Clause:
    """The clause of a collection's readers, as members are now."""
    choice = choice_from(row, now())
    return Clause(
        everyone=choice.everyone,
        memberships=frozenset(choice.memberships),
        organisations=frozenset(choice.organisations),
        sectors=frozenset(choice.sectors),
        groups=frozenset(choice.groups),
        except_classes=frozenset(choice.except_classes),
        except_organisations=frozenset(choice.except_organisations),
    )
