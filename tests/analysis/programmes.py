"""Made-up programmes whose shipped confidences are off by a known step: `python -m tests.analysis.programmes` prints
how far from the truth each way of learning ends.

Eight organisations judge forty findings each, a little differently; in some programmes a ninth judges four hundred
without looking.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log
from random import Random

from infohub.analysis.sureness import OF_ONE, Judged, candidate, step_of, told

ORGANISATIONS, EACH, FLOOD = 8, 40, 400
METHOD = "sentence"


@dataclass(frozen=True)
class Programme:
    """Labels of one method that always says the same confidence, and how often it is right in truth."""

    labels: list[Judged]
    shipped: float
    truth: float


def programme(number: int, *, flood: bool | None = None) -> Programme:
    """One of them; `flood` is what the ninth organisation says of everything."""
    dice = Random(number)
    shipped = dice.choice([0.55, 0.7, 0.9])
    odds = log(shipped / (1 - shipped)) + dice.gauss(0, 0.8)
    labels = []
    for by in range(ORGANISATIONS):
        share = _chance(odds + dice.gauss(0, 0.3))
        labels += [_label(by, place, shipped, accepted=dice.random() < share) for place in range(EACH)]
    if flood is not None:
        labels += [_label(-1, place, shipped, accepted=flood) for place in range(FLOOD)]
    return Programme(labels, shipped, _chance(odds))


def learnt(one: Programme) -> float:
    """What would be told after learning, where it is promoted."""
    made = candidate(one.labels, by_value=False)
    return told(one.shipped, step_of(made.steps, METHOD, "")) if made and made.better else one.shipped


def share(one: Programme) -> float:
    """The share accepted as it is: what isotonic regression says of a single confidence."""
    return sum(label.accepted for label in one.labels) / len(one.labels)


def weighed(one: Programme) -> float:
    """The share with so many labels of each organisation at most, and as many that find the shipped models right."""
    numbers = {by: sum(label.organisation == by for label in one.labels) for by in range(-1, ORGANISATIONS)}
    weights = [min(1.0, OF_ONE / numbers[int(str(label.organisation))]) for label in one.labels]
    right = sum(weight for weight, label in zip(weights, one.labels, strict=True) if label.accepted)
    return (right + OF_ONE * one.shipped) / (sum(weights) + OF_ONE)


WAYS: dict[str, Callable[[Programme], float]] = {
    "shipped": lambda one: one.shipped,
    "share": share,
    "weighed": weighed,
    "learnt": learnt,
}


def distance(way: Callable[[Programme], float], programmes: list[Programme]) -> float:
    """How far from the truth in the mean."""
    return sum(abs(way(one) - one.truth) for one in programmes) / len(programmes)


def _label(by: int, place: int, shipped: float, *, accepted: bool) -> Judged:
    return Judged(METHOD, f"T{place % 30}", shipped, accepted, by, f"{by} {place}")


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-odds))


if __name__ == "__main__":
    for flood in (None, False, True):
        worlds = [programme(number, flood=flood) for number in range(200)]
        for name, way in WAYS.items():
            harmed = sum(abs(way(one) - one.truth) > abs(one.shipped - one.truth) + 0.01 for one in worlds)
            sys.stdout.write(f"flood {flood}: {name} {distance(way, worlds):.3f}, farther than shipped in {harmed}\n")
