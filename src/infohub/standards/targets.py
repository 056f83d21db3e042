"""Web addresses to which a program may be sent: how they are written, and which places of the network are public."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import quote, urljoin

Address = IPv4Address | IPv6Address

USUAL_PORTS = frozenset({80, 443, 8080, 8443})
LONGEST_ADDRESS = 4096

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,254})(?::(?P<port>[0-9]{1,5}))?(?P<rest>[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_UNCLEAR = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")  # browsers take \ for /, and other programs do not
_ENTRY = re.compile(
    r"(?:\[(?P<within>[^\[\]]+)\]|(?P<plain>[^\[\]:]+))(?::(?P<port>[0-9]{1,5}))?|(?P<bare>[0-9a-f:.]+(?:/[0-9]{1,3})?)",
    re.ASCII | re.IGNORECASE,
)
_PRINTABLE = "".join(map(chr, range(33, 127)))

# IANA's registries of special-purpose addresses, and what answers only inside a cloud although it looks public.
_CLOSED_4 = [
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's platform
    )
]
# Only this part of IPv6 is given out. An IPv4 address inside an IPv6 one leads where we would not go: it lies outside
# (mapped, compatible, translated) or in the parts closed below (Teredo, 6to4).
_OPEN_6 = IPv6Network("2000::/3")
_CLOSED_6 = [
    IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20")
]


@dataclass(frozen=True, slots=True)
class Target:
    """A web address taken apart; `host` is a name in small letters or an IP address, `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_encrypted(self) -> bool:
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.is_encrypted else 80) else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a secret for this place must not leave: scheme, host and port."""
        return self.scheme, self.host, self.port

    def joined(self, location: str) -> Target | None:
        """Where a redirect from here leads; None where that is nothing we open."""
        if not _is_clean(location):
            return None
        try:
            return target_of(urljoin(f"{self.scheme}://{self.authority}{self.path}", location))
        except ValueError:  # brackets that close nothing
            return None


def target_of(written: str) -> Target | None:
    """The one meaning of a web address; None where programs differ about it, or it is none.

    Refused: other schemes than http and https, a user name, a host in other letters than ASCII or with %, and an IPv4
    address that is not four decimal numbers (`0x7f.1`, `2130706433`, `0177.0.0.1`).
    """
    found = _ADDRESS.fullmatch(written) if _is_clean(written) else None
    if found is None:
        return None
    host = host_of(found["host"])
    scheme = found["scheme"].lower()
    port = int(found["port"] or (443 if scheme == "https" else 80))
    if host is None or not 0 < port < 65536:
        return None
    path = quote((found["rest"] or "").partition("#")[0], safe=_PRINTABLE, errors="replace")
    return Target(scheme, host, port, path if path.startswith("/") else f"/{path}")


def host_of(written: str) -> str | None:
    """A host as one writes it, in small letters: a name, four decimal numbers, or IPv6 in brackets (here without)."""
    if written.startswith("["):
        try:
            return str(IPv6Address(written[1:-1]))
        except AddressValueError:
            return None
    labels = written.lower().removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(".".join(labels)))
        except AddressValueError:
            return None
    return ".".join(labels) if all(map(_LABEL.fullmatch, labels)) else None


def is_public(address: Address) -> bool:
    """Whether an address is one that everybody may reach: on our own list, as `ipaddress.is_global` errs.

    That one takes `::127.0.0.1`, `64:ff9b::7f00:1`, `2002:7f00:1::` and `fec0::1` for public.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_4)
    plain = address.scope_id is None
    return plain and address in _OPEN_6 and not any(address in network for network in _CLOSED_6)


@dataclass(frozen=True, slots=True)
class Allowance:
    """One place that may be reached although it is not public, not encrypted or on an odd port.

    A name is trusted with whatever address it has, a network with whatever name leads there. Without a port, the
    usual ones count.
    """

    place: str | IPv4Network | IPv6Network
    port: int | None = None

    def covers(self, target: Target, address: Address) -> bool:
        """Whether this place is meant by the target at that address."""
        port = target.port == self.port if self.port else target.port in USUAL_PORTS
        return port and (self.place == target.host if isinstance(self.place, str) else address in self.place)


def allowance(written: str) -> Allowance:
    """Read `peer.internal`, `10.2.0.0/16`, `127.0.0.1:8000`, `[fd00::/8]:8443`, `::1`; else ValueError."""
    found = _ENTRY.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"neither a host nor a network: {written}")
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 0 < port < 65536:
        raise ValueError(f"no such port: {written}")
    return Allowance(_place(found["within"] or found["plain"] or found["bare"]), port)


def covered(target: Target, address: Address, allowed: Iterable[Allowance]) -> bool:
    """Whether one of the allowances speaks for the target at that address."""
    return any(one.covers(target, address) for one in allowed)


def _place(written: str) -> str | IPv4Network | IPv6Network:
    try:
        return ip_network(written)
    except ValueError:
        name = host_of(written)
    if name is None:
        raise ValueError(f"neither a host nor a network: {written}")
    return name


def _is_clean(written: str) -> bool:
    return len(written) <= LONGEST_ADDRESS and not _UNCLEAR.search(written)
