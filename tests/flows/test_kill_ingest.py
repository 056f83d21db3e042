"""The promise that a power cut loses no object that was acknowledged, and leaves no envelope half added."""

from __future__ import annotations

import random
import sys
import threading
import time

import pytest

from tests.flows.sensors import IN_ONE, Machine
from tests.stage import Stage


def test_power_cuts_lose_no_acknowledged_object_and_halve_no_envelope(
    stage: Stage, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    instance = stage.instance()
    machine = Machine.of(instance)
    chance, kills = random.Random(7), request.config.getoption("kills")
    instance.start()
    for _ in range(kills):
        machine.add_next()
        begun = time.monotonic()
        machine.add_next()
        cut = threading.Timer(chance.uniform(0, 3) * (time.monotonic() - begun), instance.kill)
        cut.start()
        machine.add_without_end()
        cut.join()
        instance.start()

    there = machine.manifest()
    assert len(there) == len(set(there))
    kept = set(there)
    for status, ids in machine.acknowledged.items():
        assert kept.issuperset(ids)
        assert machine.ask(f"/taxii2/api/status/{status}/")["success_count"] == IN_ONE
    assert {len(kept.intersection(ids)) for ids in machine.unsure} <= {0, IN_ONE}
    committed = sum(kept.issuperset(ids) for ids in machine.unsure)
    assert len(there) == IN_ONE * (len(machine.acknowledged) + committed)
    with capsys.disabled():
        figures = f"{kills} kills, {len(machine.acknowledged)} envelopes acknowledged, {committed} committed unheard"
        sys.stdout.write(f"\n{figures}: nothing lost, nothing doubled, nothing halved\n")
