"""A linear-chain conditional random field: the most likely row of labels for a sentence, and how sure it is."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Tagger:
    """Weights of features and of transitions between labels; label 0 is "no name"."""

    def __init__(self, labels: Sequence[str], hashes: NDArray[np.uint32], weights: Floats, transitions: Floats) -> None:
        self.labels = list(labels)
        self._hashes = hashes
        self._weights = np.vstack([weights.astype(np.float32), np.zeros((1, len(self.labels)), np.float32)])
        self._transitions = transitions.astype(np.float32)

    @classmethod
    def read(cls, path: Path) -> "Tagger":
        """The tagger of a file of plain arrays."""
        with np.load(path, allow_pickle=False) as kept:
            return cls([str(label) for label in kept["labels"]], kept["hashes"], kept["weights"], kept["transitions"])

    def write(self, path: Path) -> None:
        """Keep it as plain arrays."""
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            hashes=self._hashes,
            weights=self._weights[:-1].astype(np.float16),
            transitions=self._transitions,
        )

    def pruned(self, smallest: float) -> "Tagger":
        """The same without features none of whose weights comes to as much."""
        kept = np.abs(self._weights[:-1]).max(axis=1) >= smallest
        return Tagger(self.labels, self._hashes[kept], self._weights[:-1][kept], self._transitions)

    def emissions(self, features: Sequence[Sequence[int]]) -> Floats:
        """The score of each label at each word."""
        numbers = np.array(features, np.uint32)
        rows = np.searchsorted(self._hashes, numbers)
        rows[rows == len(self._hashes)] = 0
        rows[self._hashes[rows] != numbers] = len(self._hashes)
        total: Floats = self._weights[rows].sum(axis=1)
        return total

    def best(self, features: Sequence[Sequence[int]]) -> tuple[list[int], Floats]:
        """The most likely labels (Viterbi), and the probability of every label at every word (forward-backward)."""
        emissions = self.emissions(features)
        length = len(emissions)
        back = np.zeros((length, len(self.labels)), np.intp)
        score = emissions[0]
        forward = np.empty_like(emissions)
        forward[0] = emissions[0]
        for place in range(1, length):
            each = score[:, None] + self._transitions
            back[place] = each.argmax(axis=0)
            score = each.max(axis=0) + emissions[place]
            forward[place] = _log_sum(forward[place - 1][:, None] + self._transitions) + emissions[place]
        path = [int(score.argmax())]
        for place in range(length - 1, 0, -1):
            path.append(int(back[place, path[-1]]))
        return path[::-1], self._marginals(emissions, forward)

    def _marginals(self, emissions: Floats, forward: Floats) -> Floats:
        backward = np.zeros_like(emissions)
        for place in range(len(emissions) - 2, -1, -1):
            backward[place] = _log_sum((self._transitions + (emissions[place + 1] + backward[place + 1])).T)
        both = forward + backward
        both -= both.max(axis=1, keepdims=True)
        likely = np.exp(both)
        shares: Floats = likely / likely.sum(axis=1, keepdims=True)
        return shares


def _log_sum(values: Floats) -> Floats:
    """The logarithm of the sum of exponentials down the first axis."""
    most = values.max(axis=0)
    total: Floats = np.log(np.exp(values - most).sum(axis=0)) + most
    return total
