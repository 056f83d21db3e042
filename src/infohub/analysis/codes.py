"""Numbered things in a live text: CVE, CWE, AS numbers, ATT&CK ids, hashes and wallet addresses."""

import re
from collections.abc import Iterator
from hashlib import sha256

from .addresses import DOCUMENTATION, PRIVATE, RESERVED
from .candidates import Candidate
from .findings import Kind
from .known import WEAK

_HYPHEN = r"(?: ?[-‐-―−﹣_] ?| )"
_CVE = re.compile(rf"[cC][vV][eE](?<![A-Za-z0-9]...){_HYPHEN}((?:19|20)[0-9]{{2}}){_HYPHEN}([0-9]{{4,9}})(?![0-9])")
_CWE = re.compile(rf"[cC][wW][eE](?<![A-Za-z0-9]...){_HYPHEN}([0-9]{{1,4}})(?![0-9])")
_ASN = re.compile(r"(?:AS|as)(?<![A-Za-z0-9_]..)(?:[Nn] ?|-)?([0-9]{3,10})(?![0-9A-Za-z_]|\.[0-9A-Za-z])")
_SPACED_ASN = re.compile(
    r"[Aa](?<![A-Za-z0-9_].)(?:(?<=A)S|utonomous [Ss]ystem)N?(?: [Nn]umber)?[ :#]{1,2}"
    r"([0-9]{3,10})(?![0-9A-Za-z_]|\.[0-9A-Za-z])"
)
# A cell of a table that was lost leaves its neighbours touching: `DiscoveryT1083File`, `SHA-1` and then the hash.
_ATTACK = re.compile(
    r"[TSGM](?:(?<![A-Za-z0-9].)|(?<=[a-z]T)(?=1[0-7][0-9]{2}(?:\.[0-9]{3})?(?:[A-Z][a-z]|\s|\Z)))"
    r"(?:(?<=T)(?:(?!1000)(?:0[78]|1[0-7])[0-9]{2}(?:\.[0-9]{3}(?![0-9]))?|A00[0-9]{2})"
    r"|(?<=S)(?:0[0-9]{3}|1[0-3][0-9]{2})|(?<=G)(?:0[0-9]{3}|10[0-9]{2})|(?<=M)10[0-9]{2})"
    r"(?:(?<=\.[0-9]{3})|(?![A-Za-z0-9])|(?<=T[0-9]{4})(?=[A-Z][a-z]))"
)
_HEX = re.compile(
    r"[0-9A-Fa-f](?<![0-9A-Za-z_].)(?=[0-9A-Fa-f]{31}|x[0-9A-Fa-f]{32})(?:x?[0-9A-Fa-f]{31,64}(?![0-9A-Za-z_])"
    r"|(?<=[0-9A-F])[0-9A-F]{31,63}+(?=[G-Za-z])|(?<=[0-9a-f])[0-9a-f]{31,63}+(?=[A-Zg-z]))"
)
_NAMED_HEX = [
    re.compile(rf"{name}(?P<digits>[0-9A-Fa-f]{{32,64}}+)") for name in ("MD5", "SHA-?(?:1|256)", "humbprint")
]
# What requests and programs carry is as long as a hash: `?session=`, `_key=`, `token: `. `&md5=` is one.
_SECRET = re.compile(
    r"(?:[?&;](?![\w.-]*(?:hash|md5|sha|sum))[\w.-]{1,40}"
    r"|key|nonce|token|session|session_?id|password|secret|serial|guid|uuid)\s?[=:]\s?[\"']?\Z",
    re.IGNORECASE,
)
_SSDEEP = re.compile(r"[0-9](?<![0-9A-Za-z/+].)[0-9]{0,9}:[0-9A-Za-z/+]{6,128}:[0-9A-Za-z/+]{3,128}(?![0-9A-Za-z:/+])")
_BASE58 = re.compile(r"[13](?<![0-9A-Za-z_].)[1-9A-HJ-NP-Za-km-z]{25,34}(?![0-9A-Za-z_])")
_BECH32 = re.compile(r"(?:bc1|BC1)(?<![0-9A-Za-z_]...)([0-9A-Za-z]{8,87})(?![0-9A-Za-z_])")

_HASHES = {32: Kind.MD5, 40: Kind.SHA1, 64: Kind.SHA256}
_EMPTY = {
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
}
_BASE58_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32_DIGITS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def codes_in(text: str) -> Iterator[Candidate]:
    """Everything numbered, one kind after the other."""
    yield from hashes_in(text)
    yield from cves_in(text)
    for found in _CWE.finditer(text):
        yield Candidate(Kind.CWE, f"CWE-{int(found[1])}", *found.span())
    yield from attack_ids_in(text)
    yield from _networks_in(text)
    yield from _wallets_in(text)


def hashes_in(text: str) -> Iterator[Candidate]:
    """MD5, SHA-1, SHA-256, ssdeep; an Ethereum address is forty hexadecimal digits after `0x`."""
    for found in _HEX.finditer(text):
        kind = _hex_kind(digits := found.group().lower())
        secret = kind is not Kind.ETH and _SECRET.search(text[max(0, found.start() - 48) : found.start()])
        if kind and not secret:
            yield Candidate(kind, digits, *found.span(), WEAK if digits in _EMPTY else "")
    for pattern in _NAMED_HEX:
        for found in pattern.finditer(text):
            if kind := _hex_kind(digits := found["digits"].lower()):
                yield Candidate(kind, digits, *found.span("digits"))
    for found in _SSDEEP.finditer(text):
        if _block_size(int(found.group().partition(":")[0])):
            yield Candidate(Kind.SSDEEP, found.group(), *found.span())


def _hex_kind(digits: str) -> Kind | None:
    """What is as long; no hash where too few digits differ, or no letter is among them."""
    if digits.startswith("0x"):
        return Kind.ETH if len(digits) == 42 else None
    return _HASHES.get(len(digits)) if len(set(digits)) > 4 and not digits.isdigit() else None


def cves_in(text: str) -> Iterator[Candidate]:
    """Numbers of vulnerabilities, whatever stands between their parts."""
    for found in _CVE.finditer(text):
        yield Candidate(Kind.CVE, f"CVE-{found[1]}-{found[2]}", *found.span())


def attack_ids_in(text: str) -> Iterator[Candidate]:
    """Ids of ATT&CK: techniques, tactics, software, groups and mitigations."""
    for found in _ATTACK.finditer(text):
        yield Candidate(Kind.ATTACK, found.group(), *found.span())


def network_note(number: int) -> str:
    """Why an AS number may not be worth sharing (RFC 5398, RFC 6996); empty if nothing is special about it."""
    if 64496 <= number <= 64511 or 65536 <= number <= 65551:
        return DOCUMENTATION
    if 64512 <= number <= 65534 or 4200000000 <= number <= 4294967294:
        return PRIVATE
    return RESERVED if number in {0, 23456, 65535, 4294967295} else ""


def _networks_in(text: str) -> Iterator[Candidate]:
    for pattern in (_ASN, _SPACED_ASN):
        for found in pattern.finditer(text):
            number = int(found[1])
            year = pattern is _SPACED_ASN and 1900 <= number <= 2099
            # AS400 is a computer, and `AS 2023` is more often the end of a heading than a network.
            if number <= 4294967295 and number != 400 and not year and not found[1].startswith("0"):
                yield Candidate(Kind.ASN, f"AS{number}", *found.span(), network_note(number))


def _wallets_in(text: str) -> Iterator[Candidate]:
    for found in _BASE58.finditer(text):
        if _base58_checks(found.group()):
            yield Candidate(Kind.BTC, found.group(), *found.span())
    for found in _BECH32.finditer(text):
        if _bech32_checks(found[1].lower()):
            yield Candidate(Kind.BTC, found.group().lower(), *found.span())


def _block_size(number: int) -> bool:
    """An ssdeep block size is three times a power of two."""
    blocks, rest = divmod(number, 3)
    return rest == 0 and blocks > 0 and blocks & (blocks - 1) == 0


def _base58_checks(written: str) -> bool:
    number = 0
    for character in written:
        number = number * 58 + _BASE58_DIGITS.index(character)
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    return raw[0] in {0, 5} and sha256(sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def _bech32_checks(digits: str) -> bool:
    """The checksum of BIP 173 (and 350) over the human-readable part `bc` and the digits."""
    if any(digit not in _BECH32_DIGITS for digit in digits):
        return False
    check = 1
    for value in (3, 3, 0, 2, 3, *(_BECH32_DIGITS.index(digit) for digit in digits)):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check in {1, 0x2BC830A3}
