"""The people of the bench: organisations, representatives, sectors, groups and their seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypeVar

from django.db.models import Model

from infohub.members.models import Group, Membership, Organisation, Person, Seat, Sector

ORGANISATIONS, SECTORS, GROUPS = 100, 8, 30
SEATED = (15, 90)
APART = "association"  # the class left out of what goes to all members: its people read one group and little else

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Register:
    """Who is there; the last membership is the one of somebody who reads one piece in a hundred."""

    sectors: list[Sector]
    organisations: list[Organisation]
    memberships: list[Membership]
    groups: list[Group]

    @property
    def ordinary(self) -> Membership:
        return self.memberships[0]

    @property
    def narrow(self) -> Membership:
        return self.memberships[-1]

    @property
    def corner(self) -> Group:
        """The group of whoever reads little."""
        return self.groups[-1]


def settled(random: Random, *, people: int, since: datetime) -> Register:
    """Make them all."""
    sectors = _made(Sector, [Sector(key=f"sector-{n}", names={"en": f"Sector {n}"}) for n in range(SECTORS)])
    organisations = _organisations(since)
    through = Organisation.sectors.through
    rows = [through(organisation=one, sector=sectors[n % SECTORS]) for n, one in enumerate(organisations)]
    through.objects.bulk_create(rows)
    memberships = _memberships(organisations, people, since)
    groups = _made(Group, [Group(ref=f"GR-B{n:03}", names={"en": f"Group {n}"}) for n in range(GROUPS)])
    register = Register(sectors, organisations, memberships, groups)
    Seat.objects.bulk_create(_seats(random, register, since))
    return register


def _organisations(since: datetime) -> list[Organisation]:
    rows = [
        Organisation(ref=f"OR-B{n:03}", name=f"Organisation {n}", status="active", since=since)
        for n in range(ORGANISATIONS)
    ]
    rows[-1].organisation_class = APART
    return _made(Organisation, rows)


def _memberships(organisations: Sequence[Organisation], people: int, since: datetime) -> list[Membership]:
    """Everybody represents one of the organisations; the last person alone the last one."""
    persons = _made(
        Person,
        [
            Person(
                email=f"p{n}@bench.example", name=f"Person {n}", status="active", password="!", terms_accepted_at=since
            )
            for n in range(people)
        ],
    )
    homes = [organisations[n % (len(organisations) - 1)] for n in range(people - 1)] + [organisations[-1]]
    rows = [Membership(person=one, organisation=home, started=since) for one, home in zip(persons, homes, strict=True)]
    return _made(Membership, rows)


def _seats(random: Random, register: Register, since: datetime) -> list[Seat]:
    """A few dozen people in each group; the ordinary member sits in four, the other one in a corner."""
    everybody = register.memberships[1:-1]
    seats = []
    for number, group in enumerate(register.groups):
        seated = random.sample(everybody, min(random.randint(*SEATED), len(everybody)))
        seated += [register.ordinary] if number < 4 else []
        seated += [register.narrow] if group is register.corner else []
        seats += [Seat(group=group, membership=one, started=since) for one in seated]
    return seats


def _made(model: type[M], rows: list[M]) -> list[M]:
    return model._base_manager.bulk_create(rows, batch_size=1000)
