"""The shipped models: a network for all techniques, and two sets of weights for the frequent ones, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from infohub.analysis.techniques.vectors import Bytes, Floats, Vector, Vocabulary, products

FILE = Path(__file__).parent.parent / "models" / "techniques.npz"

_LOUD = 3.0
"""What the network's inputs are multiplied by: with both parts of length one its units would hardly move."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Linear weights in bytes; each column has its own scale."""

    matrix: Bytes
    scale: Floats
    offset: Floats

    def of(self, vectors: Sequence[Vector]) -> Floats:
        """One row of margins for each vector."""
        margins: Floats = products(vectors, self.matrix) * self.scale + self.offset
        return margins


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One hidden layer; each feature's row has a scale of its own."""

    names: tuple[str, ...]
    matrix: Bytes
    scale: Floats
    offset: Floats
    head: Floats
    head_offset: Floats

    def likely(self, vectors: Sequence[Vector]) -> Floats:
        """One row of probabilities for each vector, over all names."""
        scaled = [one._replace(weights=one.weights * self.scale[one.places] * _LOUD) for one in vectors]
        hidden = np.maximum(products(scaled, self.matrix) + self.offset, 0)
        return softmax(hidden @ self.head + self.head_offset)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Everything that reads sentences.

    `one` tells which of the frequent techniques a passage is about that is about one of them; `some` which of them a
    sentence speaks of, if any, and in its last column whether it speaks of any technique at all.
    """

    vocabulary: Vocabulary
    frequent: tuple[str, ...]
    one: Weights
    some: Weights
    network: Network
    judge: Mapping[str, Floats]


def softmax(scores: Floats) -> Floats:
    """Probabilities of which each row sums to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def logistic(odds: Floats) -> Floats:
    """The probability of each of these logarithms of odds."""
    chances = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    return chances.astype(np.float32)


def model_of(held: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]) -> Model:
    """The model of arrays as they are kept in the file; lists of names are bytes with line ends between."""

    def names(key: str) -> list[str]:
        return held[key].tobytes().decode().split("\n")

    def floats(key: str) -> Floats:
        return held[key].astype(np.float32)

    def weights(key: str) -> Weights:
        return Weights(held[key].astype(np.int8, copy=False), floats(f"{key}_scale"), floats(f"{key}_offset"))

    network = Network(
        tuple(names("techniques")),
        *(held["network"].astype(np.int8, copy=False), floats("network_scale"), floats("network_offset")),
        *(floats("network_head"), floats("network_head_offset")),
    )
    return Model(
        Vocabulary(names("words"), names("letters"), floats("rarity")),
        tuple(names("frequent")),
        weights("one"),
        weights("some"),
        network,
        {key.removeprefix("judge_"): floats(key) for key in held if key.startswith("judge_")},
    )


@cache
def model() -> Model:
    """The shipped model, read once."""
    with np.load(FILE, allow_pickle=False) as held:
        return model_of({key: held[key] for key in held.files})
