"""A client from the shelf reads back what it added while others go on adding; every body is read before an answer."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from taxii2client.v21 import Collection, as_pages

from infohub.standards.taxii21.media import TAXII
from tests.flows.sensors import Machine
from tests.stage import Stage
from tests.standards.stix_large_objects import largest
from tests.standards.stix_objects import LEAST, Object

SIZES = (1, 7, 100, 1000)
LARGE = 45 * 1024 * 1024  # the objects of ATT&CK in one envelope
PIECE = 64 * 1024


@pytest.fixture(scope="module")
def machine(stage: Stage) -> Machine:
    """A machine whose instance runs."""
    machine = Machine.of(stage.instance())
    machine.instance.start()
    return machine


@contextmanager
def others_adding(machine: Machine, *, writers: int) -> Iterator[None]:
    """Meanwhile so many others add envelopes."""
    done = threading.Event()

    def go_on() -> None:
        while not done.is_set():
            machine.add_next()

    threads = [threading.Thread(target=go_on) for _ in range(writers)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        done.set()
        for one in threads:
            one.join()


def test_every_type_comes_back_equal_from_pages_of_any_size_beside_two_writers(machine: Machine) -> None:
    client = Collection(f"{machine.instance.base_url}{machine.path}", user="any", password=machine.secret)
    sent = {str(one["id"]): one for one in map(largest, LEAST)}
    status = client.add_objects({"objects": list(sent.values())})
    assert (status.failures, status.success_count) == ([], len(sent))
    with others_adding(machine, writers=2):
        for size in SIZES:
            read: list[Object] = []
            for page in as_pages(client.get_objects, per_request=size):
                read += page["objects"]
                if len(read) >= 2 * len(sent):  # the writers are not waited for
                    break
            found = {str(one["id"]): one for one in read}
            assert len(found) == len(read)
            assert {name: found.get(name) for name in sent} == sent


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in chunks"])
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("objects/", {}, 413),
        ("objects/", {"content-type": "text/plain"}, 415),
        ("objects/", {"content-encoding": "gzip"}, 415),
        ("objects/", {"accept": "text/html"}, 406),
        ("manifest/", {}, 405),
        ("nowhere/", {}, 404),
    ],
)
def test_who_sends_much_in_vain_is_told_why_and_may_go_on(
    path: str, headers: dict[str, str], status: int, machine: Machine, *, chunked: bool
) -> None:
    """The client looks at no answer before all is sent, as most do; what is unread would break its connection."""
    sent = {"authorization": f"Bearer {machine.secret}", "content-type": TAXII, **headers}
    sent |= {} if chunked else {"content-length": str(LARGE)}
    body = (b" " * PIECE for _ in range(LARGE // PIECE))
    connection = http.client.HTTPConnection("127.0.0.1", machine.instance.port, timeout=60)
    connection.request("POST", f"{machine.path}{path}", body, sent, encode_chunked=chunked)
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("content-type")) == (status, TAXII)
    assert f'"http_status":"{status}"'.encode() in answer.read()
    connection.request("HEAD", machine.path, headers={"authorization": sent["authorization"]})
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    assert int(answer.getheader("content-length") or 0) > 100
    connection.close()
