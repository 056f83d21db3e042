"""Worlds and labels drawn by lot, for the combinations nobody would write down."""

from collections.abc import Iterable
from random import Random
from typing import TypeVar

from infohub.standards.tlp import Tlp
from tests.policy.oracle import Clause, Group, Label, Membership, Organisation, Person, Seal, Seat, World

CLASSES = ("member", "vendor", "regulator", "association", "office")
GRANT_KINDS = (
    "everyone",
    "memberships",
    "organisations",
    "sectors",
    "groups",
    "reviewer_groups",
    "programme_reviewers",
)
SECTORS = (1, 2, 3)
GROUPS = (1, 2, 3)

Drawn = TypeVar("Drawn")


def random_world(random: Random) -> World:
    """Three to six organisations and fourteen to twenty people with a past."""
    organisations = tuple(_organisation(random, number) for number in range(1, random.randint(3, 6) + 1))
    people = tuple(
        Person(number, random.choices(("active", "suspended", "left", "invited"), (12, 1, 1, 1))[0])
        for number in range(1, random.randint(14, 20) + 1)
    )
    memberships = _memberships(random, people, organisations)
    return World(
        organisations=organisations,
        people=people,
        memberships=memberships,
        groups=tuple(Group(number, _some(random, _ids(people), 0.2)) for number in GROUPS),
        seats=_seats(random, memberships, organisations),
        seals=tuple(Seal(number, random.choice((None, *_ids(memberships)))) for number in range(1, 4)),
        office_reviewers=_some(random, _ids(people), 0.2),
        stewards=_stewards(random, memberships),
    )


def random_label(random: Random, world: World) -> Label:
    """A label of that world: private, or with one to three clauses; attributed to somebody in it or sealed."""
    private = random.random() < 0.1
    count = 0 if private else random.choices((1, 2, 3), (5, 3, 2))[0]
    clauses = tuple(_clause(random, world) for _ in range(count))
    tlp = random.choice(tuple(Tlp))
    if random.random() < 0.2:
        return Label(tlp, seal=random.choice(world.seals).id, private=private, clauses=clauses)
    owner = random.choice(world.organisations).id
    if random.random() < 0.05:
        return Label(tlp, owner=owner, private=private, clauses=clauses)
    author = random.choice(world.memberships)
    owner = author.organisation if random.random() < 0.9 else owner
    return Label(tlp, owner=owner, author=author.id, private=private, clauses=clauses)


def _organisation(random: Random, number: int) -> Organisation:
    status = random.choices(("active", "pending", "suspended", "left"), (7, 1, 1, 1))[0]
    ceiling = random.choice((Tlp.AMBER_STRICT, Tlp.AMBER_STRICT, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR))
    return Organisation(number, random.choice(CLASSES), status, _some(random, SECTORS, 0.4), ceiling)


def _memberships(
    random: Random, people: tuple[Person, ...], organisations: tuple[Organisation, ...]
) -> tuple[Membership, ...]:
    """Each person has up to two ended memberships and, most of them, one current; both may be in one organisation."""
    made: list[Membership] = []
    for person in people:
        states = [True] * random.choices((0, 1, 2), (5, 3, 1))[0] + [False] * (random.random() < 0.8)
        for ended in states:
            made.append(Membership(len(made) + 1, person.id, random.choice(organisations).id, ended))
    return tuple(made)


def _seats(
    random: Random, memberships: tuple[Membership, ...], organisations: tuple[Organisation, ...]
) -> tuple[Seat, ...]:
    """Seats given without regard to who has left since; a quarter of them have ended."""
    made: list[Seat] = []
    for group in GROUPS:
        personal = _some(random, _ids(memberships), 0.25)
        whole = _some(random, _ids(organisations), 0.25)
        made.extend(Seat(group, membership=number, ended=random.random() < 0.25) for number in personal)
        made.extend(Seat(group, organisation=number, ended=random.random() < 0.25) for number in whole)
    return tuple(made)


def _stewards(random: Random, memberships: tuple[Membership, ...]) -> dict[int, int]:
    """Some organisations named a steward, who may have left since."""
    named = random.sample(memberships, k=len(memberships) // 2)
    return {membership.organisation: membership.id for membership in named}


def _clause(random: Random, world: World) -> Clause:
    """One to three kinds of grant, and sometimes exceptions."""
    kinds = random.sample(GRANT_KINDS, k=random.choices((1, 2, 3), (5, 3, 1))[0])
    excepting = random.random() < 0.35
    return Clause(
        everyone="everyone" in kinds,
        memberships=_some(random, _ids(world.memberships), 0.4 * ("memberships" in kinds)),
        organisations=_some(random, _ids(world.organisations), 0.4 * ("organisations" in kinds)),
        sectors=_some(random, SECTORS, 0.5 * ("sectors" in kinds)),
        groups=_some(random, GROUPS, 0.5 * ("groups" in kinds)),
        reviewer_groups=_some(random, GROUPS, 0.5 * ("reviewer_groups" in kinds)),
        programme_reviewers="programme_reviewers" in kinds,
        except_classes=_some(random, CLASSES, 0.2 * excepting),
        except_organisations=_some(random, _ids(world.organisations), 0.2 * excepting),
    )


def _ids(things: Iterable[Organisation | Person | Membership]) -> tuple[int, ...]:
    return tuple(thing.id for thing in things)


def _some(random: Random, things: Iterable[Drawn], chance: float) -> frozenset[Drawn]:
    return frozenset(thing for thing in things if random.random() < chance)
