"""How MISP's types and STIX say the same: one table, read in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# Places that a pattern calls by one name and MISP by two, or the other way round.
ADDRESS = "ip-addr:value"
SOURCE = "network-traffic:src_ref.ip"
TARGET = "network-traffic:dst_ref.ip"
TARGET_NAME = "network-traffic:dst_ref.name"
AGENT = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'"
RESOLVED = "domain-name:resolves_to_refs[*].value"
IMPHASH = "file:extensions.'windows-pebinary-ext'.imphash"

_DIGESTS = {
    "md5": "MD5",
    "sha1": "'SHA-1'",
    "sha224": "'SHA-224'",
    "sha256": "'SHA-256'",
    "sha384": "'SHA-384'",
    "sha512": "'SHA-512'",
    "sha3-224": "'SHA3-224'",
    "sha3-256": "'SHA3-256'",
    "sha3-384": "'SHA3-384'",
    "sha3-512": "'SHA3-512'",
    "ssdeep": "SSDEEP",
    "tlsh": "TLSH",
}


class Type(NamedTuple):
    """A type of attribute: the category it usually stands in, and what STIX compares with each part of its value."""

    category: str
    paths: tuple[str, ...] = ()


def _network(*paths: str) -> Type:
    return Type("Network activity", paths)


def _payload(*paths: str) -> Type:
    return Type("Payload delivery", paths)


TYPES: Mapping[str, Type] = MappingProxyType(
    {
        # Of several types that say the same in STIX, the first is what we write for an indicator of our own.
        "ip-dst": _network(ADDRESS),
        "ip-src": _network(ADDRESS),
        "domain": _network("domain-name:value"),
        "hostname": _network("domain-name:value"),
        "onion-address": _network("domain-name:value"),
        "url": _network("url:value"),
        "uri": _network("url:value"),
        "domain|ip": _network("domain-name:value", RESOLVED),
        "ip-dst|port": _network(TARGET, "network-traffic:dst_port"),
        "hostname|port": _network(TARGET_NAME, "network-traffic:dst_port"),
        "ip-src|port": _network(SOURCE, "network-traffic:src_port"),
        "AS": _network("autonomous-system:number"),
        "mac-address": _network("mac-addr:value"),
        "user-agent": _network(AGENT),
        "email-src": _payload("email-addr:value"),
        "email": Type("Social network", ("email-addr:value",)),
        "email-dst": _network("email-addr:value"),
        "email-reply-to": _payload("email-addr:value"),
        "target-email": Type("Targeting data", ("email-addr:value",)),
        "whois-registrant-email": Type("Attribution", ("email-addr:value",)),
        "dns-soa-email": Type("Attribution", ("email-addr:value",)),
        "email-subject": _payload("email-message:subject"),
        "email-body": _payload("email-message:body"),
        **{name: _payload(f"file:hashes.{digest}") for name, digest in _DIGESTS.items()},
        **{f"filename|{name}": _payload("file:name", f"file:hashes.{digest}") for name, digest in _DIGESTS.items()},
        "imphash": _payload(IMPHASH),
        "filename|imphash": _payload("file:name", IMPHASH),
        "filename": _payload("file:name"),
        "email-attachment": _payload("file:name"),
        "attachment": Type("External analysis", ("file:name",)),
        "malware-sample": _payload("file:name", "file:hashes.MD5"),
        "regkey": Type("Persistence mechanism", ("windows-registry-key:key",)),
        "regkey|value": Type(
            "Persistence mechanism", ("windows-registry-key:key", "windows-registry-key:values[*].data")
        ),
        "mutex": Type("Artifacts dropped", ("mutex:name",)),
        **{
            f"x509-fingerprint-{name}": _network(f"x509-certificate:hashes.{_DIGESTS[name]}")
            for name in ("md5", "sha1", "sha256")
        },
        "vulnerability": Type("External analysis"),
        "weakness": Type("External analysis"),
        "link": Type("External analysis"),
        "threat-actor": Type("Attribution"),
        "campaign-name": Type("Attribution"),
        "btc": Type("Financial fraud"),
        "yara": Type("Payload installation"),
        "sigma": Type("Payload installation"),
        "snort": Type("Network activity"),
        "suricata": Type("Network activity"),
        "stix2-pattern": Type("Payload installation"),
        "text": Type("Other"),
        "comment": Type("Other"),
    }
)

SPELLINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ip-dst", (TARGET,)),
    ("ip-src", (SOURCE,)),
    ("hostname", (TARGET_NAME,)),
    ("domain|ip", ("domain-name:value", ADDRESS)),
    ("email-src", ("email-message:from_ref.value",)),
    ("email-dst", ("email-message:to_refs[*].value",)),
    ("regkey|value", ("windows-registry-key:key", "windows-registry-key:values.data")),
    ("regkey|value", ("windows-registry-key:key", "windows-registry-key:values[0].data")),
)
"""How others compare for these types."""

RULES: Mapping[str, str] = MappingProxyType(
    {"stix2-pattern": "stix", "yara": "yara", "sigma": "sigma", "snort": "snort", "suricata": "suricata"}
)
"""Types whose value is itself a rule, and STIX's word for its language."""

NAMED: Mapping[str, str] = MappingProxyType(
    {"vulnerability": "vulnerability", "threat-actor": "threat-actor", "campaign-name": "campaign"}
)
"""Types whose value names something that STIX has an object for."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "ipv4": "ip-dst",
        "ipv6": "ip-dst",
        "domain": "domain",
        "url": "url",
        "email": "email-src",
        "md5": "md5",
        "sha1": "sha1",
        "sha256": "sha256",
        "ssdeep": "ssdeep",
        "file": "filename",
        "path": "filename",
        "registry": "regkey",
        "cve": "vulnerability",
        "cwe": "weakness",
        "asn": "AS",
        "btc": "btc",
    }
)
"""The kinds of findings that MISP has a type for."""
