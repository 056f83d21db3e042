"""Trains the network for all techniques: one hidden layer over sparse rows, Adam only where a row has something."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infohub.analysis.techniques.model import softmax
from infohub.analysis.techniques.vectors import Floats

_HIDDEN, _ROUNDS, _BATCH = 192, 18, 128
_RATE, _WARMING = 3e-3, 100
_DROPPED_INPUTS, _DROPPED_UNITS = 0.5, 0.5
_SOON, _LATE = 0.9, 0.999
_LOUD = 3.0


@dataclass(slots=True, eq=False)
class Adam:
    """A parameter and the two running means that say how far each of its numbers moves."""

    value: Floats
    first: Floats = field(init=False)
    second: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.second = np.zeros_like(self.value), np.zeros_like(self.value)

    def step(self, slope: Floats, *, rate: float, time: int, at: npt.NDArray[np.int64] | slice = slice(None)) -> None:
        """Go down the slope, only in the rows it is given for."""
        first = _SOON * self.first[at] + (1 - _SOON) * slope
        second = _LATE * self.second[at] + (1 - _LATE) * slope * slope
        self.first[at], self.second[at] = first, second
        steepness = np.sqrt(second / (1 - _LATE**time)) + 1e-8
        self.value[at] -= (rate * first / (1 - _SOON**time) / steepness).astype(np.float32)


class Learner:
    """The network while it learns. Features that no text of its own has stay without effect."""

    def __init__(self, features: int, names: int, *, seed: int = 0, hidden: int = _HIDDEN) -> None:
        self._dice = np.random.default_rng(seed)
        self.rows = Adam((self._dice.standard_normal((features, hidden)) * 0.15).astype(np.float32))
        self.offset = Adam(np.zeros(hidden, dtype=np.float32))
        self.head = Adam((self._dice.standard_normal((hidden, names)) / np.sqrt(hidden)).astype(np.float32))
        self.head_offset = Adam(np.zeros(names, dtype=np.float32))
        self._time = 0

    def learn(self, rows: sparse.csr_array, labels: npt.NDArray[np.int64]) -> Learner:
        """Go through all texts several times, ever more carefully."""
        loud = rows * _LOUD
        steps = _ROUNDS * -(-len(labels) // _BATCH)
        for _ in range(_ROUNDS):
            order = self._dice.permutation(len(labels))
            for start in range(0, len(order), _BATCH):
                chosen = order[start : start + _BATCH]
                self._time += 1
                rate = _RATE * min(1.0, self._time / _WARMING) * (1 - self._time / (steps + 1))
                self._step(loud[chosen], labels[chosen], rate)
        unseen = np.bincount(rows.indices, minlength=rows.shape[1]) == 0
        self.rows.value[unseen] = 0
        return self

    def likely(self, rows: sparse.csr_array) -> Floats:
        """Probabilities of all names for each row."""
        hidden = np.maximum((rows * _LOUD) @ self.rows.value + self.offset.value, 0)
        return softmax(hidden @ self.head.value + self.head_offset.value)

    def _step(self, batch: sparse.csr_array, labels: npt.NDArray[np.int64], rate: float) -> None:
        kept = self._dice.random(len(batch.data), dtype=np.float32) > _DROPPED_INPUTS
        features, places = np.unique(batch.indices, return_inverse=True)
        data = (batch.data * kept / (1 - _DROPPED_INPUTS)).astype(np.float32)
        narrow = sparse.csr_array((data, places, batch.indptr), shape=(len(labels), len(features)))
        raw = narrow @ self.rows.value[features] + self.offset.value
        mask = (self._dice.random(raw.shape, dtype=np.float32) > _DROPPED_UNITS) / np.float32(1 - _DROPPED_UNITS)
        hidden = (np.maximum(raw, 0) * mask).astype(np.float32)
        wrong = softmax(hidden @ self.head.value + self.head_offset.value)
        wrong[np.arange(len(labels)), labels] -= 1
        wrong /= len(labels)
        back = (wrong @ self.head.value.T * mask * (raw > 0)).astype(np.float32)
        self.head.step(hidden.T @ wrong, rate=rate, time=self._time)
        self.head_offset.step(wrong.sum(axis=0), rate=rate, time=self._time)
        self.offset.step(back.sum(axis=0), rate=rate, time=self._time)
        self.rows.step(narrow.T @ back, rate=rate, time=self._time, at=features.astype(np.int64))
