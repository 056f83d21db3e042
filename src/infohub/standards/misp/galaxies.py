"""The tags of MISP's galaxies for what STIX has objects for: techniques, malware, tools, attackers, sectors."""

from __future__ import annotations

from .fields import Given, rows, text, words
from .tags import technique_tag

_GALAXIES = {
    "malware": ("malpedia", "mitre-malware"),
    "tool": ("tool", "mitre-tool"),
    "intrusion-set": ("threat-actor", "mitre-intrusion-set"),
    "threat-actor": ("threat-actor", "threat-actor"),
}
"""The galaxy for a name, and that of ATT&CK for one that has a number there."""

_SECTORS = {
    "agriculture": "Agriculture",
    "defense": "Defense",
    "education": "Education",
    "energy": "Energy",
    "financial-services": "Finance",
    "government": "Government, Administration",
    "healthcare": "Health",
    "hospitality-leisure": "Hospitality",
    "infrastructure": "Infrastructure",
    "manufacturing": "Manufacturing",
    "media": "News - Media",
    "non-profit": "NGO",
    "retail": "Retail",
    "technology": "Technology",
    "telecommunications": "Telecoms",
    "transportation": "Transport",
    "water": "Water",
}
"""Clusters of the galaxy of sectors, by the words of STIX."""


def galaxy_tag(given: Given) -> str:
    """The tag that says what the object says; empty where no galaxy has it, or where it was an attribute before."""
    kind, name = text(given, "type"), " ".join(text(given, "name").split()).replace('"', "'")
    if text(given, "x_misp_type"):
        return ""
    if kind == "attack-pattern":
        number = attack_number(given)
        return technique_tag(number, text(given, "name")) if number else ""
    if kind == "identity":
        return _sector_tag(given)
    if kind not in _GALAXIES or not name:
        return ""
    listed, of_attack = _GALAXIES[kind]
    number = attack_number(given)
    return f'misp-galaxy:{of_attack}="{name} - {number}"' if number else f'misp-galaxy:{listed}="{name}"'


def attack_number(given: Given) -> str:
    """The number that ATT&CK knows the object by."""
    references = (row or {} for _, row in rows(given, "external_references"))
    return next((text(row, "external_id") for row in references if text(row, "source_name") == "mitre-attack"), "")


def _sector_tag(given: Given) -> str:
    sectors = words(given, "sectors") if text(given, "identity_class") == "class" else ()
    known = [_SECTORS[word] for word in sectors if word in _SECTORS]
    return f'misp-galaxy:sector="{known[0]}"' if len(known) == 1 else ""
