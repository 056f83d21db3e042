"""Invented MISP events for the tests of the codecs."""

from __future__ import annotations

from itertools import count
from uuid import UUID

_numbers = count(1)
SECONDS = "1770000000"
MOMENT = "2026-02-02T02:40:00"

Row = dict[str, object]


def uuid() -> str:
    return str(UUID(int=next(_numbers) << 64, version=4))


LANTERN: Row = {"name": "Lantern CERT", "uuid": uuid()}


def attribute(kind: str, value: str, *tags: str, category: str = "Other", to_ids: bool = True, **more: object) -> Row:
    row: Row = {"uuid": uuid(), "type": kind, "category": category, "value": value, "to_ids": to_ids}
    return row | {"timestamp": SECONDS, "comment": "", "deleted": False} | tagged(*tags) | more


def tagged(*names: str) -> Row:
    return {"Tag": [{"name": name, "colour": "#336699"} for name in names]} if names else {}


def mapped(name: str, *attributes: Row, **more: object) -> Row:
    row: Row = {
        "uuid": uuid(),
        "name": name,
        "meta-category": "file",
        "description": "What belongs together",
        "template_uuid": "11111111-1111-4111-8111-111111111111",
        "template_version": "8",
        "timestamp": SECONDS,
        "comment": "",
        "deleted": False,
        "Attribute": list(attributes),
    }
    return row | more


def event(*attributes: Row, tags: tuple[str, ...] = ("tlp:amber",), **more: object) -> dict[str, Row]:
    told: Row = {
        "uuid": uuid(),
        "info": "Parcel messages with a false toll page",
        "date": "2026-02-01",
        "timestamp": SECONDS,
        "publish_timestamp": SECONDS,
        "published": True,
        "analysis": "1",
        "threat_level_id": "2",
        "extends_uuid": "",
        "Orgc": LANTERN,
        "Attribute": list(attributes),
    }
    return {"Event": told | tagged(*tags) | more}


def rich() -> dict[str, Row]:
    """An event with one of everything that is taken whole."""
    seen = attribute(
        "domain",
        "toll.example",
        'misp-galaxy:mitre-attack-pattern="Phishing - T1566"',
        category="Network activity",
        first_seen="2026-01-30T08:00:00+00:00",
        last_seen="2026-02-01T08:00:00+00:00",
        Sighting=[
            {"uuid": uuid(), "type": "0", "date_sighting": "1770000100", "source": "resolver", "Organisation": LANTERN},
            {"uuid": uuid(), "type": "1", "date_sighting": "1770000200"},
        ],
    )
    name = attribute("filename", "parcel.apk", category="Payload delivery", object_relation="filename")
    digest = attribute("sha256", "ab" * 32, category="Payload delivery", object_relation="sha256")
    state = attribute("text", "Malicious", to_ids=False, object_relation="state", disable_correlation=True)
    program = mapped("file", name, digest, state, comment="as it was sent")
    ties = [
        {
            "uuid": uuid(),
            "object_uuid": program["uuid"],
            "referenced_uuid": seen["uuid"],
            "relationship_type": "communicates-with",
            "comment": "on its first start",
            "timestamp": SECONDS,
            "deleted": False,
        }
    ]
    return event(
        seen,
        attribute("ip-dst", "198.51.100.7", "tlp:red", category="Network activity", comment="the server behind"),
        attribute("ip-dst", "198.51.100.8", category="Network activity", to_ids=False),
        attribute("vulnerability", "CVE-2021-44228", category="External analysis", to_ids=False),
        attribute("threat-actor", "Toll Ghost", category="Attribution", to_ids=False),
        attribute("link", "https://lantern.example/toll", category="External analysis", to_ids=False),
        attribute("yara", "rule toll { condition: true }", category="Payload installation"),
        attribute("url", "https://toll.example/old", category="Network activity", deleted=True),
        tags=("tlp:amber", "PAP:GREEN", 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"'),
        Object=[program | {"ObjectReference": ties}],
        EventReport=[
            {"uuid": uuid(), "name": "What happened", "content": "# Monday\n\nThey wrote.", "timestamp": SECONDS}
        ],
    )


MD5, SHA1, SHA256 = "0f" * 16, "ab" * 20, "cd" * 32
PATTERNS = [
    # A type, a value, and the pattern that finds it.
    ("ip-dst", "198.51.100.7", "[ipv4-addr:value = '198.51.100.7']"),
    ("ip-src", "2001:DB8:0::1", "[ipv6-addr:value = '2001:db8::1']"),
    ("ip-dst", "198.51.100.0/24", "[ipv4-addr:value = '198.51.100.0/24']"),
    ("domain", "Toll.Example.", "[domain-name:value = 'toll.example']"),
    ("hostname", "a_b.toll.example", "[domain-name:value = 'a_b.toll.example']"),
    ("url", "HTTPS://Toll.example/A b", "[url:value = 'https://toll.example/A%20b']"),
    ("url", "toll.example/a", "[url:value MATCHES '^[a-z]+://toll\\\\.example/a$']"),
    (
        "domain|ip",
        "toll.example|198.51.100.7",
        "[domain-name:value = 'toll.example' AND domain-name:resolves_to_refs[*].value = '198.51.100.7']",
    ),
    (
        "ip-dst|port",
        "198.51.100.7|443",
        "[network-traffic:dst_ref.value = '198.51.100.7' AND network-traffic:dst_port = 443]",
    ),
    (
        "ip-src|port",
        "2001:db8::1|53",
        "[network-traffic:src_ref.value = '2001:db8::1' AND network-traffic:src_port = 53]",
    ),
    (
        "hostname|port",
        "toll.example|8080",
        "[network-traffic:dst_ref.value = 'toll.example' AND network-traffic:dst_port = 8080]",
    ),
    ("AS", "AS64500", "[autonomous-system:number = 64500]"),
    ("mac-address", "00-1A-2B-3C-4D-5E", "[mac-addr:value = '00:1a:2b:3c:4d:5e']"),
    ("email-src", "Clerk@toll.example", "[email-addr:value = 'clerk@toll.example']"),
    ("email-subject", "Your parcel's fee", "[email-message:subject = 'Your parcel\\'s fee']"),
    ("md5", MD5.upper(), f"[file:hashes.MD5 = '{MD5}']"),
    ("sha512", "e" * 128, f"[file:hashes.'SHA-512' = '{'e' * 128}']"),
    ("filename", "parcel.apk", "[file:name = 'parcel.apk']"),
    ("filename", "C:\\Temp\\a.exe", "[file:name = 'a.exe' AND file:parent_directory_ref.path = 'C:\\\\Temp']"),
    ("filename|sha256", f"parcel.apk|{SHA256}", f"[file:name = 'parcel.apk' AND file:hashes.'SHA-256' = '{SHA256}']"),
    ("malware-sample", f"parcel.apk|{MD5}", f"[file:name = 'parcel.apk' AND file:hashes.MD5 = '{MD5}']"),
    ("regkey", "HKCU\\Run\\x", "[windows-registry-key:key = 'HKEY_CURRENT_USER\\\\Run\\\\x']"),
    (
        "regkey|value",
        "HKCU\\Run|a|b.exe",
        "[windows-registry-key:key = 'HKEY_CURRENT_USER\\\\Run' AND windows-registry-key:values[*].data = 'a|b.exe']",
    ),
    ("mutex", "Global\\toll", "[mutex:name = 'Global\\\\toll']"),
    ("x509-fingerprint-sha1", SHA1, f"[x509-certificate:hashes.'SHA-1' = '{SHA1}']"),
    (
        "user-agent",
        "Toll/1.0",
        "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'Toll/1.0']",
    ),
    ("imphash", MD5, f"[file:extensions.'windows-pebinary-ext'.imphash = '{MD5}']"),
]
