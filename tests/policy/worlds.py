"""Worlds, labels and viewers to ask the policy about: one small world with every shape, and generated ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, product
from random import Random

from infohub.standards.tlp import Tlp
from tests.policy.oracle import (
    Clause,
    Group,
    Label,
    Membership,
    Nobody,
    Organisation,
    OrganisationToken,
    PeerToken,
    Person,
    PersonalToken,
    Seal,
    Seat,
    Session,
    Viewer,
    World,
)
from tests.policy.random_worlds import random_label, random_world

GENERATED_WORLDS = 6
LABELS_PER_GENERATED_WORLD = 130

FINANCE, HEALTH = 1, 2
BANK, CLINIC, VENDOR, REGULATOR, NEWCOMER = 1, 2, 3, 4, 5
BANKING, INCIDENT = 1, 2
(ANN, BEN, CARA, DAN, EVE, FAY, GIL, HAL, IVY, JON, KIM, LEA, MAX, NED) = range(1, 15)
ANN_BANK, BEN_BANK, CARA_CLINIC, DAN_BANK, DAN_VENDOR, EVE_FIRST, EVE_AGAIN = 1, 2, 3, 4, 5, 6, 7
FAY_CLINIC, HAL_BANK, IVY_VENDOR, JON_REGULATOR, KIM_NEWCOMER, LEA_CLINIC, NED_BANK = 8, 9, 10, 11, 12, 13, 14
SEAL_OF_ANN, SEAL_DELETED, SEAL_OF_MOVER, SEAL_OF_JON = 1, 2, 3, 4


@dataclass(frozen=True)
class Scene:
    """A world with the labels and the viewers to ask about in it."""

    name: str
    world: World
    labels: tuple[Label, ...]
    viewers: tuple[Viewer, ...]

    @property
    def pairs(self) -> int:
        """How many questions this scene holds."""
        return len(self.labels) * len(self.viewers)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The different clauses of its labels."""
        return tuple(dict.fromkeys(clause for label in self.labels for clause in label.clauses))


def every_viewer(world: World) -> tuple[Viewer, ...]:
    """Nobody, every person signed in, and every token, under every ceiling (RED too, though none may be issued)."""
    sessions = [Session(person.id) for person in world.people]
    personal = [PersonalToken(membership.id, ceiling) for membership in world.memberships for ceiling in Tlp]
    owned = [OrganisationToken(organisation.id, ceiling) for organisation in world.organisations for ceiling in Tlp]
    return (Nobody(), *sessions, *personal, *owned, *(PeerToken(ceiling) for ceiling in Tlp))


def small_world() -> World:
    """Fourteen people in every state a person can be in, five organisations, two groups."""
    return World(
        organisations=(
            Organisation(BANK, "member", "active", frozenset({FINANCE})),
            Organisation(CLINIC, "member", "active", frozenset({HEALTH})),
            Organisation(VENDOR, "vendor", "active", frozenset({FINANCE, HEALTH}), Tlp.AMBER),
            Organisation(REGULATOR, "regulator", "suspended", frozenset({FINANCE})),
            Organisation(NEWCOMER, "member", "pending", frozenset({HEALTH})),
        ),
        people=tuple(
            Person(number, {FAY: "suspended", HAL: "left", MAX: "suspended", NED: "invited"}.get(number, "active"))
            for number in range(ANN, NED + 1)
        ),
        memberships=(
            Membership(ANN_BANK, ANN, BANK),
            Membership(BEN_BANK, BEN, BANK),
            Membership(CARA_CLINIC, CARA, CLINIC),
            Membership(DAN_BANK, DAN, BANK, ended=True),
            Membership(DAN_VENDOR, DAN, VENDOR),
            Membership(EVE_FIRST, EVE, BANK, ended=True),
            Membership(EVE_AGAIN, EVE, BANK),
            Membership(FAY_CLINIC, FAY, CLINIC),
            Membership(HAL_BANK, HAL, BANK, ended=True),
            Membership(IVY_VENDOR, IVY, VENDOR),
            Membership(JON_REGULATOR, JON, REGULATOR),
            Membership(KIM_NEWCOMER, KIM, NEWCOMER),
            Membership(LEA_CLINIC, LEA, CLINIC, ended=True),
            Membership(NED_BANK, NED, BANK),
        ),
        groups=(Group(BANKING, frozenset({GIL, IVY, MAX})), Group(INCIDENT, frozenset({ANN, FAY, JON}))),
        seats=(
            Seat(BANKING, membership=ANN_BANK),
            Seat(BANKING, membership=DAN_BANK),
            Seat(BANKING, membership=EVE_FIRST),
            Seat(BANKING, membership=CARA_CLINIC, ended=True),
            Seat(BANKING, membership=FAY_CLINIC),
            Seat(BANKING, organisation=VENDOR),
            Seat(INCIDENT, membership=BEN_BANK),
            Seat(INCIDENT, organisation=BANK, ended=True),
            Seat(INCIDENT, organisation=CLINIC),
            Seat(INCIDENT, organisation=REGULATOR),
            Seat(INCIDENT, membership=KIM_NEWCOMER),
        ),
        seals=(
            Seal(SEAL_OF_ANN, ANN_BANK),
            Seal(SEAL_DELETED, None),
            Seal(SEAL_OF_MOVER, DAN_BANK),
            Seal(SEAL_OF_JON, JON_REGULATOR),
        ),
        office_reviewers=frozenset({GIL, IVY, JON, MAX}),
        stewards={BANK: BEN_BANK, CLINIC: CARA_CLINIC, VENDOR: DAN_VENDOR, REGULATOR: JON_REGULATOR},
    )


NAMED_OUTSIDERS = Clause(memberships=frozenset({FAY_CLINIC, JON_REGULATOR, KIM_NEWCOMER}))
GRANTS = (
    Clause(),
    Clause(everyone=True),
    Clause(memberships=frozenset({ANN_BANK})),
    Clause(memberships=frozenset({DAN_BANK, EVE_FIRST})),
    Clause(memberships=frozenset({DAN_VENDOR, EVE_AGAIN})),
    NAMED_OUTSIDERS,
    Clause(organisations=frozenset({BANK})),
    Clause(organisations=frozenset({VENDOR})),
    Clause(organisations=frozenset({REGULATOR, NEWCOMER, CLINIC})),
    Clause(sectors=frozenset({FINANCE})),
    Clause(sectors=frozenset({HEALTH})),
    Clause(groups=frozenset({BANKING})),
    Clause(groups=frozenset({INCIDENT})),
    Clause(reviewer_groups=frozenset({BANKING})),
    Clause(reviewer_groups=frozenset({INCIDENT})),
    Clause(programme_reviewers=True),
)

EXCEPTIONS = (
    Clause(),
    Clause(except_classes=frozenset({"vendor"})),
    Clause(except_organisations=frozenset({BANK, REGULATOR})),
    Clause(except_classes=frozenset({"vendor", "regulator"}), except_organisations=frozenset({CLINIC})),
)

ATTRIBUTIONS = (
    Label(Tlp.CLEAR, owner=BANK, author=ANN_BANK),
    Label(Tlp.CLEAR, owner=BANK, author=DAN_BANK),
    Label(Tlp.CLEAR, owner=VENDOR, author=DAN_VENDOR),
    Label(Tlp.CLEAR, owner=BANK, author=EVE_FIRST),
    Label(Tlp.CLEAR, owner=BANK, author=EVE_AGAIN),
    Label(Tlp.CLEAR, owner=CLINIC, author=FAY_CLINIC),
    Label(Tlp.CLEAR, owner=BANK, author=HAL_BANK),
    Label(Tlp.CLEAR, owner=REGULATOR, author=JON_REGULATOR),
    Label(Tlp.CLEAR, owner=NEWCOMER, author=KIM_NEWCOMER),
    Label(Tlp.CLEAR, owner=CLINIC, author=LEA_CLINIC),
    Label(Tlp.CLEAR, owner=BANK),
    Label(Tlp.CLEAR, author=DAN_BANK),
    Label(Tlp.CLEAR, seal=SEAL_OF_ANN),
    Label(Tlp.CLEAR, seal=SEAL_DELETED),
    Label(Tlp.CLEAR, seal=SEAL_OF_MOVER),
    Label(Tlp.CLEAR, seal=SEAL_OF_JON),
)


def every_label() -> Iterator[Label]:
    """Every marking with every grant, exception and author's state, drafts, and every two clauses together.

    A label is private or has clauses, never both and never neither: the database refuses the rest.
    """
    by_ann, sealed = ATTRIBUTIONS[0], ATTRIBUTIONS[-3]
    for tlp, grant, exception in product(Tlp, GRANTS, EXCEPTIONS):
        yield replace(by_ann, tlp=tlp, clauses=(_excepting(grant, exception),))
    for tlp, attribution in product(Tlp, ATTRIBUTIONS):
        yield replace(attribution, tlp=tlp, private=True)
        yield replace(attribution, tlp=tlp, clauses=(Clause(),))
        yield replace(attribution, tlp=tlp, clauses=(NAMED_OUTSIDERS,))
    for attribution, grant in product(ATTRIBUTIONS, GRANTS[1::3]):
        yield replace(attribution, tlp=Tlp.AMBER, clauses=(grant,))
    for one, other in combinations_with_replacement(GRANTS, 2):
        yield replace(sealed, tlp=Tlp.GREEN, clauses=(one, _excepting(other, EXCEPTIONS[1])))


def small_scene() -> Scene:
    """The small world with every shape of label and every viewer."""
    world = small_world()
    return Scene("small world", world, tuple(dict.fromkeys(every_label())), every_viewer(world))


def generated_scene(seed: int, labels: int = LABELS_PER_GENERATED_WORLD) -> Scene:
    """A world nobody thought of; the same seed makes the same world."""
    random = Random(seed)
    world = random_world(random)
    made = tuple(random_label(random, world) for _ in range(labels))
    return Scene(f"generated world {seed}", world, made, every_viewer(world))


def every_scene() -> Iterator[Scene]:
    """The small world, then the generated ones."""
    yield small_scene()
    for seed in range(GENERATED_WORLDS):
        yield generated_scene(seed)


def _excepting(grant: Clause, exception: Clause) -> Clause:
    return replace(grant, except_classes=exception.except_classes, except_organisations=exception.except_organisations)
