"""Invented indicators, as many different ones as a measurement needs: addresses, names, links and hashes in turn."""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address

FREQUENT = 2
"""Indicators of every piece that some hundred others have as well."""

EVERYWHERE = ("ipv4", "203.0.113.5")
"""The one that every tenth piece has."""

_MEASURING = IPv4Address("198.18.0.0")  # the network that RFC 2544 keeps for measurements
_ADDRESSES = 2**17


def frequent(number: int) -> tuple[str, str]:
    """One of 254 addresses that stand in many pieces."""
    return "ipv4", f"198.51.100.{number % 254}"


def value(number: int) -> tuple[str, str]:
    """The kind and the value of this number."""
    kinds = ("ipv4", "domain", "url", "sha256")
    which, turn = kinds[number % 4], number // 4
    if which == "ipv4":
        return which, str(_MEASURING + turn % _ADDRESSES)
    if which == "sha256":
        return which, hashlib.sha256(str(number).encode()).hexdigest()
    host = f"host{turn}.measured.example"
    return which, host if which == "domain" else f"https://{host}/sign-in"
