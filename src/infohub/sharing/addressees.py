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
    return exactly(name) or _matches(
        _organisations().filter(name__icontains=name), _people().filter(person__name__icontains=name)
    )


def exactly(name: str) -> list[Match]:
    """Whoever is called so in full: by name, reference, e-mail address, or “name, organisation”."""
    who, _comma, where = name.rpartition(", ")
    written_out = Q(person__name__iexact=who, organisation__name__iexact=where)
    return _matches(
        _organisations().filter(Q(name__iexact=name) | Q(ref__iexact=name)),
        _people().filter(Q(person__name__iexact=name) | Q(person__email__iexact=name) | written_out),
    )


def _organisations() -> QuerySet[Organisation]:
    return Organisation.objects.filter(status=OrganisationStatus.ACTIVE)


def _people() -> QuerySet[Membership]:
    return Membership.objects.current().select_related("person", "organisation")


def _matches(organisations: QuerySet[Organisation], people: QuerySet[Membership]) -> list[Match]:
    rows = [Match(row.pk, row.name, membership=False) for row in organisations[:MATCHES]]
    rows += [Match(row.pk, f"{row.person.name}, {row.organisation.name}", membership=True) for row in people[:MATCHES]]
    return rows[:MATCHES]
