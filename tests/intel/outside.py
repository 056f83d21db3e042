"""A source outside: a host on this machine that answers by path, and the rows that pull from it."""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import uuid4

import orjson
from django.test import override_settings

from infohub.intel.actions import Terms, add_source, ensure_collections
from infohub.intel.models import Placement, Source, SourceRun
from infohub.intel.tasks import pull_sources
from infohub.policy.viewer import SYSTEM
from infohub.standards.targets import allowance
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp
from tests.intel import pieces
from tests.intel.pieces import Stix
from tests.support.host import Host, hosting, whole

Answers = dict[str, list[bytes]]
"""What each path answers, one after the other, the last one again and again; a path is with its query or without."""

COLLECTION = "/api/collections/one/"
OBJECTS = f"{COLLECTION}objects/"


@contextmanager
def outside(answers: Answers, *, hang: Collection[str] = ()) -> Iterator[Host]:
    """A host that answers so, and may be reached; on some paths it then says nothing more and does not hang up."""
    given: dict[str, int] = {}

    def script(connection: socket.socket, host: Host) -> None:
        path = host.asked[-1].split(" ")[1]
        key = path if path in answers else path.partition("?")[0]
        said = answers.get(key, [status(404)])
        given[key] = given.get(key, 0) + 1
        connection.sendall(said[min(given[key], len(said)) - 1])
        if key in hang:
            host.over.wait(30)

    with hosting(script) as host, override_settings(OUTBOUND_ALLOW=(allowance(f"127.0.0.1:{host.port}"),)):
        yield host


def status(code: int, *headers: str) -> bytes:
    """An answer that is none."""
    told = "".join(f"{header}\r\n" for header in (*headers, "Content-Length: 0"))
    return f"HTTP/1.1 {code} Indeed\r\n{told}\r\n".encode()


def page(*objects: Stix, last: str = "", kind: str = TAXII, **more: object) -> bytes:
    """One page of a TAXII collection; `last` is the date of its last object."""
    headers = [f"Content-Type: {kind}", *([f"X-TAXII-Date-Added-Last: {last}"] if last else [])]
    return whole(orjson.dumps({**({"objects": objects} if objects else {}), **more}), *headers)


def resource(**content: object) -> bytes:
    return whole(orjson.dumps(content), f"Content-Type: {TAXII}")


def source(url: str, *, kind: str = "taxii", **terms: str | int | Tlp) -> Source:
    """A source that fills the collection of all members."""
    ensure_collections()
    told: dict[str, object] = {"name": "Outside", "url": url, "part": "", "tlp": Tlp.GREEN, "minutes": 60, **terms}
    made = Terms(**told)  # type: ignore[arg-type]  # each name has its type above
    return add_source(SYSTEM, uuid=uuid4(), kind=kind, collection=pieces.collection("members"), terms=made)


def pulled(of: Source, *, turns: int = 1) -> SourceRun:
    """Let the worker take so many turns of this source, whenever it is due; its last run."""
    for _turn in range(turns):
        Source.objects.filter(pk=of.pk).update(due_at=of.added_at, leased_until=None)
        assert pull_sources() == 1
    of.refresh_from_db()
    return of.runs.latest("pk")


def there(of: Source) -> list[str]:
    """The ids of what it has placed, in the order of addition."""
    return list(Placement.objects.filter(source=of.placing).order_by("date_added").values_list("stix_id", flat=True))


def counted(run: SourceRun) -> tuple[int, int, int, int]:
    """Taken, changed, refused, held."""
    return run.taken, run.changed, run.refused, run.held


def ids(objects: Sequence[Mapping[str, object]]) -> list[str]:
    return [str(one["id"]) for one in objects]
