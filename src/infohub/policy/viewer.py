"""Who is asking: a frozen value of ids, built once per request by whoever lets the asker in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from infohub.members.models import (
    Group,
    Membership,
    Organisation,
    OrganisationStatus,
    Person,
    PersonStatus,
    Role,
    Token,
)
from infohub.policy.powers import Power, powers_of
from infohub.standards.tlp import Tlp


class ViewerKind(StrEnum):
    NOBODY = "nobody"
    PERSON = "person"
    ORGANISATION = "organisation"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Ids only. `labels` remembers which labels are readable, resolved at most once for this value's life."""

    kind: ViewerKind = ViewerKind.NOBODY
    person: int | None = None
    membership: int | None = None
    organisation: int | None = None
    organisation_class: str = ""
    administrator: bool = False
    sectors: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    moderates: frozenset[int] = frozenset()
    seals: frozenset[int] = frozenset()
    stewards: frozenset[int] = frozenset()
    powers: frozenset[Power] = frozenset()
    token: int | None = None
    scopes: frozenset[str] = frozenset()
    ceiling: Tlp = Tlp.RED
    labels: list[tuple[int, ...]] = field(default_factory=list, compare=False, repr=False)

    def may(self, power: Power) -> bool:
        """Whether a role of this person gives the power; a token never does."""
        return self.token is None and power in self.powers

    @property
    def reviews_programme(self) -> bool:
        """Whether pieces waiting for the programme's review are shown to this person."""
        return Power.MODERATE in self.powers

    @property
    def is_member(self) -> bool:
        return self.membership is not None

    @property
    def is_system(self) -> bool:
        """The command line: it may act in every office, and reads no piece at all."""
        return self.kind is ViewerKind.NOBODY and self.token is None and bool(self.powers)

    @property
    def has_standing(self) -> bool:
        """Whether there is anything for this person behind the door: a membership or an office."""
        return self.is_member or bool(self.powers)


NOBODY = Viewer()
SYSTEM = Viewer(powers=frozenset(Power))


def person_viewer(person: Person) -> Viewer:
    """The viewer of a signed-in person, as rights stand now; a person who is not active is nobody."""
    if person.status != PersonStatus.ACTIVE:
        return NOBODY
    roles = frozenset(Role.objects.filter(person=person).values_list("name", flat=True))
    officer = Viewer(
        kind=ViewerKind.PERSON,
        person=person.pk,
        moderates=frozenset(Group.objects.filter(moderators=person).values_list("pk", flat=True)),
        powers=powers_of(roles),
    )
    membership = (
        Membership.objects.filter(person=person, ended__isnull=True, organisation__status=OrganisationStatus.ACTIVE)
        .select_related("organisation")
        .first()
    )
    return _as_member(officer, membership) if membership else officer


def _as_member(officer: Viewer, membership: Membership) -> Viewer:
    organisation = membership.organisation
    seats = Q(seats__membership=membership) | Q(seats__organisation=organisation)
    return replace(
        officer,
        membership=membership.pk,
        organisation=organisation.pk,
        organisation_class=organisation.organisation_class,
        administrator=membership.administrator,
        sectors=_sectors(organisation),
        groups=frozenset(Group.objects.filter(seats, seats__ended__isnull=True).values_list("pk", flat=True)),
        seals=frozenset(membership.seals.values_list("pk", flat=True)),
        stewards=frozenset(membership.stewarding.values_list("pk", flat=True)),
    )


def _sectors(organisation: Organisation) -> frozenset[int]:
    return frozenset(organisation.sectors.values_list("pk", flat=True))


def viewer_then(membership: Membership, at: datetime) -> Viewer:
    """The viewer that a membership was at a time past, with the seats held then; without office and seal."""
    held = [*membership.seats.all(), *membership.organisation.seats.all()]
    return Viewer(
        kind=ViewerKind.PERSON,
        person=membership.person_id,
        membership=membership.pk,
        organisation=membership.organisation_id,
        organisation_class=membership.organisation.organisation_class,
        sectors=frozenset(sector.pk for sector in membership.organisation.sectors.all()),
        groups=frozenset(
            seat.group_id for seat in held if seat.started <= at and (seat.ended is None or at < seat.ended)
        ),
    )


def token_viewer(token: Token) -> Viewer:
    """The viewer behind a token that has just been verified; nobody when its holder has lost the right."""
    ceiling = token_ceiling(token)
    if token.membership_id is not None:
        return _personal(token, ceiling)
    if token.organisation_id is not None:
        organisation = token.organisation
        if organisation is None or organisation.status != OrganisationStatus.ACTIVE:
            return NOBODY
        seats = Group.objects.filter(seats__organisation=organisation, seats__ended__isnull=True)
        return Viewer(
            kind=ViewerKind.ORGANISATION,
            organisation=organisation.pk,
            organisation_class=organisation.organisation_class,
            sectors=_sectors(organisation),
            groups=frozenset(seats.values_list("pk", flat=True)),
            token=token.pk,
            scopes=frozenset(token.scopes),
            ceiling=ceiling,
        )
    return Viewer(kind=ViewerKind.PEER, token=token.pk, scopes=frozenset(token.scopes), ceiling=ceiling)


def peer_viewer(ceiling: Tlp) -> Viewer:
    """The viewer that a peer is to whom the programme itself sends; it reads what a peer's token would."""
    return Viewer(kind=ViewerKind.PEER, ceiling=min(ceiling, Tlp.GREEN))


def token_ceiling(token: Token) -> Tlp:
    """As high as the token was issued for and its organisation lets its programs read; never RED."""
    holder = token.membership.organisation if token.membership else token.organisation
    highest = Tlp(holder.ceiling) if holder else Tlp.GREEN
    return min(Tlp(token.ceiling), highest, Tlp.AMBER_STRICT)


def _personal(token: Token, ceiling: Tlp) -> Viewer:
    """A program reads as its person does, and holds none of the person's offices."""
    membership = token.membership
    if membership is None or membership.ended is not None:
        return NOBODY
    viewer = person_viewer(membership.person)
    if viewer.membership != membership.pk:
        return NOBODY
    return replace(
        viewer,
        moderates=frozenset(),
        powers=frozenset(),
        token=token.pk,
        scopes=frozenset(token.scopes),
        ceiling=ceiling,
        labels=[],
    )
