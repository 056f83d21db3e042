"""What an exchange did with each thing that came or went: taken, changed or refused, and why."""

from dataclasses import dataclass
from enum import StrEnum

from infohub.standards.problem import Problem


class Outcome(StrEnum):
    TAKEN = "taken"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one thing, named by its id or value."""

    subject: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
