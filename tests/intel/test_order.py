"""Dates of addition are unique and in the order of commits, whoever writes: paging by date loses nothing."""

import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infohub.intel.actions import ensure_collections
from infohub.intel.models import Placement
from infohub.intel.tasks import place_due
from infohub.support import clock
from tests.intel.pieces import NOW, collection, indicator, place
from tests.stage import Instance, Stage


def dates(alias: str) -> list[datetime | None]:
    return list(collection(alias).placements.order_by("pk").values_list("date_added", flat=True))


@pytest.mark.django_db
def test_each_date_is_later_than_the_one_before_even_when_the_clock_stands_or_runs_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ensure_collections()
    expected = list[datetime]()
    for hours in (0, 0, -1, 2):
        monkeypatch.setattr(clock, "now", lambda hours=hours: NOW + timedelta(hours=hours))
        place(f"IH-{len(expected)}", indicator(), indicator())
        place_due(NOW)
        begun = max([NOW + timedelta(hours=hours), *(at + timedelta(microseconds=1) for at in expected[-1:])])
        expected += [begun, begun + timedelta(microseconds=1)]
    assert dates("members") == dates("everything") == expected


@pytest.mark.django_db
def test_the_newest_date_is_remembered_when_its_object_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_collections()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    place("IH-1", indicator(), indicator())
    place_due(NOW)
    Placement.objects.filter(source="IH-1").delete()
    place("IH-2", indicator())
    place_due(NOW)
    assert dates("members") == [NOW + timedelta(microseconds=2)]


@pytest.mark.django_db
def test_more_than_a_batch_is_dated_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infohub.intel.actions.BATCH", 3)
    monkeypatch.setattr("infohub.intel.tasks.BATCH", 3)
    ensure_collections()
    place("IH-1", *(indicator() for _ in range(7)))
    assert (place_due(NOW), place_due(NOW)) == (14, 0)
    found = dates("members")
    assert found == sorted(set(found), key=str)


@pytest.mark.django_db
def test_the_clock_is_read_when_the_collection_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_collections()
    place("IH-1", indicator(), indicator())
    locked = list[bool]()

    def locking() -> datetime:
        asked = [query["sql"] for query in captured.captured_queries]
        by_row = any("intel_collection" in sql and "FOR NO KEY UPDATE" in sql for sql in asked)
        by_file = "IMMEDIATE" in str(settings.DATABASES["default"].get("OPTIONS"))
        locked.append(connection.in_atomic_block and (by_row if connection.vendor == "postgresql" else by_file))
        return NOW

    monkeypatch.setattr(clock, "now", locking)
    with CaptureQueriesContext(connection) as captured:
        place_due(NOW)
    assert locked == [True, True]


def beside(instance: Instance, *words: str) -> subprocess.Popen[str]:
    """A process of its own at the instance's database."""
    environment = instance.environment | {"DJANGO_SETTINGS_MODULE": "infohub.config.settings"}
    command = [sys.executable, "-m", "tests.intel.writer", *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_clients_that_page_by_date_beside_several_writers_get_everything_once(stage: Stage) -> None:
    instance = stage.instance()
    instance.run("migrate")
    started = [beside(instance, name, "15", "60") for name in ("a", "b")]
    said = [process.communicate(timeout=120)[0].split() for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert said == [["60", "60"], ["60", "60"]]
