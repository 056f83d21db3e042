"""What does not leave, or not as it stands: by reason with examples for a page, and in full as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from infohub.sharing.lists.forms import FORMS, held, table
from infohub.sharing.lists.gathering import Gathered
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem

EXAMPLES = 50
EVERY_FORM = "every"
MORE_PIECES = "So many more pieces pass the filters than one file holds. The newest leave; narrow the filters."
MORE_INDICATORS = (
    "So many more indicators count than one file holds. Those of the newest pieces leave; narrow the filters."
)
SENTENCES = (MORE_PIECES, MORE_INDICATORS)
COLUMNS = ("form", "outcome", "what", "pieces", "why", "found")


@dataclass(slots=True)
class Loss:
    """Everything that has one outcome for one reason, and the first of it: what, in which pieces, what was found."""

    outcome: Outcome
    reason: str
    number: int = 0
    examples: list[tuple[str, str, str]] = field(default_factory=list)


def grouped(lines: Iterable[Line]) -> list[Loss]:
    """By reason: what is left out, then what is changed, then what is only to be known; the most frequent first."""
    found: dict[tuple[Outcome, str], Loss] = {}
    for line in lines:
        for problem in line.problems:
            loss = found.setdefault((line.outcome, problem.message), Loss(line.outcome, problem.message))
            loss.number += 1
            if len(loss.examples) < EXAMPLES:
                loss.examples.append((line.subject, problem.path, problem.found))
    order = [Outcome.REFUSED, Outcome.CHANGED, Outcome.TAKEN]
    return sorted(found.values(), key=lambda loss: (order.index(loss.outcome), -loss.number, loss.reason))


def losses_table(gathered: Gathered) -> bytes:
    """All of it, form by form."""
    more = ((gathered.more_pieces, MORE_PIECES), (gathered.more_indicators, MORE_INDICATORS))
    cut = [Line(str(number), Outcome.REFUSED, (Problem("", reason),)) for number, reason in more if number]
    forms = ((form.value, held(gathered, form).lines) for form in FORMS)
    return table(COLUMNS, told(((EVERY_FORM, [*cut, *gathered.lines]), *forms)))


def told(forms: Iterable[tuple[str, Iterable[Line]]]) -> Iterator[tuple[str, ...]]:
    """A row for each reason of each line of each form."""
    for form, lines in forms:
        for line in lines:
            for problem in line.problems:
                yield form, line.outcome.value, line.subject, problem.path, gettext(problem.message), problem.found
