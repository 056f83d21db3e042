"""The people whom a clause includes, as a query: the audience counted before sharing and the one enforced after."""

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


def frozen(clause: Clause) -> Clause:
    """The clause fixed to the memberships it includes today: nobody who comes later is added."""
    included = Membership.objects.current().filter(_named(clause) | _seated(clause))
    roster = included.exclude(pk__in=_excepted(clause).values("pk"))
    return Clause(memberships=frozenset(roster.values_list("pk", flat=True)), frozen=True)


def _named(clause: Clause) -> Q:
    named = Q(pk__in=clause.memberships) | Q(organisation__in=clause.organisations)
    if clause.sectors:
        in_sector = Organisation.objects.filter(sectors__in=clause.sectors)
        named |= Q(organisation__in=in_sector.values("pk"))
    return named | Q(pk__isnull=False) if clause.everyone else named


def _seated(clause: Clause) -> Q:
    if not clause.groups:
        return Q(pk__in=[])
    seats = Seat.objects.filter(group__in=clause.groups, ended__isnull=True)
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
    """People whose present organisation is excepted; an officer without one is not."""
    return (
        Membership.objects.current()
        .filter(
            Q(organisation__in=clause.except_organisations)
            | Q(organisation__organisation_class__in=clause.except_classes)
        )
    )
