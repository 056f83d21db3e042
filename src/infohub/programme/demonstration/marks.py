"""Invented indicators: domains under `.example`, documentation addresses, random hashes; shown defanged."""

from dataclasses import dataclass
from random import Random

_NETS = ("192.0.2", "198.51.100", "203.0.113")
_TAILS = ("hk", "online", "secure", "portal", "notice", "pay", "help", "info24", "account", "check")
_PATHS = ("v/otp.php", "login/step2", "track?id=8841", "img/px.gif", "a/gate", "doc/view", "api/push", "update.bin")
_SENDERS = ("billing", "no-reply", "accounts", "service", "payroll", "notice")


@dataclass(frozen=True)
class Mark:
    """An indicator: its letter in the texts, its value, and what it is."""

    letter: str
    value: str

    @property
    def shown(self) -> str:
        """As a person may read it: nothing a reader could click by accident."""
        if self.letter == "h":
            return self.value
        return self.value.replace("http", "hxxp").replace(".", "[.]").replace("@", "[@]")

    @property
    def sort(self) -> str:
        return {"d": "domain", "a": "ipv4", "v": "ipv6", "h": "sha256", "m": "email", "u": "url"}[self.letter]


def _domain(bait: list[str], roll: Random) -> str:
    words = [*roll.sample(bait, min(len(bait), 2)), roll.choice(_TAILS)]
    number = str(roll.randint(2, 98)) if roll.random() < 0.4 else ""
    return "-".join(words) + number + ".example"


def _value(letter: str, bait: list[str], roll: Random) -> str:
    if letter == "a":
        return f"{roll.choice(_NETS)}.{roll.randint(3, 250)}"
    if letter == "v":
        return f"2001:db8:{roll.randint(16, 65000):x}::{roll.randint(16, 65000):x}"
    if letter == "h":
        return f"{roll.getrandbits(256):064x}"
    if letter == "m":
        return f"{roll.choice(_SENDERS)}@{_domain(bait, roll)}"
    if letter == "u":
        return f"https://{_domain(bait, roll)}/{roll.choice(_PATHS)}"
    return _domain(bait, roll)


def new_marks(wanted: dict[str, int], bait: list[str], roll: Random) -> list[Mark]:
    """So many of each letter, no value twice."""
    found: dict[Mark, None] = {}
    for letter, count in wanted.items():
        goal = len(found) + count
        while len(found) < goal:
            found[Mark(letter, _value(letter, bait, roll))] = None
    return list(found)
