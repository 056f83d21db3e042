"""From the sentences of a report to the report: which techniques it speaks of, and which of its sentences do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from infohub.analysis.techniques.judge import SHORTEST, scaled
from infohub.analysis.techniques.model import logistic
from infohub.analysis.techniques.vectors import Floats

Mask = npt.NDArray[np.bool_]

_FAINT = 0.05  # below this a sentence says nothing of its report
_IN_SENTENCE = 0.28  # best for sentences of TRAM
_IN_REPORT, _IN_FEW = (
    0.25,
    0.34,
)  # what is less likely is not said, of a text of few sentences not either what is unsure
_BEST = 3


def decided(chances: Floats, judge: Mapping[str, Floats]) -> Mask:
    """Which techniques the sentences of a report are said to speak of.

    Where a report speaks of a technique its best sentence does, however unsure it is; where it does not, none does.
    """
    least = _IN_REPORT if len(chances) >= SHORTEST else _IN_FEW
    likely = in_report(chances, judge)
    there = np.flatnonzero(listed(likely) & (likely >= least))
    said = np.zeros(chances.shape, dtype=bool)
    said[:, there] = chances[:, there] >= _IN_SENTENCE
    if len(there):
        said[chances[:, there].argmax(axis=0), there] = True
    return said


def in_report(chances: Floats, judge: Mapping[str, Floats]) -> Floats:
    """How probable it is for each technique that the report speaks of it."""
    traits = scaled(report_traits(chances), judge["report_mean"], judge["report_spread"])
    score = traits @ judge["report_weights"] + judge["report_technique"] + judge["report_offset"][0]
    found: Floats = np.where(candidates(chances), logistic(score), 0).astype(np.float32)
    return found


def listed(likely: Floats) -> Mask:
    """The list with the greatest F1 to be expected.

    A report with much that is sure gets a short list, one where all is doubtful a longer one: no threshold does both.
    """
    order = np.argsort(-likely, kind="stable")
    expected = 2 * np.cumsum(likely[order]) / (np.arange(1, len(order) + 1) + likely.sum())
    chosen = np.zeros(len(order), dtype=bool)
    chosen[order[: int(expected.argmax()) + 1]] = True
    return chosen


def candidates(chances: Floats) -> Mask:
    """The techniques that the report may speak of: some sentence says something of them."""
    found: Mask = np.asarray((chances > _FAINT).any(axis=0))
    return found


def report_traits(chances: Floats) -> Floats:
    """A row for each technique: its three best sentences, all of them, all other techniques, the report's length."""
    best = -np.sort(-chances, axis=0)[:_BEST]
    best = np.pad(best, ((0, _BEST - len(best)), (0, 0)))
    together = _together(chances)
    others = np.log(np.maximum(together.sum() - together, _FAINT))
    size = np.full(len(together), np.log(max(len(chances), SHORTEST)))
    traits: Floats = np.stack([*map(_odds, best), _odds(together), others, size], axis=1).astype(np.float32)
    return traits


def _together(chances: Floats) -> Floats:
    """How probable it is that any sentence speaks of a technique, if they were independent."""
    any_of_them: Floats = 1 - np.prod(1 - np.where(chances > _FAINT, chances, 0), axis=0)
    return any_of_them


def _odds(chances: Floats) -> Floats:
    found: Floats = np.log((chances + 1e-3) / (1 - chances + 1e-3))
    return found
