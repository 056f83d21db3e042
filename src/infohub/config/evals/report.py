"""Figures as a table on the screen, as Markdown and as JSON, and what got worse since the committed ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import orjson
from rich.table import Table

from infohub.config.evals.figure import TARGETS, Figure, Target

_HEADINGS = ("task", "measure", "value", "95 %", "units", "baseline", "target", "")
_FIELDS = ("task", "measure", "value", "low", "high", "number", "baseline", "target", "below")


def lines(figures: Iterable[Figure]) -> Iterator[tuple[str, ...]]:
    """Every row of the table of targets in its order, measured or not, then every other figure."""
    measured = {(one.task, one.measure): one for one in figures}
    for row in TARGETS:
        one = measured.pop((row.task, row.measure), None)
        yield (
            _line(one) if one else (row.task, row.measure, "", "", "", _short(row.baseline), _goal(row), "not measured")
        )
    yield from map(_line, measured.values())


def table(figures: Iterable[Figure]) -> Table:
    """The lines for the screen."""
    shown = Table(title="Analysis, measured against its targets")
    for heading in _HEADINGS:
        shown.add_column(heading, justify="left" if heading in {"task", "measure", ""} else "right")
    for line in lines(figures):
        shown.add_row(*line)
    return shown


def markdown(figures: Iterable[Figure]) -> str:
    """The lines as a table of a document."""
    rows = [_HEADINGS, ("---",) * len(_HEADINGS), *lines(figures)]
    return "# Figures\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def write(figures: Iterable[Figure], folder: Path) -> None:
    """Write both forms; figures that stand there already and were not measured this time stay."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {(one.task, one.measure): one for one in read(folder / "figures.json")}
    fresh = list(figures)
    again = {one.task for one in fresh}
    both = [one for one in kept.values() if one.task not in again] + fresh
    both.sort(key=lambda one: (one.task, one.measure))
    raw = [asdict(one) for one in both]
    (folder / "figures.json").write_bytes(orjson.dumps(raw, option=orjson.OPT_INDENT_2) + b"\n")
    (folder / "figures.md").write_text(markdown(both), encoding="utf-8")


def read(path: Path) -> list[Figure]:
    """Figures written earlier; none where nothing was."""
    if not path.exists():
        return []
    return [Figure(**{name: one[name] for name in _FIELDS}) for one in orjson.loads(path.read_bytes())]


def worse(figures: Iterable[Figure], reference: Iterable[Figure]) -> list[str]:
    """A sentence for each figure with a target that is a step back; precision may be given for recall."""
    before = {(one.task, one.measure): one for one in reference}
    pairs = ((one, before.get((one.task, one.measure))) for one in figures)
    return [
        f"{one.task} {one.measure}: {_short(one.value)} after {_short(old.value)}"
        for one, old in pairs
        if old is not None and one.target is not None and one.worse_than(old)
    ]


def _line(one: Figure) -> tuple[str, ...]:
    said = {True: "met", False: "NOT met", None: ""}[one.met]
    between = f"{_short(one.low)} – {_short(one.high)}"
    return (
        *(one.task, one.measure, _short(one.value), between, str(one.number)),
        *(_short(one.baseline), _goal(one), said),
    )


def _goal(of: Figure | Target) -> str:
    return "" if of.target is None else f"{'< ' if of.below else ''}{_short(of.target)}"


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if abs(value) > 10 else f"{value:.4f}"
