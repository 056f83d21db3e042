"""What analysis finds in a text: a kind, a normalised value and where it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of indicators and references the hub recognises."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    DOMAIN = "domain"
    URL = "url"
    EMAIL = "email"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SSDEEP = "ssdeep"
    CVE = "cve"
    CWE = "cwe"
    ASN = "asn"
    BTC = "btc"
    ETH = "eth"
    FILE = "file"
    PATH = "path"
    REGISTRY = "registry"
    ATTACK = "attack"


@dataclass(frozen=True, slots=True)
class Finding:
    """One indicator in a text; `text[start:end]` is how the author wrote it, `value` how machines write it.

    `live` is false where the author defanged it. `note` says in a few words why it may not be worth
    sharing ("private range", "documentation range", "weak on its own"); it is empty otherwise.
    """

    kind: Kind
    value: str
    start: int
    end: int
    live: bool
    note: str
