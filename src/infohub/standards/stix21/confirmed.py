"""What a person confirmed of a piece as STIX: techniques, malicious programs, attackers, tools, campaigns, sectors.

Each is an object of the piece, under an id of its own and with the piece's marking: only MITRE makes versions of the
objects of ATT&CK, so these are referred to. No relationship stands between them, because nobody said one.
"""

from dataclasses import dataclass
from uuid import UUID

ATTACK_STIX = "attack-stix-data"
"""The name under which an object of ATT&CK itself is referred to; its repository is called so."""

_TYPES = {
    "technique": "attack-pattern",
    "malware": "malware",
    "actor": "threat-actor",
    "tool": "tool",
    "campaign": "campaign",
    "sector": "identity",
}
_PAGES = {"T": "techniques", "G": "groups", "S": "software", "C": "campaigns"}
# In the words of the standard's vocabulary (section 10.9) as far as it has them.
_SECTORS = {
    "communications": "telecommunications",
    "defence": "defense",
    "finance": "financial-services",
    "health": "healthcare",
    "hospitality": "hospitality-leisure",
    "nonprofit": "non-profit",
    "transport": "transportation",
}


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One of them; `kind` and `value` in the words of `analysis.assertions`, `name` as the object is called.

    `attack` is its number in ATT&CK, `attack_stix` the id of ATT&CK's own object, both empty where there is none.
    `sectors` are those of the analysis that a programme's own sector covers.
    """

    uuid: UUID
    kind: str
    value: str
    name: str
    attack: str = ""
    attack_stix: str = ""
    sectors: tuple[str, ...] = ()

    @property
    def stix_type(self) -> str:
        """What it is in STIX; empty where STIX has no object that says no more than was confirmed."""
        if self.kind == "actor" and self.attack:
            return "intrusion-set"  # what ATT&CK calls a group
        return _TYPES.get(self.kind, "")

    @property
    def id(self) -> str:
        return f"{self.stix_type}--{self.uuid}"


def own_properties(one: Confirmed) -> dict[str, object]:
    """What the object says beyond what all objects of a piece say."""
    said: dict[str, object] = {"name": one.name}
    if one.kind == "malware":
        said["is_family"] = True
    elif one.kind == "sector":
        said |= {"identity_class": "class", "sectors": [_SECTORS.get(key, key) for key in one.sectors or (one.value,)]}
    references = [*_references(one)]
    return said | ({"external_references": references} if references else {})


def _references(one: Confirmed) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    if one.attack:
        page = f"https://attack.mitre.org/{_PAGES[one.attack[0]]}/{one.attack.replace('.', '/')}"
        found.append({"source_name": "mitre-attack", "external_id": one.attack, "url": page})
    if one.attack_stix:
        found.append({"source_name": ATTACK_STIX, "external_id": one.attack_stix})
    return found
