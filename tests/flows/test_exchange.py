"""A client from the shelf reads back what it added, whatever the page size, while others go on adding."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from taxii2client.v21 import Collection, as_pages

from tests.flows.sensors import Machine
from tests.stage import Stage
from tests.standards.stix_large_objects import largest
from tests.standards.stix_objects import LEAST, Object

SIZES = (1, 7, 100, 1000)


@pytest.fixture
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
