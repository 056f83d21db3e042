"""How sure to call what the shipped models say, learnt from what people made of it: a step up or down, never more.

A step is added to the logarithm of the odds, for all that one method says of one subject; a technique of which enough
was decided has its own. Steps are drawn towards none, as if as many people as are in the prior had found the shipped
models right. And none goes further than it would without the labels of any one organisation: whatever one says, true or
not, it moves nothing that the others do not move, and at most holds it back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Steps = Mapping[str, float]
"""By `method`, or by `method value` for what has its own."""

FEWEST = 5
"""Organisations that must have decided, before anything is learnt or judged."""
ENOUGH = 200
"""Labels of a subject that learning needs, of each organisation at most `OF_ONE`."""
OF_ONE = 40

_OF_METHOD, _OF_VALUE = 50, 20
_PRIOR, _PRIOR_OF_VALUE = 0.5, 0.35  # how far steps usually are, in log-odds: worth 16 and 33 labels in doubt
_LARGEST = 2.0
_EDGE = 0.01  # nothing is surer than .99, whatever a model says
_HELD = 4  # one piece in so many is held apart
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision: what was said, how, how sure the shipped models were; in whose piece, and whether it was right."""

    method: str
    value: str
    confidence: float
    accepted: bool
    organisation: Hashable
    piece: Hashable


@dataclass(frozen=True, slots=True)
class Score:
    """How wrong confidences are on labels, shipped and with steps: logarithmic and squared error, less is better."""

    labels: int
    shipped_log: float
    learnt_log: float
    shipped_square: float
    learnt_square: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Steps, and what they are worth on the labels held apart.

    `better` = both errors are smaller, also without the labels of any one organisation, and for no method larger.
    """

    steps: Steps
    score: Score
    better: bool


def told(confidence: float, step: float) -> float:
    """The confidence with a step; without one it stays to the last digit."""
    if not step:
        return confidence
    return 1 / (1 + exp(-_odds(confidence) - step))


def step_of(steps: Steps, method: str, value: str) -> float:
    """What applies to this value as this method says it."""
    return steps.get(f"{method} {value}", steps.get(method, 0.0))


def counted(labels: Iterable[Judged]) -> int:
    """How many labels there are, of each organisation at most `OF_ONE`."""
    of_each: defaultdict[Hashable, int] = defaultdict(int)
    for one in labels:
        of_each[one.organisation] += 1
    return sum(min(OF_ONE, number) for number in of_each.values())


def candidate(labels: Sequence[Judged], *, by_value: bool) -> Candidate | None:
    """What these labels, in the order of time, teach of one subject; nothing where they are too few.

    Of each organisation's pieces the newest quarter is held apart and judges what the others taught.
    """
    if counted(labels) < ENOUGH:
        return None
    seen, held = apart(labels)
    if len({one.organisation for one in held}) < FEWEST:
        return None
    steps = learnt(seen, by_value=by_value)
    errors = _errors(held, steps)
    return Candidate(steps, _score(errors), bool(steps) and _is_better(held, errors))


def apart(labels: Iterable[Judged]) -> tuple[list[Judged], list[Judged]]:
    """Labels to learn from and labels to judge by; no piece is in both."""
    pieces: defaultdict[Hashable, dict[Hashable, list[Judged]]] = defaultdict(dict)
    for one in labels:
        pieces[one.organisation].setdefault(one.piece, []).append(one)
    seen: list[Judged] = []
    held: list[Judged] = []
    for own in pieces.values():
        rows = list(own.values())
        cut = len(rows) - len(rows) // _HELD
        seen += (label for piece in rows[:cut] for label in piece)
        held += (label for piece in rows[cut:] for label in piece)
    return seen, held


def learnt(labels: Iterable[Judged], *, by_value: bool) -> dict[str, float]:
    """The steps that labels teach, each as far as it stands without any one organisation."""
    rows = list(labels)
    steps = _steps(rows, lambda one: one.method, fewest=_OF_METHOD, prior=_PRIOR)
    if by_value:
        own = _steps(rows, lambda one: f"{one.method} {one.value}", fewest=_OF_VALUE, prior=_PRIOR_OF_VALUE)
        steps |= own
    return {key: step for key, step in steps.items() if step}


def _steps(labels: Iterable[Judged], key: Callable[[Judged], str], *, fewest: int, prior: float) -> dict[str, float]:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in labels:
        groups[key(one)].append(one)
    return {name: _step(rows, prior) for name, rows in groups.items() if counted(rows) >= fewest}


def _step(rows: Sequence[Judged], prior: float) -> float:
    """The smallest of the steps that all labels teach and that those without one organisation teach."""
    organisations = np.unique([str(one.organisation) for one in rows])
    if len(organisations) < FEWEST:
        return 0.0
    odds = np.array([_odds(one.confidence) for one in rows])
    right = np.array([one.accepted for one in rows], dtype=np.float64)
    of = np.searchsorted(organisations, [str(one.organisation) for one in rows])
    weight = _weights(of)
    fits = [_fit(odds, right, weight * (of != without), prior) for without in range(-1, len(organisations))]
    if min(fits) > 0:
        return round(min(fits), 4)
    return round(min(0.0, max(fits)), 4)


def _weights(of: npt.NDArray[np.intp]) -> Numbers:
    """Each organisation's labels come to `OF_ONE` at most."""
    numbers = np.bincount(of)
    weights: Numbers = np.minimum(1.0, OF_ONE / np.maximum(numbers, 1))[of]
    return weights


def _fit(odds: Numbers, right: Numbers, weight: Numbers, prior: float) -> float:
    """The likeliest step, by Newton's method: the likelihood has one top, and the prior keeps it near."""
    step, precision = 0.0, 1 / prior**2
    for _round in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-odds - step))
        slope = float(weight @ (right - chance)) - precision * step
        bend = float(weight @ (chance * (1 - chance))) + precision
        move = slope / bend
        step = min(_LARGEST, max(-_LARGEST, step + min(0.5, max(-0.5, move))))
        if abs(move) < 1e-6:
            break
    return step


def _odds(confidence: float) -> float:
    sure = min(1 - _EDGE, max(_EDGE, confidence))
    return log(sure / (1 - sure))


def _errors(held: Sequence[Judged], steps: Steps) -> Numbers:
    """A row for each label: its weight, then logarithmic and squared errors, shipped and learnt, times the weight."""
    names = {str(one.organisation): None for one in held}
    places = {name: place for place, name in enumerate(names)}
    weight = _weights(np.array([places[str(one.organisation)] for one in held], dtype=np.intp))
    right = np.array([one.accepted for one in held], dtype=np.float64)
    odds = np.array([_odds(one.confidence) for one in held])
    moved = odds + np.array([step_of(steps, one.method, one.value) for one in held])
    columns = [np.ones(len(held))]
    for chance in (1 / (1 + np.exp(-odds)), 1 / (1 + np.exp(-moved))):
        columns += [-(right * np.log(chance) + (1 - right) * np.log(1 - chance)), (right - chance) ** 2]
    errors: Numbers = np.stack(columns, axis=1) * weight[:, None]
    return errors


def _score(errors: Numbers) -> Score:
    total = errors.sum(axis=0)
    means = [round(float(value), 4) for value in total[1:] / total[0]]
    return Score(len(errors), means[0], means[2], means[1], means[3])


def _is_better(held: Sequence[Judged], errors: Numbers) -> bool:
    whole = errors.sum(axis=0)
    of_each = _sums(errors, [str(one.organisation) for one in held])
    of_methods = _sums(errors, [one.method for one in held])
    without = [whole - one for one in of_each]
    return all(_gains(one) for one in (whole, *without)) and all(one[3] <= one[1] + 1e-9 for one in of_methods)


def _gains(total: Numbers) -> bool:
    return bool(total[3] < total[1] and total[4] < total[2])


def _sums(errors: Numbers, names: Sequence[str]) -> list[Numbers]:
    known, places = np.unique(names, return_inverse=True)
    sums = np.zeros((len(known), errors.shape[1]))
    np.add.at(sums, places, errors)
    return list(sums)
