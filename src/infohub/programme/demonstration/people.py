"""The two hundred people of the demonstration and their memberships: the cast others rely on, the office, the rest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from infohub.programme.demonstration.almanac import before, opening_hours
from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.organisations import OFFICE, Organisation
from infohub.programme.demonstration.standing import Person, Stay

_CANTONESE = (
    "Wong Chan Lau Ho Ng Cheung Leung Yip Tsang Kwok Mok Poon Tam Fung Chow Yuen Siu Lam Choi Hui Kwan Ma So Tong Tse "
    "Wan Yeung Chiu Fong Ip Kan Lai Lo Luk Mak Ngai Pang Shum Szeto To"
)
_PINYIN = "Zhang Liu Chen Yang Zhao Huang Zhou Xu Sun Zhu Gao Lin Guo Xie Deng"
_WESTERN = "Harper Mehta Okafor Ferreira Whitlock Nakamura Rao Sandoval Petrov Brandt Oduya Santos Keane"
_INITIALS = "ABCDEFGHJKLMNPRSTVWY"

_TOPICS = {
    "finance": ("payment fraud", "phishing", "account takeover", "card acceptance", "third-party risk", "cloud"),
    "health": ("ransomware", "medical devices", "patient data", "imaging", "business continuity"),
    "communications": ("DDoS", "routing", "DNS", "SIM swap", "abuse desk", "spam"),
    "utilities": ("control systems", "remote access", "physical security", "ticketing", "suppliers"),
    "commerce": ("phishing", "online shops", "card acceptance", "backups", "staff awareness"),
    "education": ("accounts", "open networks", "patching", "personal data", "staff awareness"),
    "": ("programme", "public advisories", "exercises", "standards", "statistics"),
}

_CAST: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "lantern": (
        ("ann", "Ann Fong", "en", ""),
        ("ben", "Ben Lau", "zh-hant", ""),
        ("dora", "Dora Whitlock", "en", ""),
    ),
    "kwunhoi": (("cara", "Cara Yip", "en", ""),),
    "marlow": (("eve", "Eve Marlow", "en", ""),),
    OFFICE: (
        ("opal", "Opal Harte", "en", "site_administrator moderator"),
        ("mori", "Mori Tsang", "zh-hant", "moderator"),
        ("grace", "G. Lam", "en", "programme_manager"),
        ("vera", "V. Kwong", "zh-hant", "vetting_officer"),
        ("fay", "F. Sham", "zh-hant", "desk_agent"),
        ("hugo", "H. Pereira", "en", "desk_agent"),
        ("yan", "Y. Zheng", "zh-hans", "desk_agent"),
        ("theo", "T. Bell", "en", "expert"),
    ),
}

_EXPERTS = {
    "tramlane": 1, "pineslope": 1, "seagull": 1, "copperisland": 1, "liongate": 1, "tallship": 1, "namewell": 2,
    "silveroar": 1, "stackhold": 1, "bamboo-ix": 1,
}  # fmt: skip
"""Which representative of the organisation (1 is the second) also answers as an expert."""

_INVITED = (("jadepier", 3), ("marigold", 3), ("eastgate", 3), ("inkstone", 2), ("bluedoor", 0))
_SUSPENDED = ("brickfield", 2)
_LEAVERS = (
    ("ferrypoint", 5), ("pineslope", 5), ("seagull", 4), ("copperisland", 4), ("tidewater", 4), ("liongate", 3),
    ("peakline", 4), ("whitewake", 3), ("moonkite", 0), ("moonkite", 1),
)  # fmt: skip
_MOVERS = (
    ("ninedragons", 4, "tidewater"), ("cloudhill", 4, "lotuscourt"), ("kitemobile", 3, "seagull"),
    ("tallship", 3, "copperisland"), ("silveroar", 3, "ferrypoint"), ("clearspring", 3, "greenflag"),
    ("cityrecords", 2, "liongate"),
)  # fmt: skip


def _names() -> Iterator[tuple[str, str]]:
    """Initial and surname, never twice the same, with the language such a person prefers."""
    roll = dice("names")
    pool = [(name, "hant") for name in _CANTONESE.split()] * 6 + [(name, "hans") for name in _PINYIN.split()] * 4
    pool += [(name, "en") for name in _WESTERN.split()] * 3
    roll.shuffle(pool)
    used: set[str] = set()
    for surname, origin in pool:
        initial = roll.choice(_INITIALS)
        while f"{initial}. {surname}" in used:
            initial = roll.choice(_INITIALS)
        used.add(f"{initial}. {surname}")
        habit = {"hant": ("zh-hant", 0.52), "hans": ("zh-hans", 0.62), "en": ("en", 1.0)}[origin]
        yield f"{initial}. {surname}", habit[0] if roll.random() < habit[1] else "en"


def _roles(home: Organisation, index: int, extra: str) -> tuple[str, ...]:
    """The first of each organisation administers it; at the office that is the programme manager."""
    chief = "programme_manager" in extra if home.id == OFFICE else index == 0
    expert = _EXPERTS.get(home.id) == index
    return (
        "representative",
        *(["organisation_administrator"] if chief else []),
        *(["expert"] if expert else []),
        *extra.split(),
    )


def _person(home: Organisation, index: int, given: tuple[str, str, str, str], now: datetime) -> Person:
    key, name, language, extra = given
    roll = dice("person", key)
    start = home.since
    if index >= len(_CAST.get(home.id, ())) and index > 1:
        days = (now - home.since).days * (1 - roll.random() ** 2 * 0.9)
        start = max(home.since, opening_hours(before(now, days)))
    topics = _TOPICS[home.sectors[0] if home.sectors else ""]
    return Person(
        id=key,
        name=name,
        email=f"{key}@{home.domain}",
        language=language,
        roles=_roles(home, index, extra),
        status="active",
        topics=tuple(sorted(roll.sample(topics, roll.randint(1, 3)))),
        stays=(Stay(home.id, start),),
    )


def _everybody(homes: dict[str, Organisation], now: datetime) -> Iterator[Person]:
    fresh = _names()
    for home in homes.values():
        cast = _CAST.get(home.id, ())
        for index in range(home.size):
            if index < len(cast):
                given = cast[index]
            else:
                name, language = next(fresh)
                given = (name.lower().replace(". ", "."), name, language, "")
            yield _person(home, index, given, now)


def _leave(person: Person, now: datetime) -> Person:
    start = person.stays[0].start
    end = opening_hours(before(now, (now - start).days * dice("leave", person.id).uniform(0.15, 0.5)))
    return replace(person, status="left", stays=(replace(person.stays[0], end=end),))


def _move(person: Person, to: Organisation, now: datetime) -> Person:
    """Moved to another organisation, with a week between the two memberships."""
    first = person.stays[0]
    latest = max(first.start + timedelta(days=20), to.since)
    day = before(now, dice("move", person.id).uniform(40, max(41, (now - latest).days)))
    end = max(opening_hours(day), first.start + timedelta(days=20))
    second = opening_hours(max(end, to.since) + timedelta(days=7))
    return replace(person, email=f"{person.id}@{to.domain}", stays=(replace(first, end=end), Stay(to.id, second)))


def people(homes: dict[str, Organisation], now: datetime) -> dict[str, Person]:
    """Everybody by id."""
    found = list(_everybody(homes, now))
    at: dict[tuple[str, int], int] = {}
    for place, person in enumerate(found):
        home = person.stays[0].organisation
        at[home, sum(1 for key, _ in at if key == home)] = place
    for seat in _INVITED:
        found[at[seat]] = replace(found[at[seat]], status="invited")
    found[at[_SUSPENDED]] = replace(found[at[_SUSPENDED]], status="suspended")
    for seat in _LEAVERS:
        found[at[seat]] = _leave(found[at[seat]], now)
    for home, index, to in _MOVERS:
        found[at[home, index]] = _move(found[at[home, index]], homes[to], now)
    found.append(_auditor())
    return {person.id: person for person in found}


def _auditor() -> Person:
    """The steering body's auditor belongs to no member organisation, so that neutrality can be seen."""
    return Person(
        id="iris",
        name="I. Ferrand",
        email="iris@steering-body.example",
        language="en",
        roles=("auditor",),
        status="active",
        topics=("governance",),
        stays=(),
    )
