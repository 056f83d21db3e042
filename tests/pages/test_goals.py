"""What misses a goal is seen and said, and what reaches it is not."""

import re

import pytest

from tests.pages.goals import GOALS, Row, table
from tests.pages.listing import ZONES

REACHED = {"html": 0.0, "nodes": 800, "first kB": 90, "later kB": 25, "LCP s": 2.0, "CLS": 0.02, "perf": 95}
REACHED |= {"a11y": 100, "best": 100}


def test_a_page_at_its_goals_misses_none_of_them() -> None:
    row = Row("home", REACHED)
    assert REACHED.keys() == {goal.name for goal in GOALS}
    assert row.missed == []
    assert "*" not in table([row])
    assert "1 pages, 0 goals missed" in table([row])


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        *(("html", 1), ("nodes", 801), ("first kB", 90.1), ("later kB", 25.1), ("LCP s", 2.01), ("CLS", 0.021)),
        *(("perf", 94), ("a11y", 99), ("best", 99)),
    ],
)
def test_a_page_beyond_one_goal_misses_that_one(name: str, figure: float) -> None:
    row = Row("home", REACHED | {name: figure}, ["why"])
    assert [goal.name for goal in row.missed] == [name]
    said = table([row, Row("other", REACHED)])
    assert said.count("*") == 1
    assert "2 pages, 1 goals missed" in said
    assert "home: why" in said


def test_what_was_not_asked_for_is_neither_reached_nor_missed() -> None:
    assert Row("home", {"html": 0}).missed == []


def test_no_page_stands_twice_in_the_list() -> None:
    names = [f"{zone.name} {page.name}" for zone in ZONES for page in zone.pages]
    assert len(names) == len(set(names)) > 50
    assert all(re.compile(page.found) for zone in ZONES for page in zone.pages)
