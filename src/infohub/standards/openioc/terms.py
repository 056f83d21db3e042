"""What OpenIOC's terms are in STIX: one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from infohub.standards.misp.kinds import AGENT, SOURCE, TARGET


class Sort(Enum):
    """How values of a term are compared."""

    TEXT = "text"
    EXACT = "exact"
    """Numbers of addresses and digests, of which no part says anything."""
    NUMBER = "number"
    WHOLE_PATH = "whole path"
    """A folder and a name, which STIX keeps apart."""
    RULE = "rule"


class Term(NamedTuple):
    """`path` is what STIX compares; `kind` is MISP's type of the same, which knows how its values are written."""

    path: str
    kind: str = ""
    sort: Sort = Sort.TEXT


_NAME, _FOLDER = Term("file:name", "filename"), Term("file:parent_directory_ref.path")
_WHOLE = Term("file:name", "filename", Sort.WHOLE_PATH)
_MD5 = Term("file:hashes.MD5", "md5", Sort.EXACT)
_SHA1 = Term("file:hashes.'SHA-1'", "sha1", Sort.EXACT)
_SHA256 = Term("file:hashes.'SHA-256'", "sha256", Sort.EXACT)
_ADDRESS = Term("ipv4-addr:value", "ip-dst", Sort.EXACT)
_HOST, _URL = Term("domain-name:value", "domain"), Term("url:value", "url")
_KEY = Term("windows-registry-key:key", "regkey")
_DATA = Term("windows-registry-key:values[*].data")
_SERVICE = "process:extensions.'windows-service-ext'"
REQUEST = "network-traffic:extensions.'http-request-ext'"


def _files(item: str, *, md5: str = "Md5sum", sha1: str = "Sha1sum", sha256: str = "Sha256sum") -> dict[str, Term]:
    """The digests of an item."""
    return {f"{item}/{md5}": _MD5, f"{item}/{sha1}": _SHA1, f"{item}/{sha256}": _SHA256}


def _ports(item: str) -> dict[str, Term]:
    """The two ends of a connection."""
    return {
        f"{item}/remoteIP": Term(TARGET.replace(".ip", ".value"), "", Sort.EXACT),
        f"{item}/localIP": Term(SOURCE.replace(".ip", ".value"), "", Sort.EXACT),
        f"{item}/remotePort": Term("network-traffic:dst_port", "", Sort.NUMBER),
        f"{item}/localPort": Term("network-traffic:src_port", "", Sort.NUMBER),
    }


_TERMS: Mapping[str, Term] = {
    **_files("FileItem"),
    **_files("DriverItem"),
    **_files("TaskItem", md5="md5sum", sha1="sha1sum", sha256="sha256sum"),
    **_files("ServiceItem", md5="serviceDLLmd5sum", sha1="serviceDLLsha1sum", sha256="serviceDLLsha256sum"),
    "ServiceItem/pathmd5sum": _MD5,
    "FileItem/FileName": _NAME,
    "FileItem/FilePath": _FOLDER,
    "FileItem/FullPath": _WHOLE,
    "FileItem/SizeInBytes": Term("file:size", "", Sort.NUMBER),
    "FileDownloadHistoryItem/FileName": _NAME,
    "FileDownloadHistoryItem/SourceURL": _URL,
    "ProcessItem/name": Term("process:image_ref.name"),
    "ProcessItem/arguments": Term("process:command_line"),
    "ProcessItem/path": Term("process:image_ref.parent_directory_ref.path"),
    "ProcessItem/pid": Term("process:pid", "", Sort.NUMBER),
    "ProcessItem/HandleList/Handle/Name": Term("mutex:name", "mutex"),
    **_ports("ProcessItem/PortList/PortItem"),
    **_ports("PortItem"),
    "RegistryItem/Path": _KEY,
    "RegistryItem/KeyPath": _KEY,
    "RegistryItem/ValueName": Term("windows-registry-key:values[*].name"),
    "RegistryItem/Text": _DATA,
    "RegistryItem/Value": _DATA,
    "ServiceItem/name": Term(f"{_SERVICE}.service_name"),
    "ServiceItem/descriptiveName": Term(f"{_SERVICE}.display_name"),
    "ServiceItem/path": _WHOLE,
    "ServiceItem/serviceDLL": _WHOLE,
    "Network/DNS": _HOST,
    "Network/URI": _URL,
    "Network/UserAgent": Term(AGENT, "user-agent"),
    "Network/HTTP_Referr": Term(f"{REQUEST}.request_header.Referer"),
    "DnsEntryItem/Host": _HOST,
    "DnsEntryItem/RecordName": _HOST,
    "DnsEntryItem/RecordData/Host": _HOST,
    "DnsEntryItem/RecordData/IPv4Address": _ADDRESS,
    "UrlHistoryItem/URL": _URL,
    "UrlHistoryItem/HostName": _HOST,
    "CookieHistoryItem/HostName": _HOST,
    "ArpEntryItem/IPv4Address": _ADDRESS,
    "ArpEntryItem/PhysicalAddress": Term("mac-addr:value", "mac-address", Sort.EXACT),
    "Email/From": Term("email-message:from_ref.value", "email-src"),
    "Email/To": Term("email-message:to_refs[*].value"),
    "Email/CC": Term("email-message:cc_refs[*].value"),
    "Email/Subject": Term("email-message:subject", "email-subject"),
    "Email/Body": Term("email-message:body", "email-body"),
    "Email/Attachment/Name": _NAME,
    "UserItem/Username": Term("user-account:account_login"),
    "Yara/Yara": Term("yara", "yara", Sort.RULE),
    "Snort/Snort": Term("snort", "snort", Sort.RULE),
}
TERMS: Mapping[str, Term] = MappingProxyType({name.lower(): term for name, term in _TERMS.items()})
"""By name in small letters: tools write them as they like."""

MUTEX = "processitem/handlelist/handle/name"
