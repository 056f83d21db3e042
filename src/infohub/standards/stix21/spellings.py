"""Texts whose spelling other standards rule: addresses, names, languages."""

import re
from ipaddress import AddressValueError, IPv6Address

from infohub.standards.jsontext import Json

from . import sentences
from .patterns import HIVES
from .values import FINE, Check, Problems, matching, refused

uri = matching(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00-\x1f][^\x00-\x1f]*", sentences.URI)
"""An absolute address (RFC 3986), whatever signs stand in it that a URI would encode."""

language: Check = matching(
    "(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    "|x(?:-[a-z0-9]{1,8})+|i-[a-z]{2,8}",
    sentences.LANGUAGE,
    re.IGNORECASE | re.ASCII,
)

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
ipv4 = matching(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?:/(?:3[0-2]|[12]?[0-9]))?", sentences.IPV4)
_PREFIX = re.compile("(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])")


def ipv6(value: Json) -> Problems:
    """An IPv6 address or range (section 6.9)."""
    address, slash, prefix = value.partition("/") if isinstance(value, str) and len(value) < 100 else ("", "", "")
    if slash and not _PREFIX.fullmatch(prefix):
        return refused(sentences.IPV6, value)
    try:
        IPv6Address(address)
    except AddressValueError:
        return refused(sentences.IPV6, value)
    return FINE


mac = matching("[0-9a-f]{2}(?::[0-9a-f]{2}){5}", sentences.MAC)
# RFC 1034 lets a label hold any octet, and names with underscores are looked up every day.
_LETTER = r"A-Za-z0-9_\x80-\U0010ffff"
_LABEL = f"[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?"
domain = matching(rf"(?=.{{1,254}}\Z){_LABEL}(?:\.{_LABEL})*\.?", sentences.DOMAIN, re.DOTALL)
email = matching(
    r'(?:"(?:[^"\\]|\\.)*"|[^\s<>()\[\],;:\\"@]+)@(?:\[[^\s\[\]\\]*\]|[^\s<>()\[\],;:\\"@]+)',
    sentences.EMAIL,
    re.DOTALL,
)
character_set = matching("[A-Za-z0-9()/.+_:-]{2,250}", sentences.CHARACTER_SET)

_WORD = r"(?:[*-]|(?:\?+|\*)?(?:[A-Za-z0-9._-]|\\[!-/:-@\[-`{-~])+(?:\?+|\*)?)"
cpe = matching(
    rf"cpe:2\.3:[aho*-](?::{_WORD}){{5}}:(?:[*-]|[A-Za-z]{{2,3}}(?:-(?:[A-Za-z]{{2}}|[0-9]{{3}}))?)(?::{_WORD}){{4}}",
    sentences.CPE,
)
registry_key = matching(rf"(?!(?:{'|'.join(HIVES)})(?:\\|\Z)).*", sentences.HIVE, re.DOTALL | re.IGNORECASE)
