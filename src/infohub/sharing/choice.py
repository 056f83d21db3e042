"""What an author chose on the form, and the clause, label and reach that follow from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from infohub.members.models import Group, Membership, Organisation, OrganisationStatus, Person, Sector
from infohub.policy.clause import Clause
from infohub.policy.lookups import Among
from infohub.policy.people import frozen, people_of
from infohub.policy.rules import RefusedError, demand_allowed, must_freeze
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp


@dataclass(frozen=True, slots=True)
class Choice:
    """The audience as chosen: row ids, kept with the draft as JSON."""

    everyone: bool = False
    confirmed: bool = False
    colleagues: bool = False
    frozen: bool = False
    memberships: list[int] = field(default_factory=list)
    organisations: list[int] = field(default_factory=list)
    sectors: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    except_classes: list[str] = field(default_factory=list)
    except_organisations: list[int] = field(default_factory=list)

    @classmethod
    def from_json(cls, content: Mapping[str, object]) -> Choice:
        known = {f.name: content[f.name] for f in fields(cls) if f.name in content}
        return cls(**known)  # type: ignore[arg-type]  # JSON we wrote ourselves

    def as_json(self) -> dict[str, bool | list[int] | list[str]]:
        return asdict(self)


def clause_of(choice: Choice, *, tlp: Tlp, own: int | None, at: datetime | None = None) -> Clause:
    """The clause of a choice: frozen to today's readers for RED and where the author asked for it.

    `own` is the organisation of the author's colleagues; None for an unattributed piece, which it would give away.
    RED goes to named people, so colleagues are left out there as well. `at` freezes to the readers of that time.
    Raises RefusedError with the rule in words when the handling policy forbids the pair.
    """
    organisations = set(choice.organisations)
    if choice.colleagues and own is not None and not must_freeze(tlp):
        organisations.add(own)
    clause = Clause(
        everyone=choice.everyone,
        memberships=frozenset(choice.memberships),
        organisations=frozenset(organisations),
        sectors=frozenset(choice.sectors),
        groups=frozenset(choice.groups),
        except_classes=frozenset(choice.except_classes),
        except_organisations=frozenset(choice.except_organisations),
    )
    demand_allowed(tlp, clause, confirmed=choice.confirmed)
    if must_freeze(tlp) or choice.frozen:
        clause = frozen(clause, at=at)
    if not clause.grants_anything:
        raise RefusedError(_("No one would receive this: nobody is in the audience you chose."))
    return clause


def demand_readers(clause: Clause, *, besides: int | None) -> None:
    """Refuse an audience in which nobody is but the author."""
    if not people_of(clause).exclude(pk__in=[besides]).exists():
        raise RefusedError(_("No one would receive this: nobody else is in the audience you chose."))


def demand_known(viewer: Viewer, choice: Choice) -> None:
    """Refuse ids the author cannot know of: unlisted groups of others, people and organisations not active."""
    groups = Group.objects.listed_or_in(viewer.groups | viewer.moderates).filter(pk__in=choice.groups)
    organisations = Organisation.objects.filter(
        pk__in=[*choice.organisations, *choice.except_organisations], status=OrganisationStatus.ACTIVE
    )
    known = (
        groups.count() == len(set(choice.groups))
        and organisations.count() == len({*choice.organisations, *choice.except_organisations})
        and Membership.objects.current().filter(pk__in=choice.memberships).count() == len(set(choice.memberships))
        and Sector.objects.filter(pk__in=choice.sectors).count() == len(set(choice.sectors))
    )
    if not known:
        raise RefusedError(_("Part of the audience you chose does not exist any more. Please choose again."))


@dataclass(frozen=True, slots=True)
class Reach:
    """Who would read, or reads: exact counts, and the organisations by name."""

    people: int
    organisations: tuple[str, ...]
    classes: tuple[tuple[str, int], ...]

    @property
    def special(self) -> tuple[tuple[str, int], ...]:
        """The classes an author wants to hear of: regulators and vendors."""
        return tuple(row for row in self.classes if row[0] in {"regulator", "vendor"})


def reach_of(people: QuerySet[Person], *, without: int | None = None) -> Reach:
    """Count a set of readers; `without` leaves the author out of the count."""
    readers = set(people.order_by().values_list("pk", flat=True)) - {without}
    rows = list(
        _represented(readers)
        .order_by("organisation__name")
        .values_list("organisation__name", "organisation__organisation_class")
        .distinct()
    )
    classes: dict[str, int] = {}
    for _name, organisation_class in rows:
        classes[organisation_class] = classes.get(organisation_class, 0) + 1
    return Reach(
        people=len(readers),
        organisations=tuple(name for name, _class in rows),
        classes=tuple(sorted(classes.items())),
    )


def sector_crowd(clause: Clause, sector: Sector) -> int:
    """How many organisations of a sector the clause reaches: below five, naming the sector would point at one."""
    readers = set(people_of(clause).order_by().values_list("pk", flat=True))
    return _represented(readers).filter(organisation__sectors=sector).values("organisation").distinct().count()


def _represented(people: Collection[int | None]) -> QuerySet[Membership]:
    """The present memberships of these people. Their ids come first and alone: as one query with the audience inside,
    PostgreSQL may choose a plan that takes minutes on tables it has no statistics of yet.
    """
    return Membership.objects.current().filter(Among(F("person_id"), people))
