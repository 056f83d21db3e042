"""The feed of a collection, as files: the list of its events, each event, the digests of their values."""

from __future__ import annotations

from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse

from infohub.intel.gathering import Gathering
from infohub.misp.answers import absent, etag_of, file, unchanged
from infohub.misp.door import Caller, demand, door
from infohub.misp.events import events, known, programme, version
from infohub.standards.misp.feed import event_file

_OF_LISTS = ("published", "publish_timestamp")


@door
def manifest(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """List the events, each with what the digest of its file is."""
    demand(request)
    gathering = caller.gathered(name)
    author = programme()
    etag = _etag(gathering, version(author), "manifest")
    if same := unchanged(request, etag):
        return same
    told = {str(uuid): line.told for uuid, line in known(gathering, author).items()}
    entries = {
        uuid: {name: part for name, part in entry.items() if name not in _OF_LISTS} for uuid, entry in told.items()
    }
    return file(orjson.dumps(entries), etag, newest=gathering.newest)


@door
def hashes(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Say in which events a value is, for whoever knows the value."""
    demand(request)
    gathering = caller.gathered(name)
    author = programme()
    etag = _etag(gathering, version(author), "hashes")
    if same := unchanged(request, etag):
        return same
    body = b"".join(line.hashes for line in known(gathering, author).values())
    return file(body, etag, content_type="text/csv; charset=utf-8", newest=gathering.newest)


@door
def event(request: HttpRequest, caller: Caller, name: str, uuid: str) -> HttpResponse:
    """Give one event."""
    demand(request)
    found = caller.gathered(name).parts.get(UUID(uuid))
    told = next(events([found], programme()), None) if found else None
    if told is None:
        raise absent()
    body = event_file(told)
    etag = etag_of(body)
    return unchanged(request, etag) or file(body, etag)


@door
def nothing(_request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Everything else below this address."""
    raise absent()


def _etag(gathering: Gathering, *of: str) -> str:
    return etag_of(*of, *(one.digest for one in gathering.parts.values()))
