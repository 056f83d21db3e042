"""Puts the demonstration together as one programme file."""

from datetime import datetime

from infohub.programme.demonstration.almanac import written
from infohub.programme.demonstration.groups import GROUPS, Group, Register, moderators, places
from infohub.programme.demonstration.organisations import SECTORS, Organisation, organisations
from infohub.programme.demonstration.people import people
from infohub.programme.demonstration.pieces import items
from infohub.programme.demonstration.standing import Person, Place, Standing
from infohub.programme.demonstration.tokens import COLLECTIONS, tokens

_PROGRAMME = {
    "name": {"en": "Harbour Cyber Exchange", "zh-hant": "海港網絡安全交流計劃", "zh-hans": "海港网络安全交流计划"},
    "time_zone": "Asia/Hong_Kong",
}


def _organisation(home: Organisation) -> dict[str, object]:
    return {
        "id": home.id,
        "name": home.name,
        "sectors": list(home.sectors),
        "class": home.rank,
        "status": home.status,
        "domains": [home.domain],
        "since": written(home.since),
    }


def _person(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "roles": list(person.roles),
        "status": person.status,
        "topics": list(person.topics),
        "memberships": [
            {"organisation": stay.organisation, "from": written(stay.start), "to": written(stay.end)}
            for stay in person.stays
        ],
    }


def _seat(place: Place) -> dict[str, object]:
    holder = {"organisation": place.organisation} if place.person is None else {"person": place.person}
    return {**holder, "from": written(place.start), "to": written(place.end)}


def _group(group: Group, seats: tuple[Place, ...], register: Register) -> dict[str, object]:
    return {
        "id": group.id,
        "name": group.name,
        "kind": group.kind,
        "listed": group.listed,
        "default_tlp": group.default_tlp,
        "review": group.review,
        "moderators": moderators(group, seats, register),
        "seats": [_seat(place) for place in seats],
    }


def programme_file(now: datetime) -> dict[str, object]:
    """The whole demonstration, as it would have been written down at the moment given."""
    homes = organisations(now)
    everybody = people(homes, now)
    register = Register(homes, everybody, now)
    seats = places(register)
    standing = Standing(homes, everybody, seats)
    return {
        "format": "infohub-programme/1",
        "programme": _PROGRAMME,
        "sectors": [{"id": key, "name": name} for key, name in SECTORS.items()],
        "organisations": [_organisation(home) for home in homes.values()],
        "people": [_person(person) for person in everybody.values()],
        "groups": [_group(group, seats[group.id], register) for group in GROUPS],
        "tokens": tokens(now),
        "collections": [dict(collection) for collection in COLLECTIONS],
        "items": items(standing, now),
    }
