"""The goals of a page, what misses them, and the table that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """A figure's name, its limit, which side of it is good, and how it is written."""

    name: str
    limit: float
    at_least: bool = False
    form: str = ".0f"

    def missed(self, figure: float) -> bool:
        """Whether the figure is on the wrong side of the limit."""
        return figure < self.limit if self.at_least else figure > self.limit

    def __str__(self) -> str:
        return f"{self.name} {'≥' if self.at_least else '≤'} {self.limit:{self.form}}"


GOALS = (
    Goal("html", 0),
    Goal("nodes", 800),
    Goal("first kB", 90, form=".1f"),
    Goal("later kB", 25, form=".1f"),
    Goal("LCP s", 2.0, form=".2f"),
    Goal("CLS", 0.02, form=".3f"),
    Goal("perf", 95, at_least=True),
    Goal("a11y", 100, at_least=True),
    Goal("best", 100, at_least=True),
)


@dataclass
class Row:
    """What was found about one page; a goal without a figure was not asked for on this page."""

    page: str
    figures: dict[str, float] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    @property
    def missed(self) -> list[Goal]:
        """The goals this page does not reach."""
        return [goal for goal in GOALS if goal.name in self.figures and goal.missed(self.figures[goal.name])]


def _cell(row: Row, goal: Goal) -> str:
    if goal.name not in row.figures:
        return ""
    return f"{row.figures[goal.name]:{goal.form}}{'*' if goal in row.missed else ' '}"


def table(rows: Iterable[Row]) -> str:
    """The figures, a line for each page; a star marks what misses its goal, and the complaints follow."""
    shown = list(rows)
    wide = max((len(row.page) for row in shown), default=4)
    head = f"{'page':{wide}}" + "".join(f"{goal.name:>10} " for goal in GOALS)
    lines = [head, f"{'goal':{wide}}" + "".join(f"{goal.limit:>10{goal.form}} " for goal in GOALS)]
    lines += [f"{row.page:{wide}}" + "".join(f"{_cell(row, goal):>11}" for goal in GOALS).rstrip() for row in shown]
    lines += [f"  {row.page}: {complaint}" for row in shown for complaint in row.complaints]
    missed = [f"  {row.page}: not {goal}" for row in shown for goal in row.missed]
    return "\n".join([*lines, f"{len(shown)} pages, {len(missed)} goals missed", *missed])
