"""What of an indicator a network can act on: a host name, an address, a web address taken apart. Anything else is none.

Lists are read by programs that obey every line: what is not exactly one of these never gets into one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from infohub.standards.stix21.patterns import legal_address

Network = IPv4Network | IPv6Network

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
# The last label is of letters alone, or an A-label: never a number, never a word that steers a policy zone (rpz-ip).
_NAME = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,58}}[a-z0-9])\Z")
_ADDRESS = re.compile(r"[0-9a-f:.]+(?:/[0-9]{1,3})?\Z")
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/?#]*)(?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"(?P<user>.*@)?(?P<name>\[[^\]]*\]|[^:@\[\]]*)(?::(?P<port>[0-9]{1,5}))?\Z", re.DOTALL)
_AMBIGUOUS = "\\\x7f"  # a browser takes a backslash for a slash, others do not: they disagree about the host
_ANY = "any"  # stands for the scheme that was not written
_WIDEST = {4: 8, 6: 19}  # wider than any provider was ever given: blocking it blocks the Internet


@dataclass(frozen=True, slots=True)
class Target:
    """A web address as a network sees it: `path` holds the query too; `scheme` is empty where none was written."""

    scheme: str
    host: str
    port: int | None
    path: str
    unsent: bool
    """Whether it names what never goes over the wire, or not as it is written: a user, a part after #."""

    @property
    def whole(self) -> bool:
        """Whether it means everything on its host."""
        return self.path == "/"


def name_of(value: str) -> str | None:
    """The host name that the value is, in small letters; None where it is none."""
    name = value.lower().removesuffix(".")
    return name if len(name) <= 253 and _NAME.match(name) else None


def network_of(value: str) -> Network | None:
    """The address or network that the value is; None where it is none."""
    if not _ADDRESS.match(value.lower()):
        return None
    try:
        network = ip_network(value)
    except ValueError:
        return None
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped:
        inner = network.network_address.ipv4_mapped  # on the wire it is an IPv4 address
        return IPv4Network(inner) if network.prefixlen == 128 else None
    return network


def too_wide(network: Network) -> bool:
    """Whether nobody who blocks or watches it could mean it."""
    return network.prefixlen < _WIDEST[network.version]


def target_of(url: str) -> Target | None:
    """The parts of a web address, percent-encoded as they go over the wire; None where its host is neither."""
    if any(sign <= " " or sign in _AMBIGUOUS for sign in url):
        return None
    parts = _URL.match(legal_address(url if _URL.match(url) else f"{_ANY}://{url}"))
    host = _HOST.match(parts["host"].lower()) if parts else None
    name = _host(host["name"]) if host else None
    if parts is None or host is None or name is None or int(host["port"] or 0) > 65535:
        return None
    path, sharp, _fragment = parts["rest"].partition("#")
    scheme = parts["scheme"].lower()
    return Target(
        scheme="" if scheme == _ANY else scheme,
        host=name,
        port=int(host["port"]) if host["port"] else None,
        path=path if path.startswith("/") else f"/{path}",
        unsent=bool(host["user"] or sharp),
    )


def _host(written: str) -> str | None:
    network = network_of(written.strip("[]"))
    if network is None:
        return name_of(written)
    return str(network.network_address) if network.num_addresses == 1 else None
