"""The figures of the evaluation that are shipped with this version: what was measured, and what it is held against."""

import json
from dataclasses import dataclass
from importlib.resources import files

SHIPPED = "figures.json"
"""A link to `docs/analysis/figures.json`, which `infohub evals --out` writes; a package that is built has the file."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of one task: its value, the interval that holds 95 % of other draws, and its target if it has one.

    `below` says that less is better.
    """

    task: str
    measure: str
    value: float
    low: float
    high: float
    target: float | None
    below: bool

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value < self.target if self.below else self.value >= self.target


def shipped_figures() -> list[Measured]:
    """All of them, in the order of their file."""
    rows = json.loads(files("infohub.analysis").joinpath(SHIPPED).read_text("utf-8"))
    names = Measured.__dataclass_fields__
    return [Measured(**{name: row[name] for name in names}) for row in rows]
