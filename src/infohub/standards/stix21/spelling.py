"""One spelling for each observable value: the one a look-up asks for, with a key that sorts.

The spellings are those in which `analysis` finds a value in a text or a question; a test holds the two together.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network


@dataclass(frozen=True, slots=True)
class Sought:
    """A value that an object speaks of.

    `kind` is a word of `analysis.findings.Kind`, or one that only machines use: `network`, `mac`, `sha512`, `sha3-256`,
    `sha3-512`, `tlsh`. What `key` and `upper` are depends on it; they are empty where nothing is said here:

    - `ipv4`, `ipv6`: `key` is the point of the address, `4:` and 8 or `6:` and 32 hexadecimal digits.
    - `network`: `key` is the point of its first address, `upper` of its last. An address lies inside when its point is
      neither below `key` nor above `upper`; points of the two families never mix. A network of one is an address.
    - `domain`: `key` has the labels from last to first, `com.example.www`. Under `example.com` lies what has the key
      `com.example` or one that begins with `com.example.`, the full stop included.
    - `url`: `key` is that of its host, whichever of these it is.

    A registry key whose hive has a short name is sought in two spellings, for people use either.
    """

    kind: str
    value: str
    key: str = ""
    upper: str = ""


_DOTS = re.compile("[。｡．]")
_ADDRESS = re.compile(r"(?P<scheme>(?:[a-z][a-z0-9+.-]*://)?)(?P<place>[^/?#]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_SENTENCE_SIGNS = ".,;:!?'*_~|\\{}$"
_OPENING = {")": "(", "]": "["}
_HEXADECIMAL = re.compile("[0-9a-f]+")
_DIGESTS = {
    "MD5": ("md5", 32),
    "SHA1": ("sha1", 40),
    "SHA256": ("sha256", 64),
    "SHA512": ("sha512", 128),
    "SHA3256": ("sha3-256", 64),
    "SHA3512": ("sha3-512", 128),
}
_FUZZY = {"SSDEEP": "ssdeep", "TLSH": "tlsh"}
_HIVES = {
    "HKEY_LOCAL_MACHINE": "HKLM",
    "HKEY_CURRENT_USER": "HKCU",
    "HKEY_CLASSES_ROOT": "HKCR",
    "HKEY_USERS": "HKU",
    "HKEY_CURRENT_CONFIG": "HKCC",
}
_MAC = re.compile("[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?::[0-9a-f]{2}:[0-9a-f]{2})?")


def address(text: str) -> tuple[Sought, ...]:
    """An IP address, or a network with its host bits cleared."""
    written = text.strip()
    if "%" in written:  # a zone, which means something on one machine only
        return ()
    try:
        if "/" in written:
            return (_network(ip_network(written, strict=False)),)
        return (_address(IPv6Address(written) if ":" in written else IPv4Address(written)),)
    except ValueError:
        return ()


def host(text: str) -> tuple[Sought, ...]:
    """A domain name as it goes over the wire, or the address that stands in its place."""
    name = text.strip().lower()
    if ":" in name or name[-1:].isdigit():
        found = address(name)
        if found:
            return found
    name = _wire_name(name)
    return (Sought("domain", name, ".".join(name.split(".")[::-1])),) if name else ()


def url(text: str) -> tuple[Sought, ...]:
    """A web address with its scheme and host as they go over the wire; the rest stays, but for signs of a sentence."""
    found = _ADDRESS.fullmatch(text.strip())
    assert found is not None  # any text has these three parts
    user, at, place = found["place"].rpartition("@")
    name, colon, port = _name_and_port(place)
    hosts = host(name.strip("[]"))
    if not hosts:
        return (Sought("url", found.group()),) if found.group() else ()
    wire = f"[{hosts[0].value}]" if name[0] == "[" else hosts[0].value
    value = f"{found['scheme'].lower()}{user}{at}{wire}{colon}{port}{_ended(found['rest'].replace('&amp;', '&'))}"
    return (Sought("url", value, hosts[0].key),)


def email(text: str) -> tuple[Sought, ...]:
    local, at, domain = text.strip().lower().rpartition("@")
    return (Sought("email", f"{local}@{_wire_name(domain)}"),) if local and at and domain else ()


def named(text: str) -> tuple[Sought, ...]:
    """What the value of a referenced object says by its look: a mail address, an IP address or a domain."""
    return email(text) if "@" in text else host(text)


def digest(algorithm: str, text: str) -> tuple[Sought, ...]:
    """A hash, in lower case where it is hexadecimal; nothing where it does not have the length of its algorithm."""
    name, written = algorithm.upper().replace("-", "").replace("_", ""), text.strip()
    if name in _FUZZY:
        return (Sought(_FUZZY[name], written),) if written else ()
    kind, length = _DIGESTS.get(name, ("", 0))
    written = written.lower()
    return (Sought(kind, written),) if len(written) == length > 0 and _HEXADECIMAL.fullmatch(written) else ()


def file(text: str) -> tuple[Sought, ...]:
    """The name of a file; a path where it has folders."""
    name = text.strip()
    return (Sought("path" if "\\" in name or "/" in name else "file", name),) if name else ()


def path(text: str) -> tuple[Sought, ...]:
    return (Sought("path", text.strip()),) if text.strip() else ()


def registry(text: str) -> tuple[Sought, ...]:
    """A key with its hive as written and, as people ask for it, with the short name of its hive."""
    key = text.strip()
    hive, separator, rest = key.partition("\\")
    short = _HIVES.get(hive.upper())
    shorter = (Sought("registry", f"{short}{separator}{rest}"),) if short else ()
    return (Sought("registry", key), *shorter) if key else ()


def system(text: str) -> tuple[Sought, ...]:
    """The number of an autonomous system."""
    number = text.strip().upper().removeprefix("AS")
    return (Sought("asn", f"AS{int(number)}"),) if number.isascii() and number.isdigit() and len(number) <= 10 else ()


def mac(text: str) -> tuple[Sought, ...]:
    written = text.strip().lower().replace("-", ":")
    return (Sought("mac", written),) if _MAC.fullmatch(written) else ()


def _address(one: IPv4Address | IPv6Address) -> Sought:
    return Sought("ipv4" if isinstance(one, IPv4Address) else "ipv6", str(one), _point(one))


def _network(network: IPv4Network | IPv6Network) -> Sought:
    low, high = network.network_address, network.broadcast_address
    return _address(low) if low == high else Sought("network", str(network), _point(low), _point(high))


def _point(one: IPv4Address | IPv6Address) -> str:
    return f"4:{int(one):08x}" if isinstance(one, IPv4Address) else f"6:{int(one):032x}"


def _wire_name(name: str) -> str:
    """A lower-case name in ASCII; one that has no such form stays as it is."""
    if not name.isascii():
        name = _DOTS.sub(".", name)
        with suppress(UnicodeError):
            name = name.encode("idna").decode("ascii")
    return name.rstrip(".")


def _name_and_port(place: str) -> tuple[str, str, str]:
    if place.startswith("["):
        name, bracket, port = place.partition("]")
        return f"{name}{bracket}", port[:1], port[1:]
    return place.partition(":")


def _ended(rest: str) -> str:
    """Without the signs at its end that a look-up takes for those of the sentence around it."""
    while rest:
        last = rest[-1]
        opening = _OPENING.get(last)
        surplus = opening is not None and rest.count(last) > rest.count(opening)
        if last not in _SENTENCE_SIGNS and not surplus:
            break
        rest = rest[:-1]
    return rest
