"""A peer outside: a TAXII server on this machine that answers as a test says, and the pushes to it."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast as as_type
from uuid import uuid4

import orjson
from django.test import override_settings

from infohub.intel.actions import PushTerms, add_push, confirmation_of, ensure_collections, marking, switch_on
from infohub.intel.models import Delivery, Placement, Push
from infohub.intel.sending import push_due
from infohub.policy.viewer import SYSTEM
from infohub.standards.targets import allowance
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp
from tests.intel import pieces
from tests.intel.pieces import Stix
from tests.support.host import Host, hosting

ROOT = "/api"
COLLECTION = f"{ROOT}/collections/theirs/"

TAKEN = ("taken", "")
"""State and recall of what a peer has and may keep."""

Reply = Callable[[list[Stix]], bytes]


def answer(status: int, body: object = None, *headers: str, kind: str = TAXII) -> bytes:
    """A whole answer."""
    content = b"" if body is None else orjson.dumps(body)
    told = "".join(f"{one}\r\n" for one in (f"Content-Type: {kind}", f"Content-Length: {len(content)}", *headers))
    return f"HTTP/1.1 {status} Indeed\r\n{told}\r\n".encode() + content


def complete(objects: Sequence[Stix], *, refused: Sequence[str] = (), message: str = "no thanks") -> dict[str, object]:
    """The status of an envelope that was dealt with."""
    failures = [{"id": one, "version": "x", "message": message} for one in refused]
    return {
        "id": "st-1",
        "status": "complete",
        "total_count": len(objects),
        "success_count": len(objects) - len(failures),
        "failure_count": len(failures),
        "pending_count": 0,
        "failures": failures,
    }


def takes(objects: list[Stix]) -> bytes:
    return answer(202, complete(objects))


def waits(_objects: list[Stix]) -> bytes:
    return answer(202, {"id": "st-1", "status": "pending", "total_count": 1, "pending_count": 1})


def says(reply: bytes) -> Reply:
    return lambda _objects: reply


@dataclass
class Outside:
    """What the peer was sent, envelope by envelope, what it was asked to delete, and how it answers."""

    post: list[Reply] = field(default_factory=lambda: [takes])
    delete: bytes = answer(200, {})
    status: bytes = answer(404)
    can_write: bool = True
    most: int = 10_000_000
    envelopes: list[list[Stix]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    polled: int = 0
    host: Host | None = None

    @property
    def url(self) -> str:
        assert self.host is not None
        return self.host.url(COLLECTION)

    @property
    def ids(self) -> list[str]:
        """All that was sent, in the order of sending."""
        return [str(one["id"]) for envelope in self.envelopes for one in envelope]

    @property
    def text(self) -> str:
        """Every byte that came."""
        assert self.host is not None
        return "\n".join(self.host.asked)

    def reply(self, asked: str) -> bytes:
        method, path = asked.split(" ")[:2]
        if method == "POST":
            body = orjson.loads(asked.partition("\r\n\r\n")[2])
            self.envelopes.append(as_type(list[Stix], body["objects"]))
            return self.post[min(len(self.envelopes), len(self.post)) - 1](self.envelopes[-1])
        if method == "DELETE":
            self.deleted.append(path)
            return self.delete
        if "/status/" in path:
            self.polled += 1
            return self.status
        if path == COLLECTION:
            return answer(200, {"id": "theirs", "title": "Theirs", "can_read": True, "can_write": self.can_write})
        if path == f"{ROOT}/":
            return answer(200, {"title": "Theirs", "versions": [TAXII], "max_content_length": self.most})
        return answer(404)


@contextmanager
def peer(**how: object) -> Iterator[Outside]:
    """A peer that answers so, and may be reached."""
    there = Outside(**how)  # type: ignore[arg-type]  # each name has its type above

    def script(connection: socket.socket, host: Host) -> None:
        connection.sendall(there.reply(host.asked[-1]))

    with hosting(script) as host, override_settings(OUTBOUND_ALLOW=(allowance(f"127.0.0.1:{host.port}"),)):
        there.host = host
        yield there


def draft(url: str, *, alias: str = "members", ceiling: Tlp = Tlp.GREEN, password: str = "word") -> Push:
    """A push of a collection that is not switched on."""
    ensure_collections()
    terms = PushTerms(name="Beacon", url=url, ceiling=ceiling, minutes=60, password=password)
    return add_push(SYSTEM, uuid=uuid4(), collection=pieces.collection(alias), terms=terms)


def push(url: str, *, alias: str = "members", ceiling: Tlp = Tlp.GREEN) -> Push:
    """A push that is switched on."""
    made = draft(url, alias=alias, ceiling=ceiling)
    switch_on(SYSTEM, push=made, confirmation=confirmation_of(made))
    return made


def turn(of: Push, *, turns: int = 1) -> Push:
    """Let the worker take so many turns of this push, whenever it is due."""
    for _turn in range(turns):
        Push.objects.filter(pk=of.pk).update(due_at=of.added_at, leased_until=None)
        assert push_due() == 1
    of.refresh_from_db()
    return of


def ledger(of: Push) -> dict[str, tuple[str, str]]:
    """State and recall of each object that was sent; of its newest version."""
    rows = Delivery.objects.filter(push=of).order_by("version")
    return {row.stix_id: (row.state, row.recall) for row in rows}


def header(asked: str, name: str) -> str:
    """A header of a request."""
    found = re.search(rf"(?im)^{name}: (.*)\r$", asked)
    return found[1] if found else ""


def ids(*objects: Stix) -> list[str]:
    return [str(one["id"]) for one in objects]


def few(count: int) -> list[Stix]:
    """So many objects for all members, of one piece."""
    made = [pieces.indicator() for _number in range(count)]
    pieces.placed("IH-FEW222", *made)
    return made


def take_out(one: Stix) -> None:
    marking.take_out(Placement.objects.filter(stix_id=one["id"]))
