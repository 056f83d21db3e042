"""A real instance starts, survives being killed, and ends when it is asked to."""

from tests.stage import Instance, Stage


def test_an_instance_is_ready_again_after_it_was_killed(instance: Instance) -> None:
    assert instance.is_ready()
    instance.kill()
    assert not instance.is_ready()
    assert instance.start().is_ready()


def test_an_instance_ends_when_it_is_asked_to(stage: Stage) -> None:
    made = stage.instance().start()
    assert made.stop() == 0
    assert not made.is_ready()


def test_a_new_instance_offers_its_first_operator_a_way_in(stage: Stage) -> None:
    made = stage.instance().start()
    made.wait_until(lambda: f"{made.base_url}/accounts/" in made.log)
    assert made.log.count(f"{made.base_url}/accounts/") == 1
    assert made.letters() == []
