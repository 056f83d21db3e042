"""Dates of addition are unique and in the order of commits, whoever writes: paging by date loses nothing."""

import subprocess
import sys
from datetime import datetime, timedelta
from random import Random

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infohub.intel.actions import ensure_collections
from infohub.intel.actions.collections import dated
from infohub.intel.models import Placement
from infohub.intel.tasks import place_due
from infohub.support import clock
from tests.intel.pieces import NOW, collection, indicator, place
from tests.stage import Instance, Stage

SPAN = timedelta(microseconds=2048)


def dates(alias: str) -> list[datetime]:
    return list(collection(alias).placements.order_by("pk").values_list("date_added", flat=True))


@pytest.mark.django_db
def test_each_date_is_later_than_the_one_before_even_when_the_clock_stands_or_runs_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ensure_collections()
    last = {"members": NOW, "everything": NOW}
    for number, hours in enumerate((0, 0, -1, 2)):
        present = NOW + timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda present=present: present)
        place(f"IH-{number}", indicator(), indicator())
        place_due(NOW)
        for alias, before in last.items():
            first, second = dates(alias)[-2:]
            begun = max(present, before)
            assert begun <= first < second <= begun + SPAN
            last[alias] = second
    for alias in last:
        assert dates(alias) == sorted(set(dates(alias)))


@pytest.mark.django_db
def test_the_newest_date_is_remembered_when_its_object_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_collections()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    place("IH-1", indicator(), indicator())
    place_due(NOW)
    newest = dates("members")[-1]
    Placement.objects.filter(source="IH-1").delete()
    place("IH-2", indicator())
    place_due(NOW)
    assert newest < dates("members")[0] <= newest + SPAN


Row = tuple[int, int]
"""The label and the level of a row, which decide who is shown it."""


def apart(rows: list[Row], seen: set[Row], *, trials: int = 400) -> float:
    """How many microseconds lie between the first and the last row of those seen, in the mean of many batches."""
    total = timedelta()
    there = collection("members")
    for _ in range(trials):
        shown = [date for date, row in dated(there, rows, shown_by=lambda row: row) if row in seen]
        total += shown[-1] - shown[0]
    return total / timedelta(microseconds=trials)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param([(0, 2)] * 500, id="stricter"),
        pytest.param([(label, 1) for label in (1, 3) for _ in range(250)], id="under other labels"),
    ],
)
def test_dates_tell_nothing_of_the_rows_between_that_are_not_shown(
    hidden: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infohub.intel.actions.collections._chance", Random(4))
    ensure_collections()
    seen = (0, 1)
    for number in (2, 20):
        alone = [seen] * number
        mixed = [seen, *hidden, *[seen] * (number - 1)]
        mean = 2048 * (number - 1) / (number + 1)
        for rows in (alone, mixed, [*hidden, *alone], [*alone, *hidden]):
            assert apart(rows, {seen}) == pytest.approx(mean, rel=0.1)


@pytest.mark.django_db
def test_who_is_shown_the_strictest_is_shown_all_others_before_it_and_each_level_in_its_order() -> None:
    ensure_collections()
    rows = [(number, level) for number, level in enumerate((3, 1, 0, 1, 3, 0))]
    told = [row for _, row in dated(collection("members"), rows, shown_by=lambda row: (0, row[1]))]
    assert told == sorted(rows, key=lambda row: row[1])


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "most"), [(1, 2048), (1000, 2048), (10_000, 16 * 2048)])
def test_a_batch_does_not_run_ahead_of_the_clock(count: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure_collections()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    found = [date for date, _ in dated(collection("members"), list(range(count)), shown_by=lambda _: (0, 1))]
    assert len(set(found)) == count
    assert found == sorted(found)
    assert NOW <= found[0] < found[-1] + timedelta(microseconds=1) <= NOW + timedelta(microseconds=most)


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
