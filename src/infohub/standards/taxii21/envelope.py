"""The bodies of TAXII answers. Stored objects are joined as the text they are and never decoded on the way out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import orjson

from infohub.standards.stix21.timestamp import microseconds

from .media import STIX, TAXII


class ManifestEntry(NamedTuple):
    """One version of one object in a collection, with two time stamps: when it was added, and its own."""

    id: str
    date_added: str
    version: str


def envelope(objects: Sequence[bytes], *, next: str | None = None) -> bytes:  # noqa: A002 - the standard's word
    """A page of objects from their raw JSON; there is more exactly where there is a `next`."""
    return _page(b"objects", b",".join(objects), next)


def manifest(entries: Iterable[ManifestEntry], *, next: str | None = None) -> bytes:  # noqa: A002 - the standard's word
    """A page of manifest records."""
    return _page(b"objects", _inside([_record(entry) for entry in entries]), next)


def versions(stamps: Iterable[str], *, next: str | None = None) -> bytes:  # noqa: A002 - the standard's word
    """The versions of one object that a collection holds."""
    return _page(b"versions", _inside(list(stamps)), next)


def error(status: int, title: str, description: str = "", *, details: Mapping[str, str] | None = None) -> bytes:
    """The error resource; the standard wants the status as a string."""
    told: dict[str, object] = {"title": title, "http_status": str(status)}
    told |= {"description": description} if description else {}
    return resource(told | ({"details": dict(details)} if details else {}))


def status(
    identifier: str, at: datetime, *, successes: Sequence[Mapping[str, str]], failures: Sequence[Mapping[str, str]]
) -> dict[str, object]:
    """The status of an envelope that was dealt with (section 4.3.1): nothing is pending, and the counts sum."""
    told: dict[str, object] = {
        "id": identifier,
        "status": "complete",
        "request_timestamp": microseconds(at),
        "total_count": len(successes) + len(failures),
        "success_count": len(successes),
        "failure_count": len(failures),
        "pending_count": 0,
    }
    lists = {"successes": list(successes), "failures": list(failures)}
    return told | {name: rows for name, rows in lists.items() if rows}


def resource(content: Mapping[str, object]) -> bytes:
    """The body of a discovery, API root, collection or status resource."""
    return orjson.dumps(content)


def discovery(title: str, *, description: str, contact: str, api_roots: Sequence[str]) -> dict[str, object]:
    """The discovery resource; the first API root is the default."""
    told: dict[str, object] = {"title": title}
    told |= {name: words for name, words in (("description", description), ("contact", contact)) if words}
    return told | ({"default": api_roots[0], "api_roots": list(api_roots)} if api_roots else {})


def api_root(title: str, *, description: str, max_content_length: int) -> dict[str, object]:
    """The API root resource."""
    told: dict[str, object] = {"title": title, "versions": [TAXII], "max_content_length": max_content_length}
    return told | ({"description": description} if description else {})


def collection(
    identifier: str, title: str, *, description: str, alias: str, can_read: bool, can_write: bool
) -> dict[str, object]:
    """A collection resource as this client may use it."""
    told: dict[str, object] = {"id": identifier, "title": title}
    told |= {name: words for name, words in (("description", description), ("alias", alias)) if words}
    return told | {"can_read": can_read, "can_write": can_write, "media_types": [STIX]}


def collections(resources: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """The list of collections; an empty one has no key."""
    return {"collections": [dict(told) for told in resources]} if resources else {}


def _record(entry: ManifestEntry) -> dict[str, str]:
    return {
        "id": entry.id,
        "date_added": entry.date_added,
        "version": entry.version,
        "media_type": STIX,
    }


def _page(key: bytes, items: bytes, cursor: str | None) -> bytes:
    """`more` and `next` come and go together, and an empty list is left out (section 3.7)."""
    head = b'{"more":true,"next":%b' % orjson.dumps(cursor) if cursor else b'{"more":false'
    return b"".join((head, b',"', key, b'":[', items, b"]}")) if items else head + b"}"


def _inside(rows: Sequence[str] | Sequence[Mapping[str, str]]) -> bytes:
    """The list in JSON, without its brackets."""
    return orjson.dumps(rows)[1:-1]
