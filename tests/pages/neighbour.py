"""A programme next door, for pages that tell of exchanges: a list and a collection to pull, and one to send to."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from infohub.standards.taxii21.media import TAXII
from infohub.support.clock import now
from tests.intel.news import report
from tests.support.host import Host, hosting, whole

LISTED, THEIRS, OURS = "/hosts.txt", "/api/collections/theirs/", "/api/collections/ours/"
GONE = "/gone.txt"
ODD = "marking-definition--c0ffee00-0000-4000-8000-000000000001"
"""A marking that only the neighbour knows."""

Stix = dict[str, object]


def indicator(name: str, *marks: str) -> Stix:
    """An indicator of this name."""
    at = "2026-01-05T09:00:00.000Z"
    made: Stix = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid4()}",
        "created": at,
        "modified": at,
        "name": name,
        "pattern": f"[domain-name:value = '{name}']",
        "pattern_type": "stix",
        "valid_from": at,
    }
    return made | ({"object_marking_refs": list(marks)} if marks else {})


HOSTS = "# seen this week\nparcel-verify.example\nportal-secure.example\nno value at all\n203.0.113.9\nan_e-mail\n"


def told(title: str, text: str) -> Stix:
    """News of an hour ago."""
    return report(title, text, source="Lookout", at=now() - timedelta(hours=1))


FLAW = (
    "Attackers exploit CVE-2026-41234 in Lanternware Gateway to run commands on it. The vendor has published a patch. "
    "Banks and hospitals in several cities have seen the attacks since Monday. Close the management port first."
)
SHARED = [
    told("Gateways of Lanternware attacked", FLAW),
    told("Patch Lanternware Gateway now", f"{FLAW} The first commands fetch a miner."),
    told("Letters that ask for meter readings", "Letters with a code to scan ask households for a meter reading."),
    indicator("wallet-notice.example"),
    indicator("toll-confirm.example", ODD),
    {"type": "indicator", "id": "odd"},
]


@contextmanager
def neighbour() -> Iterator[Host]:
    """It answers until the end, and refuses the last object of every envelope."""
    with hosting(_answer) as host:
        yield host


def _answer(connection: socket.socket, host: Host) -> None:
    method, path = host.asked[-1].split(" ")[:2]
    if method == "POST":
        objects: list[Stix] = json.loads(host.asked[-1].partition("\r\n\r\n")[2])["objects"]
        connection.sendall(_told(_status(objects)).replace(b"200 OK", b"202 Accepted"))
    else:
        connection.sendall(_CONTENT.get(path.partition("?")[0], b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


def _told(content: object) -> bytes:
    return whole(json.dumps(content).encode(), f"Content-Type: {TAXII}")


def _status(objects: list[Stix]) -> Stix:
    refused = [{"id": one["id"], "version": "x", "message": "This type is not taken here."} for one in objects[-1:]]
    return {
        "id": str(uuid4()),
        "status": "complete",
        "total_count": len(objects),
        "success_count": len(objects) - len(refused),
        "failure_count": len(refused),
        "pending_count": 0,
        "failures": refused,
    }


_CONTENT = {
    LISTED: whole(HOSTS.encode(), "Content-Type: text/plain"),
    "/api/": _told({"title": "Next door", "versions": [TAXII], "max_content_length": 10_000_000}),
    THEIRS: _told({"id": "theirs", "title": "Shared with us", "can_read": True, "can_write": True}),
    OURS: _told({"id": "ours", "title": "For everybody", "can_read": True, "can_write": False}),
    f"{OURS}objects/": _told({"objects": SHARED}),
}
