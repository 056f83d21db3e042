"""The eight groups of the demonstration and who sits in them, in person or as an organisation."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infohub.programme.demonstration.almanac import before, opening_hours
from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.organisations import Organisation
from infohub.programme.demonstration.standing import Person, Place, Stay

INCIDENT_DAYS = 9.0


@dataclass(frozen=True)
class Group:
    """A circle: its names, its rules and where its seats come from."""

    id: str
    name: dict[str, str]
    kind: str
    default_tlp: str
    moderators: tuple[str, ...]
    sectors: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    homes: dict[str, int] = field(default_factory=dict)
    listed: bool = True
    review: bool = False


GROUPS = (
    Group(
        "banking", {"en": "Banking", "zh-hant": "銀行業", "zh-hans": "银行业"}, "sector", "AMBER", ("ann",),
        sectors=("finance",), people=("ann", "ben", "eve", "theo"), homes={"brightwharf": 2, "silveroar": 2},
        organisations=("ferrypoint", "tidewater", "harbourlight", "ninedragons", "conduct-authority"),
    ),
    Group(
        "healthcare", {"en": "Healthcare", "zh-hant": "醫療護理", "zh-hans": "医疗护理"}, "sector", "AMBER", (),
        sectors=("health",), people=("cara", "theo", "fay"), homes={"clinicsfederation": 1, "tallship": 2},
        organisations=("pineslope", "cloudhill"),
    ),
    Group(
        "telecom",
        {"en": "Telecommunications and ISPs", "zh-hant": "電訊及互聯網服務", "zh-hans": "电信及互联网服务"},
        "sector", "AMBER", (), sectors=("communications",), people=("theo",), homes={"stackhold": 2},
        organisations=("seagull", "peakline", "bamboo-ix", "licensing-board"),
    ),
    Group(
        "utilities",
        {"en": "Public utilities and transport", "zh-hant": "公用事業及運輸", "zh-hans": "公用事业及运输"},
        "sector", "AMBER", (), sectors=("utilities",), people=("theo",), homes={"tallship": 2},
        organisations=("copperisland", "clearspring"),
    ),
    Group(
        "smes", {"en": "Small and medium firms", "zh-hant": "中小企業", "zh-hans": "中小企业"}, "sector", "GREEN",
        ("fay",), sectors=("commerce",), people=("cara", "fay", "hugo", "yan", "mori", "eve"),
        homes={"tradersunion": 2, "inkstone": 2, "openhands": 1, "quayschools": 1}, review=True,
    ),
    Group(
        "incident-room",
        {"en": "Incident room: payment gateway", "zh-hant": "事故應變室：付款閘道", "zh-hans": "事件响应室：支付网关"},
        "incident", "AMBER+STRICT", ("mori",), people=("mori", "theo", "ann", "ben", "eve"), listed=False,
        homes={"brightwharf": 2, "silveroar": 2, "ferrypoint": 2, "tidewater": 1, "harbourlight": 1, "marigold": 1},
    ),
    Group(
        "malware", {"en": "Malware analysis", "zh-hant": "惡意軟件分析", "zh-hans": "恶意软件分析"}, "topic", "AMBER",
        ("eve",), people=("eve", "ann", "theo"),
        homes={
            "marlow": 2, "tallship": 2, "ferrypoint": 2, "tidewater": 1, "seagull": 2, "islethosting": 2,
            "copperisland": 1, "liongate": 3, "pineslope": 1, "cityrecords": 1, "stackhold": 1, "namewell": 1,
            "ninedragons": 2, "kitemobile": 1, "swiftsampan": 1,
        },
    ),
    Group(
        "policy", {"en": "Policy and compliance", "zh-hant": "政策與合規", "zh-hans": "政策与合规"}, "topic", "GREEN",
        ("mori",), people=("ben", "cara", "mori", "grace", "dora"),
        organisations=("conduct-authority", "licensing-board"),
        homes={
            "jadepier": 2, "easternlamp": 2, "starquay": 1, "pineslope": 2, "cloudhill": 1, "peakline": 1,
            "copperisland": 1, "skybridge": 1, "marigold": 1, "liongate": 1, "cityrecords": 2, "quayschools": 1,
            "tramlane": 1, "baystreet": 1,
        },
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Register:
    """The organisations and people from which the groups take their seats, at a moment."""

    homes: dict[str, Organisation]
    people: dict[str, Person]
    now: datetime

    def of(self, organisation: str) -> list[Person]:
        """Active representatives whose present membership is with the organisation."""
        return [
            person
            for person in self.people.values()
            if person.status == "active" and person.stays and person.stays[-1].organisation == organisation
        ]

    def seat(self, group: Group, person: Person, stay: Stay) -> Place | None:
        """A personal seat, from a few days after the membership began to its end."""
        later = dice("seat", group.id, person.id, stay.organisation).uniform(1, 16)
        start = opening_hours(stay.start + timedelta(days=later))
        if group.kind == "incident":
            start = before(self.now, INCIDENT_DAYS - later / 40)
        if start >= self.now or (stay.end is not None and start >= stay.end):
            return None
        return Place(group.id, start, person=person.id, end=stay.end)


def _personal(group: Group, register: Register) -> list[Place]:
    chosen = [(person, person.stays[-1]) for person in map(register.people.__getitem__, group.people)]
    for home, count in group.homes.items():
        chosen += [(person, person.stays[-1]) for person in register.of(home)[:count]]
    for person in register.people.values():
        if person.id == "dora" or person.status in {"invited", "suspended"}:
            continue
        for stay in person.stays:
            theirs = register.homes[stay.organisation]
            if theirs.rank == "member" and set(theirs.sectors) & set(group.sectors):
                chosen.append((person, stay))
    seats: dict[tuple[str, str], Place] = {}
    for person, stay in chosen:
        seat = register.seat(group, person, stay)
        if stay.organisation not in group.organisations and seat is not None:
            seats[person.id, stay.organisation] = seat
    return list(seats.values())


def _collective(group: Group, register: Register) -> list[Place]:
    found = []
    for key in group.organisations:
        since = register.homes[key].since
        later = dice("seat", group.id, key).uniform(3, 25)
        found.append(Place(group.id, opening_hours(since + timedelta(days=later)), organisation=key))
    return found


def places(register: Register) -> dict[str, tuple[Place, ...]]:
    """All seats, by group."""
    return {group.id: (*_collective(group, register), *_personal(group, register)) for group in GROUPS}


def moderators(group: Group, seats: tuple[Place, ...], register: Register) -> list[str]:
    """Those named, or else the administrator of the first organisation seated."""
    if group.moderators:
        return list(group.moderators)
    first = next(place.organisation for place in seats if place.organisation is not None)
    return [register.of(first)[0].id]
