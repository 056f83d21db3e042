"""The sectors and the sixty organisations of the demonstration: all invented."""

from dataclasses import dataclass
from datetime import datetime

from infohub.programme.demonstration.almanac import before, opening_hours
from infohub.programme.demonstration.dice import dice

OFFICE = "exchange-office"
OPENED_DAYS = 800

SECTORS: dict[str, dict[str, str]] = {
    "finance": {"en": "Finance and insurance", "zh-hant": "金融及保險", "zh-hans": "金融及保险"},
    "health": {"en": "Healthcare", "zh-hant": "醫療護理", "zh-hans": "医疗护理"},
    "communications": {"en": "Communications and internet", "zh-hant": "電訊及互聯網", "zh-hans": "电信及互联网"},
    "utilities": {"en": "Utilities and transport", "zh-hant": "公用事業及運輸", "zh-hans": "公用事业及运输"},
    "commerce": {
        "en": "Retail, trade and hospitality",
        "zh-hant": "零售、貿易及款待",
        "zh-hans": "零售、贸易及酒店餐饮",
    },
    "education": {"en": "Education and public services", "zh-hant": "教育及公共服務", "zh-hans": "教育及公共服务"},
}


@dataclass(frozen=True)
class Organisation:
    """One organisation of the programme and how many representatives it has."""

    id: str
    name: str
    size: int
    sectors: tuple[str, ...]
    rank: str
    status: str
    since: datetime

    @property
    def domain(self) -> str:
        return f"{self.id}.example"


_MEMBERS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "finance": (
        ("lantern", "Lantern Trust Bank", 6),
        ("ferrypoint", "Ferry Point Bank", 6),
        ("ninedragons", "Nine Dragons Credit", 5),
        ("tramlane", "Tram Lane Securities", 4),
        ("tidewater", "Tidewater Savings Bank", 5),
        ("jadepier", "Jade Pier Insurance", 4),
        ("starquay", "Star Quay Asset Management", 3),
        ("redbrick", "Redbrick Credit Union", 2),
        ("morningbell", "Morning Bell Brokers", 3),
        ("silveroar", "Silver Oar Wallet", 4),
        ("harbourlight", "Harbourlight Bank", 4),
        ("easternlamp", "Eastern Lamp Life", 4),
    ),
    "health": (
        ("kwunhoi", "Kwun Hoi Dental", 2),
        ("pineslope", "Pine Slope Hospital", 6),
        ("lotuscourt", "Lotus Court Clinics", 4),
        ("baystreet", "Bay Street Laboratory", 3),
        ("cloudhill", "Cloud Hill Hospital", 5),
        ("evergreenhome", "Evergreen Home Care 長青家居護理", 2),
        ("lamphouse-eye", "Lamphouse Eye Centre", 2),
        ("bluedoor", "Blue Door Physiotherapy", 1),
    ),
    "communications": (
        ("seagull", "Seagull Broadband", 5),
        ("peakline", "Peakline Mobile", 5),
        ("ridgeway", "Ridgeway Fibre", 3),
        ("kitemobile", "Kite Mobile", 4),
        ("bamboo-ix", "Bamboo Internet Exchange", 3),
        ("islethosting", "Islet Hosting", 3),
        ("namewell", "Namewell Registrar", 3),
    ),
    "utilities": (
        ("copperisland", "Copper Island Electric", 5),
        ("clearspring", "Clearspring Water", 4),
        ("whitewake", "White Wake Ferries", 4),
        ("hillside-trams", "Hillside Tramways", 3),
        ("greenflag", "Green Flag Buses", 3),
        ("stonewharf", "Stonewharf Gas", 3),
        ("eastgate", "Eastgate Container Terminal", 4),
        ("skybridge", "Skybridge Ground Handling", 3),
    ),
    "commerce": (
        ("goldenthimble", "Golden Thimble Tailors", 2),
        ("fooklane", "Fook Lane Trading 福里貿易", 2),
        ("sunnywok", "Sunny Wok Restaurants", 2),
        ("papercrane", "Paper Crane Stationery", 1),
        ("threebells", "Three Bells Bakery 三鐘餅家", 1),
        ("swiftsampan", "Swift Sampan Logistics", 3),
        ("moonkite", "Moonkite Toys", 2),
        ("marigold", "Marigold Hotels", 4),
        ("brickfield", "Brickfield Property", 3),
        ("inkanchor", "Ink and Anchor Printing", 2),
    ),
    "education": (
        ("liongate", "Lion Gate Polytechnic", 4),
        ("quayschools", "Quayside Schools Trust", 2),
        ("bluebell", "Bluebell Library Service", 2),
        ("openhands", "Open Hands Charity", 2),
        ("cityrecords", "City Records Office", 3),
    ),
}

_OTHERS: tuple[tuple[str, str, int, str, tuple[str, ...]], ...] = (
    ("marlow", "Marlow Secure", 4, "vendor", ("finance", "commerce")),
    ("brightwharf", "Brightwharf Payments", 4, "vendor", ("finance",)),
    ("stackhold", "Stackhold Systems", 3, "vendor", ("communications",)),
    ("tallship", "Tallship Managed Security", 4, "vendor", ("utilities", "health")),
    ("inkstone", "Inkstone Software", 3, "vendor", ("commerce", "education")),
    ("conduct-authority", "Monetary Conduct Authority", 3, "regulator", ("finance",)),
    ("licensing-board", "Communications Licensing Board", 2, "regulator", ("communications",)),
    ("tradersunion", "Street Traders Association 街坊商戶聯會", 2, "association", ("commerce",)),
    ("clinicsfederation", "Federation of Private Clinics", 1, "association", ("health",)),
    (OFFICE, "Harbour Cyber Exchange Office", 8, "office", ()),
)

_STATUS = {"redbrick": "suspended", "moonkite": "left", "bluedoor": "pending"}
_FOUNDERS = {OFFICE, "lantern", "kwunhoi", "marlow", "conduct-authority"}
_EARLY = {
    "threebells", "sunnywok", "tradersunion", "whitewake", "bamboo-ix", "hillside-trams", "bluebell", "liongate",
    "marigold", "eastgate", "copperisland", "namewell", "lotuscourt", "lamphouse-eye", "cloudhill", "ridgeway",
    "silveroar", "fooklane", "papercrane", "goldenthimble", "kitemobile", "tramlane",
}  # fmt: skip
"""Joined in the first weeks whatever the dice say, because stories of theirs are told from the start."""


def _since(key: str, now: datetime) -> datetime:
    """Two thirds joined in the first weeks, the others over the two years; the newest one is still being vetted."""
    if key in _FOUNDERS:
        return opening_hours(before(now, OPENED_DAYS))
    if _STATUS.get(key) == "pending":
        return before(now, 6)
    roll = dice("since", key)
    days = roll.uniform(760, 798) if key in _EARLY or roll.random() < 0.66 else roll.uniform(70, 740)
    return opening_hours(before(now, days))


def organisations(now: datetime) -> dict[str, Organisation]:
    """All organisations by id, members first."""
    found = [
        Organisation(key, name, size, (sector,), "member", _STATUS.get(key, "active"), _since(key, now))
        for sector, rows in _MEMBERS.items()
        for key, name, size in rows
    ]
    found += [
        Organisation(key, name, size, sectors, rank, "active", _since(key, now))
        for key, name, size, rank, sectors in _OTHERS
    ]
    return {organisation.id: organisation for organisation in found}
