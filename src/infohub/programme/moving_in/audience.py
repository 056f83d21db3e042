"""The audience of a row: ids of the file become a choice and a clause, as they stood at that time."""

from __future__ import annotations

from datetime import datetime

from infohub.members.models import OrganisationClass
from infohub.policy.clause import Clause
from infohub.programme.moving_in.known import Known
from infohub.programme.moving_in.reading import Row
from infohub.sharing.choice import Choice
from infohub.support.clock import now

WHOM = frozenset({"people", "organisations", "sectors", "groups", "everyone", "public", "frozen", "except"})
WITHOUT = frozenset({"classes", "organisations"})


def choice_from(row: Row, known: Known, at: datetime) -> Choice:
    """Whom the row names; people are the memberships they had at that time. `everyone` counts as confirmed."""
    left_out = row.row("except")
    _demand_known_fields(row, WHOM)
    _demand_known_fields(left_out, WITHOUT)
    classes = left_out.texts("classes")
    if set(classes) - set(OrganisationClass.values):
        raise left_out.refuse(f"classes are {', '.join(OrganisationClass.values)}", "classes")
    return Choice(
        everyone=row.flag("everyone"),
        confirmed=True,
        frozen=row.flag("frozen"),
        memberships=sorted({known.membership_at(row, "people", one, at).pk for one in row.texts("people")}),
        organisations=sorted(one.pk for one in known.organisations(row, "organisations")),
        sectors=sorted(one.pk for one in known.sectors(row, "sectors")),
        groups=sorted(one.pk for one in known.groups(row, "groups")),
        except_classes=sorted(set(classes)),
        except_organisations=sorted(one.pk for one in known.organisations(left_out, "organisations")),
    )


def clause_from(row: Row, known: Known) -> Clause:
    """The clause of a collection's readers or writers, as members are now."""
    choice = choice_from(row, known, now())
    return Clause(
        everyone=choice.everyone,
        memberships=frozenset(choice.memberships),
        organisations=frozenset(choice.organisations),
        sectors=frozenset(choice.sectors),
        groups=frozenset(choice.groups),
        except_classes=frozenset(choice.except_classes),
        except_organisations=frozenset(choice.except_organisations),
    )


def _demand_known_fields(row: Row, names: frozenset[str]) -> None:
    """A misspelt exception would be a wider audience: nothing is guessed here."""
    strange = row.strange(names)
    if strange:
        raise row.refuse("this field is not part of the format", strange[0][:80])
