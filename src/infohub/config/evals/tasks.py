"""The tasks of the evaluation: each part of the analysis brings its own, in a module of its name beside this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

from infohub.config.evals.figure import Figure
from infohub.config.evals.rows import Row

PARTS = ("techniques", "names", "indicators", "classify", "relate", "search", "speed")
"""Where tasks are looked for (`TASKS` of `evals/PART.py`) and what makes models (`train` of `training/PART.py`)."""


class Task(Protocol):
    """One thing the analysis does that can be right or wrong."""

    @property
    def name(self) -> str:
        """What the command line calls it, and the table of targets."""

    @property
    def documents(self) -> str:
        """The file below the data folder whose rows `predict` gets before those of the asked file; else empty."""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Predictions for rows of any file of this task, by the shipped models alone, blind to their labels."""

    def figures(self, data: Path) -> list[Figure]:
        """The development figures, with everything that learns trained apart from what judges it.

        Raises FileNotFoundError where the data of this task is not there.
        """


class Training(Protocol):
    """What makes the shipped models of a part: the same bytes from the same data every time."""

    def train(self, data: Path, models: Path) -> None:
        """Read the evaluation folder, write the files of this part into the folder of models."""


def tasks() -> dict[str, Task]:
    """The tasks of all parts there are, by name."""
    found: dict[str, Task] = {}
    for part in PARTS:
        module = f"{__package__}.{part}"
        if find_spec(module) is not None:
            found |= {task.name: task for task in cast("tuple[Task, ...]", import_module(module).TASKS)}
    return found


def training(part: str) -> Training | None:
    """What trains a part, if anything does. Only here is scikit-learn needed (the extra `train`)."""
    module = f"infohub.config.training.{part}"
    return cast("Training", import_module(module)) if part in PARTS and find_spec(module) is not None else None
