"""IP addresses in a live text, and what is special about one."""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_network

from .candidates import Candidate
from .findings import Kind
from .known import BEFORE_VERSIONS, VERSION_WORDS
from .livetext import LiveText

_IPV4 = re.compile(r"[0-9](?<![0-9A-Za-z_.].)[0-9]{0,2}(?:[.。｡][0-9]{1,3}){3}(?![0-9_])")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z_.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:(?:\.[0-9]{1,3}){3})?(?![0-9A-Za-z_])"
)
_PREFIX = re.compile(r"/([0-9]{1,3})(?![0-9A-Za-z_/]|\.[0-9])")
_SENTENCE = re.compile(r"\.[A-Z]")
_VERSION_LIST = re.compile(r"[vV]?[0-9]+(?:\.[0-9x]+)+[,、]?|[,、]|and|or|to|及|和|或|through")
_VERSION_AFTER = re.compile(
    r"(?: \(?(?:and|or) (?:earlier|later|below|above|prior|older|newer|previous|higher|lower)"
    r"| ?版本|及以[下前上後后]|或以[下前上])",
    re.IGNORECASE,
)

DOCUMENTATION = "documentation range"
PRIVATE = "private range"
RESERVED = "reserved range"
WELL_KNOWN = "well known"

_RANGES = (
    (DOCUMENTATION, "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 233.252.0.0/24 2001:db8::/32 3fff::/20"),
    (PRIVATE, "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7"),
    (RESERVED, "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 224.0.0.0/3"),
    (RESERVED, "::/8 64:ff9b:1::/48 100::/64 2001::/23 2002::/16 fe80::/10 fec0::/10 ff00::/8"),
)
# Documentation addresses of multicast lie inside a reserved range, so the first range that holds an address decides.
_NOTES = [(ip_network(written), note) for note, listed in _RANGES for written in listed.split()]
_SPANS = {
    version: [
        (int(network.network_address), int(network.broadcast_address), note)
        for network, note in _NOTES
        if network.version == version
    ]
    for version in (4, 6)
}
_RESOLVERS = {"1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "208.67.222.222", "208.67.220.220"}


def address_note(address: IPv4Address | IPv6Address) -> str:
    """Why an address may not be worth sharing; empty if nothing is special about it."""
    number = int(address)
    for first, last, note in _SPANS[address.version]:
        if first <= number <= last:
            return note
    return WELL_KNOWN if str(address) in _RESOLVERS else ""


def ipv4_in(live: LiveText) -> Iterator[Candidate]:
    """IPv4 addresses and networks, without version numbers and object identifiers."""
    text = live.text
    for found in _IPV4.finditer(text):
        start, end = found.span()
        address = ipv4_of(found.group())
        if address is None or _part_of_name(text, start, end) or _version(text, start, end):
            continue
        if text[end : end + 1].isascii() and text[end : end + 1].isalpha() and live.as_written(start, end):
            continue  # a letter may touch only what its author defanged: that ends where its last number does
        value, end = _with_prefix(text, end, address)
        yield Candidate(Kind.IPV4, value, start, end, address_note(address))


def ipv6_in(text: str) -> Iterator[Candidate]:
    """IPv6 addresses and networks, without times, hardware addresses and program scopes."""
    if text.count(":") < 2:
        return
    for found in _IPV6.finditer(text):
        for skipped in _label_lengths(found.group()):
            start, end = found.start() + skipped, found.end()
            address = ipv6_of(text[start:end])
            if address is not None:
                value, end = _with_prefix(text, end, address)
                yield Candidate(Kind.IPV6, value, start, end, address_note(address))
                break


def ipv4_of(written: str) -> IPv4Address | None:
    """The address written, ideographic full stops included; numbers with leading zeros are none."""
    try:
        return IPv4Address(written.replace("。", ".").replace("｡", "."))
    except AddressValueError:
        return None


def ipv6_of(written: str) -> IPv6Address | None:
    """The address written, if it is one a network would carry and not a time or a scope like `dead::beef`."""
    if len(written) < 3 or re.fullmatch("(?:[0-9A-Fa-f]{2}:){7}[0-9A-Fa-f]{2}", written):
        return None
    try:
        address = IPv6Address(written)
    except AddressValueError:
        return None
    first = address.packed[0]
    usual = 0x20 <= first <= 0x3F or first >= 0xFC
    return (
        address
        if usual or address.ipv4_mapped or address.is_loopback or written.lower().startswith("64:ff9b:")
        else None
    )


def _with_prefix(text: str, end: int, address: IPv4Address | IPv6Address) -> tuple[str, int]:
    """The address, or the network when a prefix length follows and no host bits are set."""
    if prefix := _PREFIX.match(text, end):
        try:
            return str(ip_network(f"{address}/{prefix[1]}")), prefix.end()
        except ValueError:
            return str(address), end
    return str(address), end


def _part_of_name(text: str, start: int, end: int) -> bool:
    """Whether the number belongs to something longer: `nginx-1.2.3.4`, `1.2.3.4.5`, `1.2.3.4-beta`."""
    if text[start - 2 : start - 1].isalpha() and text[start - 1] in "-+":
        return True
    after = text[end : end + 2]
    if after[:1] == "." and after[1:].isalnum() and after[1:].isascii():
        return not _SENTENCE.match(after)
    return after[:1] in {"-", "+"} and after[1:].isalpha()


def _version(text: str, start: int, end: int) -> bool:
    """Whether the words around say that the number counts editions, not hosts: `versions 1.2.3.4 and 1.2.3.5`."""
    if _VERSION_AFTER.match(text, end):
        return True
    words = text[max(0, start - 60) : start].replace("=", " ").replace(":", " ").split()
    while words and _VERSION_LIST.fullmatch(words[-1]):
        words.pop()
    last = words[-1].lower().strip(".()[]\"'") if words else ""
    if last in BEFORE_VERSIONS:  # said of times too, and then mostly of addresses with a number above 99
        return all(len(number) < 3 for number in re.split("[.。｡]", text[start:end]))
    return last in VERSION_WORDS or last.endswith(("版本", "第", "§"))


def _label_lengths(written: str) -> tuple[int, ...]:
    """How much may be skipped at the front: nothing, or a label such as `C2:` that reads like a group."""
    before, _, after = written.partition(":")
    return (0, len(before) + 1) if after[:1] != ":" else (0,)
