"""Who stood where at a moment: memberships, seats and, from these, who may read a piece of the demonstration."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from infohub.programme.demonstration.organisations import Organisation


@dataclass(frozen=True)
class Stay:
    """A person's time with one organisation."""

    organisation: str
    start: datetime
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True)
class Person:
    """Somebody of the programme."""

    id: str
    name: str
    email: str
    language: str
    roles: tuple[str, ...]
    status: str
    topics: tuple[str, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class Place:
    """A seat in a group, of a person or of a whole organisation."""

    group: str
    start: datetime
    person: str | None = None
    organisation: str | None = None
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True)
class Reach:
    """Whom a piece is given to, with its marking and the moment that counts where it is frozen."""

    tlp: str
    published: datetime
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    everyone: bool = False
    public: bool = False
    frozen: bool = False
    except_classes: tuple[str, ...] = ()
    except_organisations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The people, organisations and seats of the programme, with the questions one asks of them."""

    organisations: dict[str, Organisation]
    people: dict[str, Person]
    places: dict[str, tuple[Place, ...]]

    @cached_property
    def _held(self) -> dict[tuple[str, str, str], list[Place]]:
        """The seats by group and holder, since this is asked some hundred thousand times."""
        found: dict[tuple[str, str, str], list[Place]] = {}
        for group, places in self.places.items():
            for place in places:
                key = (
                    (group, "person", place.person)
                    if place.person
                    else (group, "organisation", place.organisation or "")
                )
                found.setdefault(key, []).append(place)
        return found

    def stay(self, person: str, moment: datetime) -> Stay | None:
        """The membership that counted at the moment, if the person was a member then."""
        who = self.people[person]
        if who.status not in {"active", "left"}:
            return None
        for stay in who.stays:
            if stay.covers(moment):
                return stay if self.organisations[stay.organisation].status == "active" else None
        return None

    def seated(self, person: str, group: str, moment: datetime) -> bool:
        """Whether the person sat in the group at the moment, in person or through the organisation."""
        stay = self.stay(person, moment)
        if stay is None:
            return False
        own = self._held.get((group, "person", person), ())
        shared = self._held.get((group, "organisation", stay.organisation), ())
        return any(place.covers(moment) for place in (*own, *shared))

    def reads(self, person: str, reach: Reach, moment: datetime) -> bool:
        """Whether the person may read at the moment what was shared so; a frozen piece looks at its publication."""
        stay = self.stay(person, moment)
        if stay is None:
            return False
        home = self.organisations[stay.organisation]
        if home.rank in reach.except_classes or home.id in reach.except_organisations:
            return False
        if person in reach.people and stay.covers(reach.published):
            return True
        frozen = reach.frozen or reach.tlp == "RED"
        if frozen and not stay.covers(reach.published):
            return False
        return self._included(person, home, reach, reach.published if frozen else moment)

    def _included(self, person: str, home: Organisation, reach: Reach, moment: datetime) -> bool:
        if reach.everyone or home.id in reach.organisations or set(home.sectors) & set(reach.sectors):
            return True
        return any(self.seated(person, group, moment) for group in reach.groups)
