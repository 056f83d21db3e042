"""Finding an organisation or a person by name, address or reference."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from infohub.members.models import Membership, Organisation, OrganisationStatus
from infohub.policy.viewer import Viewer

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


def found_by(viewer: Viewer, name: str) -> list[Match]:
    """The same for a member: people who do not let themselves be found by name need an address or all of it."""
    visible = Membership.objects.found_by(name, organisation=viewer.organisation).select_related(
        "person", "organisation"
    )
    known = _people().filter(_addressed(name))
    return _matches(_called(name), visible.filter(person__name__iexact=name) | known) or _matches(
        _organisations().filter(name__icontains=name), visible
    )


def exactly(name: str) -> list[Match]:
    """Whoever is called so in full: by name, reference, e-mail address, or “name, organisation”."""
    return _matches(_called(name), _people().filter(Q(person__name__iexact=name) | _addressed(name)))


def _addressed(name: str) -> Q:
    who, _comma, where = name.rpartition(", ")
    return Q(person__email__iexact=name) | Q(person__name__iexact=who, organisation__name__iexact=where)


def _called(name: str) -> QuerySet[Organisation]:
    return _organisations().filter(Q(name__iexact=name) | Q(ref__iexact=name))


def _organisations() -> QuerySet[Organisation]:
    return Organisation.objects.filter(status=OrganisationStatus.ACTIVE)


def _people() -> QuerySet[Membership]:
    return Membership.objects.current().select_related("person", "organisation")


def _matches(organisations: QuerySet[Organisation], people: QuerySet[Membership]) -> list[Match]:
    rows = [Match(row.pk, row.name, membership=False) for row in organisations[:MATCHES]]
    rows += [Match(row.pk, f"{row.person.name}, {row.organisation.name}", membership=True) for row in people[:MATCHES]]
    return rows[:MATCHES]


def each_exactly(viewer: Viewer, names: Collection[str]) -> dict[str, list[Match]]:
    """For each name whoever a member finds in full, as `found_by` says, in two queries however many names there are."""
    folded = {name.strip().casefold() for name in names}
    halves = folded | {name.rpartition(", ")[0] for name in folded}
    organisations = _organisations().annotate(called=Lower("name"), numbered=Lower("ref"))
    people = _people().annotate(called=Lower("person__name"), reached=Lower("person__email"))
    told: dict[str, list[Match]] = {}
    for one in organisations.filter(Q(called__in=folded) | Q(numbered__in=folded)):
        for name in {one.name.casefold(), one.ref.casefold()} & folded:
            told.setdefault(name, []).append(Match(one.pk, one.name, membership=False))
    for row in people.filter(Q(called__in=halves) | Q(reached__in=folded)):
        whole = f"{row.person.name}, {row.organisation.name}"
        is_found = row.person.in_directory or row.organisation_id == viewer.organisation
        bare = {row.person.name.casefold()} if is_found else set()
        for name in (bare | {row.person.email.casefold(), whole.casefold()}) & folded:
            told.setdefault(name, []).append(Match(row.pk, whole, membership=True))
    return told
