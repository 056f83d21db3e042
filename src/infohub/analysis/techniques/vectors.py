"""A sentence as numbers: which features of the vocabulary it has, and how much each weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from infohub.analysis.techniques.features import letters_of, masked, plain_words, word_features

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
Places = npt.NDArray[np.int32]

_NONE = np.zeros(0, dtype=np.int32)


class Vector(NamedTuple):
    """Places in the vocabulary and weights there. Words and letters each have length one (or none).

    `words` counts the words of the sentence; `known` is the share of their stems that the vocabulary has.
    """

    places: Places
    weights: Floats
    words: int
    known: float


class Vocabulary:
    """All features of a model; those of words first, then those of letters."""

    def __init__(self, words: Sequence[str], letters: Sequence[str], rarity: Floats) -> None:
        self._words = {feature: place for place, feature in enumerate(words)}
        self._letters = {feature: place for place, feature in enumerate(letters, len(words))}
        self._rarity = rarity

    def vectors(self, texts: Iterable[str]) -> list[Vector]:
        """One for each text; letters of a word that comes again are looked up once."""
        spelled: dict[str, Places] = {}
        return [self._vector(masked(text), spelled) for text in texts]

    def _vector(self, text: str, spelled: dict[str, Places]) -> Vector:
        counts = Counter(word_features(text))
        there = [(self._words[feature], count) for feature, count in counts.items() if feature in self._words]
        words = np.array([place for place, _ in there], dtype=np.int32)
        times = np.array([count for _, count in there], dtype=np.float32)
        plain = plain_words(text)
        runs = [spelled[word] if word in spelled else self._spell(word, spelled) for word in plain]
        letters, often = np.unique(np.concatenate(runs) if runs else _NONE, return_counts=True)
        weights = [self._weighed(words, times), self._weighed(letters, often.astype(np.float32))]
        stems = {feature: count for feature, count in counts.items() if " " not in feature}
        known = sum(count for stem, count in stems.items() if stem in self._words) / max(1, sum(stems.values()))
        return Vector(np.concatenate([words, letters]), np.concatenate(weights), len(plain), known)

    def _spell(self, word: str, spelled: dict[str, Places]) -> Places:
        found = (self._letters.get(run) for run in letters_of(word))
        spelled[word] = np.array([place for place in found if place is not None], dtype=np.int32)
        return spelled[word]

    def _weighed(self, places: Places, times: Floats) -> Floats:
        weights = (1 + np.log(times)) * self._rarity[places]
        length = np.sqrt(weights @ weights)
        return (weights / length if length else weights).astype(np.float32)


def rarity(texts: int, holding: int) -> float:
    """How much a feature tells that so many of all texts hold."""
    return log((1 + texts) / (1 + holding)) + 1


def products(vectors: Sequence[Vector], matrix: Bytes) -> Floats:
    """One row for each vector: the sum of the matrix's rows at its places, weighed."""
    summed = np.zeros((len(vectors), matrix.shape[1]), dtype=np.float32)
    for number, vector in enumerate(vectors):
        if vector.places.size:
            summed[number] = vector.weights @ matrix[vector.places].astype(np.float32)
    return summed
