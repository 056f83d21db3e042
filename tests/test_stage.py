"""A real instance starts, survives being killed, and ends when it is asked to."""

from tests.stage import Stage


def test_an_instance_offers_a_way_in_survives_a_kill_and_ends_when_asked(stage: Stage) -> None:
    made = stage.instance().start()
    assert made.log.count(f"{made.base_url}/accounts/") == 1
    assert made.letters() == []
    made.kill()
    assert not made.is_ready()
    assert made.start().is_ready()
    assert made.stop() == 0
    assert not made.is_ready()
