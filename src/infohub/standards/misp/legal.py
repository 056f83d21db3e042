"""What may stand in a place of a STIX pattern: each value in the one spelling that all who look for it use."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_interface

from infohub.standards.stix21.patterns import full_key, legal_address

from .kinds import ADDRESS, IMPHASH, RESOLVED, SOURCE, TARGET, TARGET_NAME, TYPES

Value = str | int

_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,126}\Z")
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\Z")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]+)(.*)\Z", re.DOTALL)
_NETWORK = re.compile(r"(?:AS)?([0-9]{1,10})\Z", re.IGNORECASE | re.ASCII)
_PORT = re.compile(r"[0-9]{1,5}\Z", re.ASCII)
_MAC = re.compile(r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\Z", re.IGNORECASE | re.ASCII)
_HEXADECIMAL = re.compile(r"[0-9a-f]+\Z", re.ASCII)
_SSDEEP = re.compile(r"[0-9]{1,10}(?::[A-Za-z0-9/+]{1,148}){2}\Z", re.ASCII)
_TLSH = re.compile(r"(?:T1)?([0-9A-F]{70})\Z", re.ASCII)
_LENGTHS = {"MD5": 32, "1": 40, "224": 56, "256": 64, "384": 96, "512": 128}


def address(written: str) -> str | None:
    """An IP address or network; with a zone it would mean something on one machine alone."""
    try:
        found = ip_interface(written)
    except ValueError:
        return None
    if "%" in written:
        return None
    whole = found.network.prefixlen == found.max_prefixlen
    return str(found.ip if whole else found)


def host(written: str) -> str | None:
    name = written.lower().rstrip(".")
    return name if _HOST.match(name) and address(name) is None else None


def url(written: str) -> str | None:
    """The address with scheme and host in small letters, and only with what a URI may hold."""
    found = _URL.match(written)
    if found is None:
        return None
    scheme, server, rest = found.groups()
    login, sign, name = server.rpartition("@")
    return legal_address(f"{scheme.lower()}://{login}{sign}{name.lower()}{rest}")


def mailbox(written: str) -> str | None:
    return written.lower() if _MAILBOX.match(written) else None


def network(written: str) -> int | None:
    found = _NETWORK.match(written)
    return int(found[1]) if found and int(found[1]) < 2**32 else None


def port(written: str) -> int | None:
    return int(written) if _PORT.match(written) and int(written) < 2**16 else None


def hardware(written: str) -> str | None:
    return written.lower().replace("-", ":") if _MAC.match(written) else None


def key(written: str) -> str | None:
    return full_key(written) or None


def digest(algorithm: str) -> Callable[[str], str | None]:
    """How a digest of this algorithm is written."""
    if algorithm == "SSDEEP":
        return lambda written: written if _SSDEEP.match(written) and len(written) <= 128 else None
    if algorithm == "TLSH":
        return lambda written: found[1] if (found := _TLSH.match(written.upper())) else None
    length = _LENGTHS[algorithm.rpartition("-")[2]]
    return lambda written: found if len(found := written.lower()) == length and _HEXADECIMAL.match(found) else None


_FORMS: dict[str, Callable[[str], Value | None]] = {
    "domain-name:value": host,
    "url:value": url,
    "email-addr:value": mailbox,
    "mac-addr:value": hardware,
    "autonomous-system:number": network,
    ADDRESS: address,
    RESOLVED: address,
    SOURCE: address,
    TARGET: address,
    TARGET_NAME: host,
    "network-traffic:src_port": port,
    "network-traffic:dst_port": port,
    "windows-registry-key:key": key,
    IMPHASH: digest("MD5"),
    **{
        path: digest(path.rpartition(".")[2].strip("'"))
        for kind in TYPES.values()
        for path in kind.paths
        if ":hashes." in path
    },
}


def legal(path: str, written: str) -> Value | None:
    """The value as it is written in this place; None where it cannot stand there."""
    form = _FORMS.get(path)
    return form(written) if form else written
