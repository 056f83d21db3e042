"""Identifiers of STIX 2.1 observables: the same fact has the same id everywhere (section 2.9)."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from .canonical import Json, canonical

SCO_NAMESPACE = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
OWN_NAMESPACE = UUID("5b6d1c0e-7a34-4c55-9a0e-3d5f8e0c1b77")
"""For objects of our own whose id follows from others; the standard forbids its namespace for those."""

CONTRIBUTING = {
    "artifact": ("hashes", "payload_bin"),
    "autonomous-system": ("number",),
    "directory": ("path",),
    "domain-name": ("value",),
    "email-addr": ("value",),
    "email-message": ("from_ref", "subject", "body"),
    "file": ("hashes", "name", "extensions", "parent_directory_ref"),
    "ipv4-addr": ("value",),
    "ipv6-addr": ("value",),
    "mac-addr": ("value",),
    "mutex": ("name",),
    "network-traffic": ("start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"),
    "software": ("name", "cpe", "swid", "vendor", "version"),
    "url": ("value",),
    "user-account": ("account_type", "user_id", "account_login"),
    "windows-registry-key": ("key", "values"),
    "x509-certificate": ("hashes", "serial_number"),
}
_PREFERRED_HASHES = ("MD5", "SHA-1", "SHA-256", "SHA-512")


def observable_id(kind: str, properties: Mapping[str, Json]) -> str | None:
    """The deterministic id of an observable; None where the standard names no contributing property that is present."""
    contributing = {name: properties[name] for name in CONTRIBUTING.get(kind, ()) if name in properties}
    hashes = contributing.get("hashes")
    if isinstance(hashes, Mapping) and hashes:
        chosen = next((name for name in _PREFERRED_HASHES if name in hashes), min(hashes))
        contributing["hashes"] = {chosen: hashes[chosen]}
    if not contributing:
        return None
    return f"{kind}--{uuid5(SCO_NAMESPACE, canonical(contributing))}"


def relationship_id(source: str, relation: str, target: str) -> str:
    """The id of the relationship that our own objects state: equal ends, equal id."""
    return f"relationship--{uuid5(OWN_NAMESPACE, f'{source} {relation} {target}')}"
