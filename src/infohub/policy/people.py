"""The people whom a clause includes, as a query: the audience counted before sharing and the one enforced after."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from infohub.members.models import Membership, Organisation, Person, PersonStatus, RoleName, Seat
from infohub.policy.clause import Clause


def people_of(clause: Clause) -> QuerySet[Person]:
    """Active people included by the clause and not excepted from it."""
    members = Membership.objects.current().filter(_named(clause) | _seated(clause))
    return (
        Person.objects.filter(status=PersonStatus.ACTIVE)
        .filter(Q(pk__in=members.values("person")) | _reviewing(clause))
        .exclude(pk__in=_excepted(clause).values("person"))
    )


def frozen(clause: Clause, *, at: datetime | None = None) -> Clause:
    """The clause fixed to the memberships it includes today, or at a time past: nobody who comes later is added."""
    members = Membership.objects.current() if at is None else Membership.objects.running(at)
    roster = members.filter(_named(clause) | _seated(clause, at)).exclude(_exception(clause))
    return Clause(memberships=frozenset(roster.values_list("pk", flat=True)), frozen=True)


def seats_of(people: Collection[int]) -> dict[int, frozenset[int]]:
    """The groups in which each of these people sits now, by a seat of their own or of their organisation."""
    members = Membership.objects.current().filter(person__in=people)
    held = Seat.objects.held()
    own = held.filter(membership__in=members.values("pk")).values_list("membership__person", "group")
    shared = members.filter(organisation__seats__in=held.values("pk")).values_list(
        "person", "organisation__seats__group"
    )
    groups: dict[int, set[int]] = {}
    for person, group in (*own, *shared):
        groups.setdefault(person, set()).add(group)
    return {person: frozenset(there) for person, there in groups.items()}


def _named(clause: Clause) -> Q:
    named = Q(pk__in=clause.memberships) | Q(organisation__in=clause.organisations)
    if clause.sectors:
        in_sector = Organisation.objects.filter(sectors__in=clause.sectors)
        named |= Q(organisation__in=in_sector.values("pk"))
    return named | Q(pk__isnull=False) if clause.everyone else named


def _seated(clause: Clause, at: datetime | None = None) -> Q:
    if not clause.groups:
        return Q(pk__in=[])
    running = Q(ended__isnull=True) if at is None else Q(started__lte=at) & (Q(ended__isnull=True) | Q(ended__gt=at))
    seats = Seat.objects.filter(running, group__in=clause.groups)
    return Q(pk__in=seats.filter(membership__isnull=False).values("membership")) | Q(
        organisation__in=seats.filter(organisation__isnull=False).values("organisation")
    )


def _reviewing(clause: Clause) -> Q:
    reviewing = Q(pk__in=[])
    if clause.reviewed_groups:
        reviewing |= Q(pk__in=Person.objects.filter(moderates__in=clause.reviewed_groups).values("pk"))
    if clause.programme_review:
        reviewing |= Q(pk__in=Person.objects.filter(roles__name=RoleName.MODERATOR).values("pk"))
    return reviewing


def _excepted(clause: Clause) -> QuerySet[Membership]:
    """Memberships whose organisation is excepted; an officer without one is not."""
    return Membership.objects.current().filter(_exception(clause))


def _exception(clause: Clause) -> Q:
    return Q(organisation__in=clause.except_organisations) | Q(
        organisation__organisation_class__in=clause.except_classes
    )
