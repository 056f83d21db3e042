"""What people made of what analysis suggested, in numbers for the office: no cell tells of too few organisations.

A decision is of the organisation whose piece it is about. One about an unattributed piece, or about one that is gone,
is counted and of none, so it never helps a cell to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from infohub.assist.models import Said, Verdict
from infohub.members.programme import clock
from infohub.policy.rules import may_teach
from infohub.programme.figures import Cell, told
from infohub.standards.tlp import Tlp


@dataclass(frozen=True, slots=True)
class Decisions:
    """How many there were and how many of them accepted; None where that would tell of too few."""

    decided: int | None
    accepted: int | None

    @property
    def rejected(self) -> int | None:
        return None if self.decided is None or self.accepted is None else self.decided - self.accepted

    @property
    def share(self) -> int | None:
        """Of a hundred how many were accepted."""
        return round(100 * (self.accepted or 0) / self.decided) if self.decided else None


@dataclass(frozen=True, slots=True)
class Labels:
    """The decisions about one kind of finding, and how many of them models may learn from."""

    subject: Said
    decisions: Decisions
    open: int | None


@dataclass(frozen=True, slots=True)
class Month:
    first: datetime
    decisions: Decisions


_ACCEPTED = Q(accepted=True)
_OPEN = Q(tlp__in=[level.value for level in Tlp if may_teach(level)])
_BY = "entry__owner"


def labels() -> list[Labels]:
    """Of each kind of finding, in one query.

    Kinds are nowhere added up. What is open and what is restricted make a whole: one is withheld with the other.
    """
    counted = Verdict.objects.order_by().values("subject").annotate(**_counts(), **_counts("open_", _OPEN))
    counted = counted.annotate(**_counts("shut_", ~_OPEN))
    rows = {row["subject"]: _numbers(row) for row in counted}
    return [_labels(subject, rows.get(subject.value, {})) for subject in Said]


def months(subject: Said) -> list[Month]:
    """Of one kind of finding every month from its first decision to its last, in one query."""
    with timezone.override(clock()):
        counted = Verdict.objects.filter(subject=subject).annotate(month=TruncMonth("at")).order_by().values("month")
        rows = {row["month"]: _numbers(row) for row in counted.annotate(**_counts())}
        firsts = list(_firsts(rows))
    numbers = _told([_cell(rows.get(first, {})) for first in firsts])
    pairs = zip(firsts, numbers, strict=True)
    return [Month(first, _decisions(number, rows.get(first, {}))) for first, number in pairs]


def _labels(subject: Said, row: Mapping[str, int]) -> Labels:
    whole = _told([_cell(row)])[0]
    is_open, _shut = _told([_cell(row, "open_"), _cell(row, "shut_")])
    return Labels(subject, _decisions(whole, row), None if whole is None else is_open)


def _counts(name: str = "", which: Q | None = None) -> dict[str, Count]:
    """What is counted of decisions, of some of them where `which` says so."""
    some = which or Q()
    return {
        f"{name}number": Count("pk", filter=some),
        f"{name}organisations": Count(_BY, filter=some, distinct=True),
    } | ({} if name else {"accepted_number": Count("pk", filter=_ACCEPTED)})


def _numbers(row: Mapping[str, object]) -> dict[str, int]:
    return {name: number for name, number in row.items() if isinstance(number, int)}


def _cell(row: Mapping[str, int], name: str = "") -> Cell:
    return Cell(row.get(f"{name}number", 0), row.get(f"{name}organisations", 0))


def _decisions(number: int | None, row: Mapping[str, int]) -> Decisions:
    return Decisions(number, None if number is None else row.get("accepted_number", 0))


def _told(cells: Sequence[Cell]) -> list[int | None]:
    """The numbers that may be told; that there was nothing tells of nobody."""
    some = iter(told([cell for cell in cells if cell.number]))
    return [next(some) if cell.number else 0 for cell in cells]


def _firsts(months: Iterable[datetime]) -> Iterable[datetime]:
    there = sorted(months)
    month = there[0] if there else None
    while month is not None and month <= there[-1]:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
