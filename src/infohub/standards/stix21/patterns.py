"""One indicator as a STIX pattern and as the observable the pattern looks for."""

import re
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import NamedTuple
from urllib.parse import quote

from .canonical import Json
from .ids import observable_id


class Observable(NamedTuple):
    """A STIX observable without its marking."""

    kind: str
    properties: Mapping[str, Json]

    @property
    def id(self) -> str:
        """The deterministic id; every observable made here has contributing properties."""
        identifier = observable_id(self.kind, self.properties)
        if identifier is None:
            raise ValueError(self.kind)
        return identifier


HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
_HOST_AND_REST = re.compile(r"([^/?#]*)(.*)", re.DOTALL)
LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_VALUES = {"ipv4": "ipv4-addr", "ipv6": "ipv6-addr", "domain": "domain-name", "email": "email-addr"}
_HASHES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "ssdeep": "SSDEEP"}


def observables(kind: str, value: str) -> tuple[Observable, ...]:
    """The observable of an indicator, preceded by what it refers to; nothing where STIX has none for the kind."""
    if kind in _VALUES:
        return (Observable(_VALUES[kind], {"value": value}),)
    if kind == "url":
        return (_address_observable(value),)
    if kind in _HASHES:
        return (Observable("file", {"hashes": {_HASHES[kind]: value}}),)
    if kind == "asn":
        return (Observable("autonomous-system", {"number": int(value.upper().removeprefix("AS"))}),)
    if kind == "registry":
        return (Observable("windows-registry-key", {"key": full_key(value)}),)
    if kind == "file":
        return (Observable("file", {"name": value}),)
    return _path_observables(value) if kind == "path" else ()


def pattern(kind: str, value: str) -> str:
    """The STIX pattern that finds the indicator; empty where the kind has no observable."""
    found = observables(kind, value)
    if not found:
        return ""
    observable = found[-1]
    if kind == "url" and observable.kind != "url":
        # An address without scheme names every scheme.
        return f"[url:value MATCHES {quoted(f'^[a-z]+://{re.escape(value)}$')}]"
    comparisons = [_comparison(observable.kind, name, part) for name, part in observable.properties.items()]
    if kind == "path" and observable.kind == "file" and len(found) > 1:
        folder = found[0].properties["path"]
        comparisons = [comparisons[0], f"file:parent_directory_ref.path = {quoted(str(folder))}"]
    return f"[{' AND '.join(comparisons)}]"


def full_key(key: str) -> str:
    """A registry key with the full name of its hive, as STIX requires."""
    hive, separator, rest = key.replace("\\\\", "\\").partition("\\")
    hive = hive.rstrip(":").upper()
    return f"{HIVES.get(hive, hive)}{separator}{rest}".rstrip("\\")


def legal_address(value: str) -> str:
    """A web address with everything percent-encoded that a URI may not hold (RFC 3986), as the standard wants it."""
    scheme, separator, after = value.partition("://")
    host, rest = _HOST_AND_REST.findall(after)[0]
    before, sharp, fragment = rest.partition("#")
    legal = quote(host, safe="!$&'()*+,;=:@[]%") + quote(before, safe="!$&'()*+,;=:@/?%")
    legal += sharp + quote(fragment, safe="!$&'()*+,;=:@/?%")
    return f"{scheme}{separator}{LONE_PERCENT.sub('%25', legal)}"


def _address_observable(value: str) -> Observable:
    """The address; only its host where no scheme was given, because an address without one is no URI."""
    if "://" in value:
        return Observable("url", {"value": legal_address(value)})
    host = re.split("[/?#]", value)[0].rpartition("@")[2].partition(":")[0]
    try:
        return Observable("ipv4-addr", {"value": str(IPv4Address(host))})
    except AddressValueError:
        return Observable("domain-name", {"value": host})


def _path_observables(path: str) -> tuple[Observable, ...]:
    """A file in its folder, or a folder where the path ends in a separator."""
    found = re.match(r"(?P<folder>.*)(?P<separator>[\\/])(?P<name>[^\\/]*)\Z", path, re.DOTALL)
    if found is None:
        return (Observable("file", {"name": path}),)
    folder = Observable("directory", {"path": found["folder"] or found["separator"]})
    if not found["name"]:
        return (folder,)
    return folder, Observable("file", {"name": found["name"], "parent_directory_ref": folder.id})


def _comparison(kind: str, name: str, part: Json) -> str:
    if isinstance(part, Mapping):
        (algorithm, digest), *_ = part.items()
        return f"{kind}:{name}.{_step(algorithm)} = {quoted(str(digest))}"
    return f"{kind}:{name} = {part if isinstance(part, int) else quoted(str(part))}"


def _step(name: str) -> str:
    """A step of an object path; quoted where it is no plain identifier (`hashes.'SHA-256'`)."""
    return name if name.isidentifier() else f"'{name}'"


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
