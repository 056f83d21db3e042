"""The handling policy stated a second time, apart from the product, so that the two can be compared.

Nothing here may import Django or `infohub.policy`: the worth of an oracle is that it was written from the words of the
policy alone. Plain values go in; a yes or no, or a set of people, comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from infohub.standards.tlp import Tlp

ACTIVE = "active"


@dataclass(frozen=True)
class Organisation:
    """An organisation of the programme, of a class set by the office."""

    id: int
    class_: str
    status: str
    sectors: frozenset[int]
    ceiling: Tlp = Tlp.AMBER_STRICT


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in; an officer is a person without a membership."""

    id: int
    status: str


@dataclass(frozen=True)
class Membership:
    """A person's time as representative of one organisation."""

    id: int
    person: int
    organisation: int
    ended: bool = False


@dataclass(frozen=True)
class Group:
    """A group and the people who moderate it."""

    id: int
    moderators: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Seat:
    """A seat in a group: of one membership or of a whole organisation, never of both."""

    group: int
    membership: int | None = None
    organisation: int | None = None
    ended: bool = False


@dataclass(frozen=True)
class Seal:
    """Who stands behind an unattributed piece, until the mapping is deleted."""

    id: int
    membership: int | None


@dataclass(frozen=True)
class World:
    """Everything the policy depends on besides the label and the viewer, as it is at this moment."""

    organisations: tuple[Organisation, ...]
    people: tuple[Person, ...]
    memberships: tuple[Membership, ...]
    groups: tuple[Group, ...] = ()
    seats: tuple[Seat, ...] = ()
    seals: tuple[Seal, ...] = ()
    office_reviewers: frozenset[int] = frozenset()
    stewards: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def organisation(self) -> dict[int, Organisation]:
        """Organisations by their id."""
        return {organisation.id: organisation for organisation in self.organisations}

    @cached_property
    def membership(self) -> dict[int, Membership]:
        """Memberships by their id, ended ones included."""
        return {membership.id: membership for membership in self.memberships}

    @cached_property
    def group(self) -> dict[int, Group]:
        """Groups by their id."""
        return {group.id: group for group in self.groups}

    @cached_property
    def sealed_membership(self) -> dict[int, int | None]:
        """The membership behind each seal."""
        return {seal.id: seal.membership for seal in self.seals}

    @cached_property
    def active_people(self) -> frozenset[int]:
        """People who have any rights at all."""
        return frozenset(person.id for person in self.people if person.status == ACTIVE)

    @cached_property
    def current_memberships(self) -> tuple[Membership, ...]:
        """Memberships that count now: of an active person, not ended, in an active organisation."""
        return tuple(
            membership
            for membership in self.memberships
            if not membership.ended
            and membership.person in self.active_people
            and self.organisation[membership.organisation].status == ACTIVE
        )

    @cached_property
    def members(self) -> dict[int, Membership]:
        """The membership by which a person is a member now."""
        return {membership.person: membership for membership in self.current_memberships}

    @cached_property
    def seated_memberships(self) -> frozenset[tuple[int, int]]:
        """Pairs of group and membership with a personal seat now."""
        return frozenset((s.group, s.membership) for s in self.seats if s.membership is not None and not s.ended)

    @cached_property
    def seated_organisations(self) -> frozenset[tuple[int, int]]:
        """Pairs of group and organisation with an organisation seat now."""
        return frozenset((s.group, s.organisation) for s in self.seats if s.organisation is not None and not s.ended)


@dataclass(frozen=True)
class Clause:
    """Whom one audience includes, and whom it excepts."""

    everyone: bool = False
    memberships: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()
    sectors: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    reviewer_groups: frozenset[int] = frozenset()
    programme_reviewers: bool = False
    except_classes: frozenset[str] = frozenset()
    except_organisations: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Label:
    """Who may read: a marking, an owner (organisation or seal), an author, and clauses that must all match."""

    tlp: Tlp
    owner: int | None = None
    seal: int | None = None
    author: int | None = None
    private: bool = False
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Nobody:
    """The public, who reads releases and no label."""


@dataclass(frozen=True)
class Session:
    """A person signed in by a browser."""

    person: int


@dataclass(frozen=True)
class PersonalToken:
    """A machine acting for a person; the token belongs to one membership and lasts as long as it."""

    membership: int
    ceiling: Tlp


@dataclass(frozen=True)
class OrganisationToken:
    """A machine acting for a whole organisation."""

    organisation: int
    ceiling: Tlp


@dataclass(frozen=True)
class PeerToken:
    """A machine of another programme."""

    ceiling: Tlp


Viewer = Nobody | Session | PersonalToken | OrganisationToken | PeerToken


def may_read(world: World, label: Label, viewer: Viewer) -> bool:
    """Whether this viewer may read what carries this label, now."""
    match viewer:
        case Session(person):
            return _person_reads(world, label, person)
        case PersonalToken(membership, ceiling):
            owner = world.membership[membership].organisation
            return _programs_carry(world, owner, label, ceiling) and _holder_reads(world, label, membership)
        case OrganisationToken(organisation, ceiling):
            return _programs_carry(world, organisation, label, ceiling) and _organisation_reads(
                world, label, organisation
            )
        case PeerToken(ceiling):
            return _token_carries(label, ceiling) and _peer_reads(label)
        case Nobody():
            return False


def readers(world: World, label: Label) -> set[int]:
    """The people who may read when they sign in now."""
    return {person.id for person in world.people if _person_reads(world, label, person.id)}


def roster(world: World, clause: Clause) -> set[int]:
    """The memberships a clause includes now: what it is frozen to. Reviewers are not on it."""
    return {
        membership.id
        for membership in world.current_memberships
        if _grants_membership(world, clause, membership) and not _excepts(world, clause, membership.organisation)
    }


def _token_carries(label: Label, ceiling: Tlp) -> bool:
    return label.tlp is not Tlp.RED and label.tlp <= ceiling


def _programs_carry(world: World, organisation: int, label: Label, ceiling: Tlp) -> bool:
    """An organisation says how high its programs read, whatever each token was issued for."""
    return _token_carries(label, ceiling) and label.tlp <= world.organisation[organisation].ceiling


def _is_shared(label: Label) -> bool:
    return not label.private and len(label.clauses) > 0


def _person_reads(world: World, label: Label, person: int) -> bool:
    if person not in world.active_people:
        return False
    return _stands_behind(world, label, person) or (
        _is_shared(label) and all(_clause_takes_person(world, clause, person) for clause in label.clauses)
    )


def _stands_behind(world: World, label: Label, person: int) -> bool:
    return _is_author(world, label, person) or _is_steward(world, label, person)


def _holder_reads(world: World, label: Label, membership: int) -> bool:
    person = world.membership[membership].person
    current = world.members.get(person)
    if current is None or current.id != membership:
        return False
    return _stands_behind(world, label, person) or (
        _is_shared(label) and all(_clause_takes_holder(world, clause, current) for clause in label.clauses)
    )


def _organisation_reads(world: World, label: Label, organisation: int) -> bool:
    if world.organisation[organisation].status != ACTIVE or not _is_shared(label):
        return False
    return all(_clause_takes_organisation(world, clause, organisation) for clause in label.clauses)


def _peer_reads(label: Label) -> bool:
    if label.tlp not in {Tlp.CLEAR, Tlp.GREEN} or not _is_shared(label):
        return False
    return all(
        clause.everyone and not clause.except_classes and not clause.except_organisations for clause in label.clauses
    )


def _is_author(world: World, label: Label, person: int) -> bool:
    author = label.author if label.seal is None else world.sealed_membership[label.seal]
    membership = world.members.get(person)
    return membership is not None and membership.id == author


def _is_steward(world: World, label: Label, person: int) -> bool:
    membership = world.members.get(person)
    if membership is None or label.owner is None or label.author is None:
        return False
    return (
        world.stewards.get(label.owner) == membership.id
        and world.membership[label.author].ended
        and not label.private
        and label.tlp is not Tlp.RED
    )


def _clause_takes_person(world: World, clause: Clause, person: int) -> bool:
    membership = world.members.get(person)
    if membership is None:
        return _grants_reviewer(world, clause, person)
    return _clause_takes_holder(world, clause, membership) or (
        _grants_reviewer(world, clause, person) and not _excepts(world, clause, membership.organisation)
    )


def _clause_takes_holder(world: World, clause: Clause, membership: Membership) -> bool:
    """What a member's program shares with the member: nothing of what a reviewer is shown."""
    return _grants_membership(world, clause, membership) and not _excepts(world, clause, membership.organisation)


def _clause_takes_organisation(world: World, clause: Clause, organisation: int) -> bool:
    return _grants_organisation(world, clause, organisation) and not _excepts(world, clause, organisation)


def _grants_membership(world: World, clause: Clause, membership: Membership) -> bool:
    return (
        membership.id in clause.memberships
        or any((group, membership.id) in world.seated_memberships for group in clause.groups)
        or _grants_organisation(world, clause, membership.organisation)
    )


def _grants_organisation(world: World, clause: Clause, organisation: int) -> bool:
    return (
        clause.everyone
        or organisation in clause.organisations
        or not clause.sectors.isdisjoint(world.organisation[organisation].sectors)
        or any((group, organisation) in world.seated_organisations for group in clause.groups)
    )


def _grants_reviewer(world: World, clause: Clause, person: int) -> bool:
    if clause.programme_reviewers and person in world.office_reviewers:
        return True
    return any(person in world.group[group].moderators for group in clause.reviewer_groups)


def _excepts(world: World, clause: Clause, organisation: int) -> bool:
    if organisation in clause.except_organisations:
        return True
    return world.organisation[organisation].class_ in clause.except_classes
