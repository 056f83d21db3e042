"""Promises about the benches: whom they ask for, that their programme is as large as they say, and when they fail."""

import io

import pytest
from rich.console import Console

from infohub.config.bench import lookup, population, taxii
from infohub.config.bench.asking import Figure, Goal, Row, Sheet
from infohub.config.bench.population import Size
from infohub.intel.models import Observable, Placement
from infohub.sharing.models import Indicator

pytestmark = pytest.mark.django_db

READERS = ("ordinary", "1 %")
REACHED, MISSED = Goal("a", 10_000_000), Goal("b", 0)


@pytest.fixture
def hamlet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A programme of a hundred people writes itself in a second."""
    for name, number in (("PEOPLE", 100), ("AUTHORS", 20), ("TEXTS", 10)):
        monkeypatch.setattr(population, name, number)


@pytest.mark.usefixtures("hamlet")
def test_lookup_asks_everything_for_both_readers_with_as_many_queries_for_the_one_as_for_the_other() -> None:
    sheet = lookup.measured(Size(pieces=300, indicators=10), objects=500, values=50, times=1)
    assert Indicator.objects.as_system("a test counts").count() == 3000
    assert Observable.objects.count() == 500
    asked = {who: {row.figure.name: row.figure.queries for row in sheet.rows if row.reader == who} for who in READERS}
    assert asked["ordinary"] == asked["1 %"]
    assert sheet.bare.queries == 0
    for place in ("search page", "API lookup", "search box", "API suggest", "composer's names", "database"):
        assert any(name.startswith(place) for name in asked["ordinary"]), place
    assert "API lookup, 50 values" in asked["ordinary"]


def test_taxii_adds_what_it_says_and_pulls_it_all() -> None:
    sheet = taxii.measured(2000, times=1)
    assert Placement.objects.count() == 2000
    figures = {row.figure.name: row.figure.queries for row in sheet.rows if row.reader == "machine"}
    assert {figures[name] for name in ("first page", "page near the end", "manifest", "one object")} == {2}
    assert any(row.reader == "baseline" for row in sheet.rows)


def told(*goals: Goal) -> tuple[int, str]:
    """The exit code of a run with a figure for each goal, and what it prints."""
    sheet, printed = Sheet("A hamlet"), io.StringIO()
    for goal in goals:
        sheet.add("ordinary", [Figure("a page", 1.0, 2.0, 1.0, 3)], goal)
    return sheet.told(Console(file=printed, width=110)), printed.getvalue()


def test_a_run_fails_where_one_goal_is_missed_and_says_which() -> None:
    code, words = told(REACHED)
    assert (code, "ok" in words, "over" in words, words.rstrip().endswith(": met")) == (0, True, False, True)
    code, words = told(REACHED, MISSED)
    assert (code, "ok" in words, "over 0 ms" in words) == (1, True, True)
    assert words.rstrip().endswith("NOT MET")
    assert not Row("ordinary", Figure("a page", 1.0, 0.0, 0.0, 3), MISSED).within
