"""Trains the linear weights for the frequent techniques, and whoever judges their margins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from infohub.analysis.techniques.judge import Margins, scaled, traits_of, widened
from infohub.analysis.techniques.reports import candidates, report_traits
from infohub.analysis.techniques.vectors import Floats
from infohub.config.training.corpus import Mask, Sample, Source

_ONE = {Source.PASSAGE: 1.0, Source.PROCEDURE: 0.7, Source.TOLD: 0.7}
_SOME = {Source.SENTENCE: 1.0, Source.PASSAGE: 0.3, Source.PROCEDURE: 0.2, Source.TOLD: 0.2}
_OTHERS, _EVERY = 0.1, 3
"""Procedures of rare techniques show what none of the frequent ones is; every third of them is enough."""
_RIGHT = 2.0  # what a positive counts for: there are few
_TECHNIQUE = 0.5


def one_of(
    rows: sparse.csr_array, samples: Sequence[Sample], learnt: Mask, names: Sequence[str]
) -> tuple[Floats, Floats]:
    """Weights and offsets that tell which technique a passage is about that is about one."""
    chosen = np.array([at and one.source in _ONE and bool(one.labels) for at, one in zip(learnt, samples, strict=True)])
    picked = [one for one, there in zip(samples, chosen, strict=True) if there]
    labels = [names.index(one.labels[0]) for one in picked]
    weights = [_ONE[one.source] for one in picked]
    fitted = LinearSVC(C=0.4, random_state=0).fit(rows[chosen], labels, sample_weight=weights)
    matrix = np.zeros((rows.shape[1], len(names)), dtype=np.float32)
    offset = np.full(len(names), -3, dtype=np.float32)
    matrix[:, fitted.classes_], offset[fitted.classes_] = fitted.coef_.T, fitted.intercept_
    return matrix, offset


def some_of(
    rows: sparse.csr_array, samples: Sequence[Sample], learnt: Mask, names: Sequence[str]
) -> tuple[Floats, Floats]:
    """Weights and offsets that tell which techniques a sentence speaks of; the last column: whether of any at all."""
    weights = np.array([_some(place, one) for place, one in enumerate(samples)]) * learnt
    chosen = weights > 0
    picked = [one for one, there in zip(samples, chosen, strict=True) if there]
    seen, matrix, offset = rows[chosen], list[Floats](), list[float]()
    for name in (*names, None):
        right = np.array([bool(one.filed) if name is None else name in one.labels for one in picked])
        fitted = LinearSVC(C=0.1, random_state=0).fit(
            seen, right, sample_weight=weights[chosen] * np.where(right, _RIGHT, 1)
        )
        matrix.append(fitted.coef_[0].astype(np.float32))
        offset.append(float(fitted.intercept_[0]))
    return np.stack(matrix, axis=1), np.array(offset, dtype=np.float32)


def _some(place: int, one: Sample) -> float:
    if one.source in (Source.SENTENCE, Source.PASSAGE) or one.labels:
        return _SOME[one.source]
    return _OTHERS if one.source is Source.PROCEDURE and place % _EVERY == 0 else 0.0


def judge_of(reports: Sequence[tuple[Margins, npt.NDArray[np.bool_]]]) -> dict[str, Floats]:
    """What makes probabilities of margins, learnt from reports that the margins' weights were not made from."""
    traits, right, columns = list[Floats](), list[Mask](), list[npt.NDArray[np.int64]]()
    for margins, labels in reports:
        found, at, technique = traits_of(margins)
        if len(at):
            traits.append(found)
            right.append(labels[at, technique])
            columns.append(technique)
    every = np.concatenate(traits)
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-6
    wide = widened(scaled(every, mean, spread))
    techniques = reports[0][0].some.shape[1]
    which = _TECHNIQUE * np.eye(techniques, dtype=np.float32)[np.concatenate(columns)]
    fitted = LogisticRegression(C=0.3, max_iter=500).fit(np.concatenate([wide, which], axis=1), np.concatenate(right))
    weights = fitted.coef_[0].astype(np.float32)
    return {
        "mean": mean.astype(np.float32),
        "spread": spread.astype(np.float32),
        "weights": weights[: wide.shape[1]],
        "technique": _TECHNIQUE * weights[wide.shape[1] :],
        "offset": fitted.intercept_.astype(np.float32),
    }


def report_judge_of(reports: Sequence[tuple[Floats, Mask]]) -> dict[str, Floats]:
    """What tells whether a report speaks of a technique, learnt from what a judge says of sentences it has not seen."""
    traits, right = list[Floats](), list[Mask]()
    chosen, techniques = list[Mask](), reports[0][0].shape[1]
    for chances, labels in reports:
        traits.append(report_traits(chances))
        right.append(np.asarray(labels.any(axis=0)))
        chosen.append(candidates(chances))
    at = np.concatenate(chosen)
    every = np.concatenate(traits)[at]
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-6
    which = _TECHNIQUE * np.tile(np.eye(techniques, dtype=np.float32), (len(reports), 1))[at]
    rows = np.concatenate([scaled(every, mean, spread), which], axis=1)
    fitted = LogisticRegression(C=0.1, max_iter=500).fit(rows, np.concatenate(right)[at])
    weights = fitted.coef_[0].astype(np.float32)
    return {
        "report_mean": mean.astype(np.float32),
        "report_spread": spread.astype(np.float32),
        "report_weights": weights[: every.shape[1]],
        "report_technique": _TECHNIQUE * weights[every.shape[1] :],
        "report_offset": fitted.intercept_.astype(np.float32),
    }
