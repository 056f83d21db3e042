"""The smallest valid object of every type of STIX 2.1."""

from copy import deepcopy
from typing import TypeAlias

from infohub.standards.jsontext import Json

Object: TypeAlias = dict[str, Json]

UUID = "0e2d9e5a-3c1b-4f6a-9d8e-7c6b5a493827"
TIME = "2026-02-02T01:00:00.000Z"
LATER = "2026-02-03T01:00:00.000Z"
MARKING = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
DEFINITION = f"extension-definition--{UUID}"


def ref(kind: str) -> str:
    """The id of an object of this type."""
    return f"{kind}--{UUID}"


# What each type cannot do without, beside the common properties.
LEAST: dict[str, Object] = {
    "attack-pattern": {"name": "Spear phishing"},
    "campaign": {"name": "Green Group Attacks"},
    "course-of-action": {"name": "Close the port"},
    "grouping": {"context": "suspicious-activity", "object_refs": [ref("indicator")]},
    "identity": {"name": "Ann"},
    "incident": {"name": "The night of the phones"},
    "indicator": {"pattern": "[ipv4-addr:value = '198.51.100.3']", "pattern_type": "stix", "valid_from": TIME},
    "infrastructure": {"name": "A relay"},
    "intrusion-set": {"name": "Bobcat"},
    "location": {"region": "eastern-asia"},
    "malware": {"is_family": False},
    "malware-analysis": {"product": "sandbox", "result": "malicious"},
    "note": {"content": "Seen before.", "object_refs": [ref("indicator")]},
    "observed-data": {
        "first_observed": TIME,
        "last_observed": LATER,
        "number_observed": 1,
        "object_refs": [ref("file"), ref("relationship")],
    },
    "opinion": {"opinion": "agree", "object_refs": [ref("indicator")]},
    "report": {"name": "Fake bank pages", "published": TIME, "object_refs": [ref("indicator")]},
    "threat-actor": {"name": "Evil Org"},
    "tool": {"name": "VNC"},
    "vulnerability": {"name": "CVE-2021-44228"},
    "relationship": {
        "relationship_type": "indicates",
        "source_ref": ref("indicator"),
        "target_ref": ref("malware"),
    },
    "sighting": {"sighting_of_ref": ref("indicator")},
    "artifact": {"payload_bin": "VGVzdA=="},
    "autonomous-system": {"number": 64500},
    "directory": {"path": "C:\\Windows"},
    "domain-name": {"value": "evil.example"},
    "email-addr": {"value": "a@b.example"},
    "email-message": {"is_multipart": False},
    "file": {"name": "evil.exe"},
    "ipv4-addr": {"value": "198.51.100.3"},
    "ipv6-addr": {"value": "2001:db8::1"},
    "mac-addr": {"value": "d2:fb:49:24:37:18"},
    "mutex": {"name": "__CLEANSWEEP__"},
    "network-traffic": {"src_ref": ref("ipv4-addr"), "protocols": ["ipv4", "tcp"]},
    "process": {"pid": 314},
    "software": {"name": "Word"},
    "url": {"value": "https://evil.example/a?b=c%20d#e"},
    "user-account": {"user_id": "1001"},
    "windows-registry-key": {"key": "HKEY_LOCAL_MACHINE\\System\\Foo"},
    "x509-certificate": {"serial_number": "36:f7"},
    "language-content": {"object_ref": ref("report"), "contents": {"zh-HK": {"name": "假銀行網頁"}}},
    "marking-definition": {"definition_type": "statement", "definition": {"statement": "Copyright 2026"}},
    "extension-definition": {
        "created_by_ref": ref("identity"),
        "name": "Rank",
        "schema": "https://example.org/rank.json",
        "version": "1.0.0",
        "extension_types": ["toplevel-property-extension"],
    },
}

OBSERVABLES = frozenset(list(LEAST)[list(LEAST).index("artifact") : list(LEAST).index("x509-certificate") + 1])


def smallest(kind: str) -> Object:
    """The least that a type may be."""
    head: Object = {"type": kind, "spec_version": "2.1", "id": ref(kind), "created": TIME, "modified": TIME}
    if kind in OBSERVABLES:
        head = {"type": kind, "id": ref(kind)}
    if kind == "marking-definition":
        del head["modified"]
    return deepcopy(head | LEAST[kind])
