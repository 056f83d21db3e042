"""Trains a linear-chain conditional random field: AdaGrad over batches of sentences of like length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from infohub.analysis.names.tagger import Tagger

Floats = NDArray[np.float32]
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Example:
    """The features of each word and its label, and how much the sentence counts."""

    features: Sequence[Sequence[int]]
    labels: Sequence[int]
    weight: float = 1.0


def train_chain(
    examples: Sequence[Example],
    labels: Sequence[str],
    *,
    rounds: int = 12,
    rate: float = 0.2,
    decay: float = 5e-5,
    least: int = 2,
) -> Tagger:
    """The tagger that makes the labels of the examples most likely; the same examples give the same tagger."""
    counts = Counter(feature for example in examples for word in example.features for feature in word)
    hashes = np.array(sorted(feature for feature, count in counts.items() if count >= least), np.uint32)
    chance = np.random.default_rng(7)
    number = len(labels)
    weights, transitions = np.zeros((len(hashes) + 1, number), np.float32), np.zeros((number, number), np.float32)
    squares, squares_between = np.full_like(weights, 1e-2), np.full_like(transitions, 1e-2)
    batches = [_prepared(batch, hashes) for batch in _batches(examples)]
    for _ in range(rounds):
        for position in chance.permutation(len(batches)):
            matrix, gold, lengths, counted = batches[position]
            change, between = _gradient(matrix @ weights, transitions, gold, lengths, counted)
            rows = np.unique(matrix.indices)
            step = (matrix.T @ change)[rows] - decay * len(gold) * weights[rows]
            squares[rows] += step**2
            weights[rows] += rate * step / np.sqrt(squares[rows])
            squares_between += between**2
            transitions += rate * between / np.sqrt(squares_between)
    return Tagger(labels, hashes, weights[:-1], transitions)


def _batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    ordered = sorted((example for example in examples if example.labels), key=lambda one: len(one.labels))
    for first in range(0, len(ordered), _BATCH):
        yield ordered[first : first + _BATCH]


Batch = tuple["csr_matrix[np.float32]", NDArray[np.intp], NDArray[np.intp], Floats]


def _prepared(batch: list[Example], hashes: NDArray[np.uint32]) -> Batch:
    """The batch as one matrix of words by features, padded to its longest sentence with words without features."""
    longest = max(len(example.labels) for example in batch)
    gold = np.zeros((len(batch), longest), np.intp)
    starts, columns = [0], []
    for row, example in enumerate(batch):
        gold[row, : len(example.labels)] = example.labels
        for place in range(longest):
            if place < len(example.labels):
                numbers = np.array(example.features[place], np.uint32)
                rows = np.minimum(np.searchsorted(hashes, numbers), len(hashes) - 1)
                columns.append(rows[hashes[rows] == numbers])
                starts.append(starts[-1] + len(columns[-1]))
            else:
                starts.append(starts[-1])
    indices = np.concatenate(columns)
    matrix = csr_matrix((np.ones(len(indices), np.float32), indices, starts), shape=(gold.size, len(hashes) + 1))
    lengths = np.array([len(example.labels) for example in batch], np.intp)
    return matrix, gold, lengths, np.array([example.weight for example in batch], np.float32)


def _gradient(
    flat: Floats, transitions: Floats, gold: NDArray[np.intp], lengths: NDArray[np.intp], counted: Floats
) -> tuple[Floats, Floats]:
    """Observed less expected: for emissions (flat, as they came) and for transitions."""
    size, longest = gold.shape
    number = len(transitions)
    emissions = flat.reshape(size, longest, number)
    inside = np.arange(longest)[None, :] < lengths[:, None]
    forward, backward = _passes(emissions, transitions, inside)
    whole = forward[np.arange(size), lengths - 1]
    most = whole.max(axis=1, keepdims=True)
    log_z = (np.log(np.exp(whole - most).sum(axis=1, keepdims=True)) + most)[:, :, None]
    held = (inside * counted[:, None])[:, :, None]
    likely = np.exp(np.minimum(forward + backward - log_z, 0)) * held
    observed = (np.eye(number, dtype=np.float32)[gold]) * held
    between = np.zeros_like(transitions)
    for place in range(1, longest):
        alive = (inside[:, place] * counted)[:, None, None]
        after = (emissions[:, place] + backward[:, place])[:, None, :]
        pair = np.exp(np.minimum(forward[:, place - 1, :, None] + transitions[None] + after - log_z, 0))
        between -= (pair * alive).sum(axis=0)
        np.add.at(between, (gold[:, place - 1], gold[:, place]), alive[:, 0, 0])
    return (observed - likely).reshape(-1, number).astype(np.float32), between


def _passes(emissions: Floats, transitions: Floats, inside: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Forward and backward scores; beyond the end of a sentence the backward score is nothing."""
    forward, backward = np.zeros_like(emissions), np.zeros_like(emissions)
    forward[:, 0] = emissions[:, 0]
    longest = emissions.shape[1]
    for place in range(1, longest):
        forward[:, place] = _log_sum(forward[:, place - 1, :, None] + transitions[None], 1) + emissions[:, place]
    for place in range(longest - 2, -1, -1):
        after = transitions[None] + (emissions[:, place + 1] + backward[:, place + 1])[:, None, :]
        backward[:, place] = np.where(inside[:, place + 1, None], _log_sum(after, 2), 0)
    return forward, backward


def _log_sum(values: Floats, axis: int) -> Floats:
    most = values.max(axis=axis, keepdims=True)
    total: Floats = np.log(np.exp(values - most).sum(axis=axis)) + most.squeeze(axis)
    return total
