"""Finding an organisation or a person by name, address or reference."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from infohub.members.models import Membership, Organisation, OrganisationStatus

MATCHES = 8


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody who can be addressed: a membership, or an organisation."""

    pk: int
    name: str
    membership: bool


def found(name: str) -> list[Match]:
    """The one exact match, else up to eight that contain the words."""
    organisations = Organisation.objects.filter(status=OrganisationStatus.ACTIVE)
    people = Membership.objects.current().select_related("person", "organisation")
    who, _comma, where = name.rpartition(", ")
    written_out = Q(person__name__iexact=who, organisation__name__iexact=where)
    exact = _matches(
        organisations.filter(Q(name__iexact=name) | Q(ref__iexact=name)),
        people.filter(Q(person__name__iexact=name) | Q(person__email__iexact=name) | written_out),
    )
    return exact or _matches(organisations.filter(name__icontains=name), people.filter(person__name__icontains=name))


def _matches(organisations: QuerySet[Organisation], people: QuerySet[Membership]) -> list[Match]:
    rows = [Match(row.pk, row.name, membership=False) for row in organisations[:MATCHES]]
    rows += [Match(row.pk, f"{row.person.name}, {row.organisation.name}", membership=True) for row in people[:MATCHES]]
    return rows[:MATCHES]
