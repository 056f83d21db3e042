"""From margins to probabilities: a sentence is judged with its neighbours and with all of its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infohub.analysis.techniques.families import families
from infohub.analysis.techniques.model import Model, logistic, softmax
from infohub.analysis.techniques.vectors import Floats, Vector

Numbers = npt.NDArray[np.int64]

LEAST = -0.85
"""Below this margin nothing is a candidate: one in a thousand is right there."""

SHORTEST = 20
"""A text of fewer sentences is judged like a report of so many: there are next to none in TRAM to learn from."""

_FARTHEST = 4.0
_USUAL = -0.6  # the best margin of a sentence that speaks of nothing
_SHARP = 4.0  # margins of the weights that tell one technique, as exponents


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """What the linear weights say of the sentences of one report, in their order: a row each.

    `some` has a column for each frequent technique, `any` says whether a sentence speaks of any technique, `known` is
    what the network makes of the technique and those it stands for, as a logarithm.
    """

    one: Floats
    some: Floats
    any: Floats
    known: Floats
    words: Floats


def margins_of(model: Model, vectors: Sequence[Vector]) -> Margins:
    """Margins of the sentences of a report."""
    some = model.some.of(vectors)
    words = np.array([vector.words for vector in vectors], dtype=np.float32)
    known = logarithms(families(model).together(model.network.likely(vectors)))
    return Margins(model.one.of(vectors), some[:, :-1], some[:, -1], known, words)


def logarithms(likely: Floats) -> Floats:
    """Of probabilities; the least of them are all alike."""
    found: Floats = np.log(likely + 1e-3)
    return found


def about(margins: Margins) -> Floats:
    """Margins of the frequent techniques for passages that are each about one of them."""
    mixed: Floats = margins.one + 0.2 * margins.some + 0.1 * margins.known
    return mixed


def shares_of(one: Floats) -> Floats:
    """Probabilities of the frequent techniques, of margins `one`, for passages that are each about one of them."""
    return softmax(_SHARP * one)


def probabilities(margins: Margins, judge: Mapping[str, Floats]) -> Floats:
    """How probable each frequent technique is in each sentence; zero for what is no candidate."""
    traits, rows, columns = traits_of(margins)
    found = np.zeros(margins.some.shape, dtype=np.float32)
    if len(rows):
        wide = widened(scaled(traits, judge["mean"], judge["spread"]))
        score = wide @ judge["weights"] + judge["offset"][0] + judge["technique"][columns]
        found[rows, columns] = logistic(score)
    return found


def scaled(traits: Floats, mean: Floats, spread: Floats) -> Floats:
    """Traits in units of their spread; what is far out, as in very short texts, counts as the farthest in reports."""
    units: Floats = np.clip((traits - mean) / spread, -_FARTHEST, _FARTHEST)
    return units


def widened(traits: Floats) -> Floats:
    """Traits, and what each becomes together with the first."""
    both: Floats = np.concatenate([traits, traits * traits[:, :1]], axis=1)
    return both


def traits_of(margins: Margins) -> tuple[Floats, Numbers, Numbers]:
    """A row of traits for each candidate, and which sentence and technique each of them is about."""
    rows, columns = np.nonzero(margins.some > LEAST)
    if not len(rows):
        return np.zeros((0, 1), dtype=np.float32), rows, columns
    own = margins.some
    first, second = _two_best(own, axis=0)
    elsewhere = np.where(own >= first - 1e-6, second, first)
    weight = np.maximum(own + 0.6, 0)
    often = np.log(weight.sum(axis=0, keepdims=True) - weight + 0.1)
    before, after = _shifted(own, 1), _shifted(own, -1)
    earlier = _shifted(np.maximum.accumulate(own, axis=0), 1)
    later = _shifted(np.maximum.accumulate(own[::-1], axis=0)[::-1], -1)
    best, next_best = _two_best(own, axis=1)
    rival = np.where(own >= best - 1e-6, next_best, best)
    told = logarithms(shares_of(margins.one))
    most = margins.known - margins.known.max(axis=0, keepdims=True)
    length, number = np.log1p(margins.words), len(own)
    size = np.log(max(number, SHORTEST))
    place = np.arange(number) / number if number >= SHORTEST else np.full(number, 0.5)
    sentence = np.stack(
        [
            length,
            place,
            np.full(number, size),
            _shifted(best, 1, _USUAL)[:, 0],
            _shifted(best, -1, _USUAL)[:, 0],
            margins.any,
        ],
        axis=1,
    )
    pairs = np.stack(
        [
            own,
            told,
            elsewhere,
            often,
            before,
            after,
            earlier,
            later,
            rival,
            margins.known,
            most,
            *_bends(own, elsewhere, rival),
        ],
        axis=-1,
    )
    bends = np.stack([np.maximum(length - 2.5, 0), np.maximum(2 - length, 0)], axis=1)
    traits: Floats = np.concatenate([pairs[rows, columns], sentence[rows], bends[rows]], axis=1).astype(np.float32)
    return traits, rows, columns


def _bends(own: Floats, elsewhere: Floats, rival: Floats) -> list[Floats]:
    """What a straight line cannot say: whether it is the best of its report, of its sentence, and how clearly."""
    return [
        np.maximum(own - elsewhere, -1.5),
        (own >= elsewhere).astype(np.float32),
        np.maximum(own + 0.3, 0),
        own - rival,
        (own >= rival).astype(np.float32),
    ]


def _two_best(own: Floats, *, axis: int) -> tuple[Floats, Floats]:
    ordered = np.sort(own, axis=axis)
    best = np.take(ordered, [-1], axis=axis)
    return best, np.take(ordered, [-2], axis=axis) if own.shape[axis] > 1 else np.full_like(best, -1)


def _shifted(rows: Floats, by: int, missing: float = -1.0) -> Floats:
    """Each sentence gets what its neighbour has; the first or last of a report gets what says nothing."""
    moved = np.full_like(rows, missing)
    if by > 0:
        moved[by:] = rows[:-by]
    else:
        moved[:by] = rows[-by:]
    return moved
