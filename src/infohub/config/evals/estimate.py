"""A measure with its confidence interval: its natural units (reports, queries) are drawn again, with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Statistic = Callable[[Numbers], float]
"""A measure of the whole set in which each unit counts as often as its weight says."""

DRAWS, SEED = 1000, 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, the interval that holds 95 % of what other draws of the units give, and how many units there are."""

    value: float
    low: float
    high: float
    number: int


def estimated(statistic: Statistic, number: int) -> Estimate:
    """The statistic of all units once, and its interval."""
    if number == 0:
        return Estimate(0.0, 0.0, 0.0, 0)
    dice = np.random.default_rng(SEED)
    even = np.full(number, 1 / number)
    drawn = sorted(float(statistic(dice.multinomial(number, even).astype(np.float64))) for _ in range(DRAWS))
    value = float(statistic(np.ones(number)))
    return Estimate(value, drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS) - 1], number)


def mean(values: Sequence[float]) -> Estimate:
    """The mean of one value per unit."""
    each = np.array(values, dtype=np.float64)
    return estimated(lambda weights: float(weights @ each / weights.sum()), len(each))


def percentile(values: Sequence[float], share: float) -> Estimate:
    """The value below which this share of all units lies."""
    each = np.sort(np.array(values, dtype=np.float64))

    def statistic(weights: Numbers) -> float:
        reached = np.searchsorted(np.cumsum(weights), share * weights.sum(), side="right")
        return float(each[min(int(reached), len(each) - 1)])

    return estimated(statistic, len(each))


class Units:
    """Numbers the units of items in the order they come, and sums what belongs to each."""

    def __init__(self, names: Iterable[str]) -> None:
        self._place: dict[str, int] = {}
        self.of = [self._place.setdefault(name, len(self._place)) for name in names]

    def __len__(self) -> int:
        return len(self._place)

    def sums(self, values: Sequence[Sequence[float]]) -> Numbers:
        """One row of sums for each unit, from one row of numbers for each item."""
        each = np.array(values, dtype=np.float64)
        sums = np.zeros((len(self), *each.shape[1:]))
        np.add.at(sums, self.of, each)
        return sums
