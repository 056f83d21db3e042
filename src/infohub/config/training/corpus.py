"""What the models of techniques learn from: procedures and descriptions of ATT&CK, passages and sentences of TRAM."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from infohub.analysis.techniques.features import letters_of, masked, plain_words, unnamed, word_features
from infohub.analysis.techniques.vectors import Floats, rarity
from infohub.config.evals.rows import rows_of, text, texts
from infohub.config.training.attack import Attack, folder_of

Mask = npt.NDArray[np.bool_]

PROCEDURES, PASSAGES, SENTENCES = "procedures/procedures.jsonl", "tram/single.jsonl", "tram/multi.jsonl"
FOLDS = 5

_FEWEST_WORDS, _FEWEST_LETTERS = 3, 8


class Source(StrEnum):
    """Where a text comes from."""

    PROCEDURE = "procedure"
    TOLD = "told"
    PASSAGE = "passage"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Sample:
    """A text; `labels` are frequent techniques as TRAM names them, `filed` is all that it is filed under."""

    source: Source
    text: str
    filed: tuple[str, ...]
    labels: tuple[str, ...]
    report: str = ""
    year: int = 0


def samples(data: Path) -> list[Sample]:
    """All of them, always in the same order. Raises FileNotFoundError where a file lacks."""
    passages = list(rows_of(data / PASSAGES))
    attack = Attack(folder_of(data))
    frequent = Frequent(sorted({text(row, "label") for row in passages}), attack)
    found = [
        Sample(
            Source.PROCEDURE,
            unnamed(text(row, "text"), text(row, "source_name")),
            (text(row, "technique"),),
            frequent.labels(text(row, "technique")),
            year=int(text(row, "created")[:4]),
        )
        for row in rows_of(data / PROCEDURES)
    ]
    found += [
        Sample(Source.TOLD, told.text, (told.technique,), frequent.labels(told.technique)) for told in attack.told()
    ]
    found += [
        Sample(Source.PASSAGE, text(row, "text"), (text(row, "label"),), (text(row, "label"),), text(row, "doc"))
        for row in passages
    ]
    found += [
        Sample(
            Source.SENTENCE, text(row, "text"), (*texts(row, "labels_all"),), (*texts(row, "labels"),), text(row, "doc")
        )
        for row in rows_of(data / SENTENCES)
    ]
    return found


class Frequent:
    """Which of TRAM's labels stands for a technique of today: itself, what it was called before, or its parent."""

    def __init__(self, labels: Sequence[str], attack: Attack) -> None:
        successors = attack.successors()
        self._labels = set(labels)
        self._before = {successors[label]: label for label in labels if label in successors}

    def labels(self, technique: str) -> tuple[str, ...]:
        """One label or none."""
        own = self._before.get(technique, technique)
        for name in (own, own.partition(".")[0]):
            if name in self._labels:
                return (name,)
        return ()


def folds_of(reports: Iterable[str]) -> dict[str, int]:
    """Which fifth a report belongs to."""
    names = sorted(set(reports))
    random.Random(0).shuffle(names)  # noqa: S311  (the same every time)
    return {name: place % FOLDS for place, name in enumerate(names)}


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """All texts as rows of weights, over features that the texts it was made from have often enough."""

    words: tuple[str, ...]
    letters: tuple[str, ...]
    rarity: Floats
    rows: sparse.csr_array


class Counts:
    """How often each text has each feature, counted once for all spaces."""

    def __init__(self, all_texts: Sequence[str]) -> None:
        clean = [masked(one) for one in all_texts]
        self._words = _Counted(Counter(word_features(one)) for one in clean)
        self._letters = _Counted(Counter(run for word in plain_words(one) for run in letters_of(word)) for one in clean)

    def space(self, learnt: Mask) -> Space:
        """The space of the texts that may be learnt from; the others are seen through it."""
        words, words_rarity, words_rows = self._words.space(learnt, _FEWEST_WORDS)
        letters, letters_rarity, letters_rows = self._letters.space(learnt, _FEWEST_LETTERS)
        rows = sparse.hstack([words_rows, letters_rows], format="csr", dtype=np.float32)
        rows.indices, rows.indptr = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)  # what liblinear reads
        return Space(words, letters, np.concatenate([words_rarity, letters_rarity]), rows)


class _Counted:
    def __init__(self, counters: Iterable[Counter[str]]) -> None:
        self._names: dict[str, int] = {}
        starts, places, times = [0], list[int](), list[int]()
        for counter in counters:
            for name, count in counter.items():
                places.append(self._names.setdefault(name, len(self._names)))
                times.append(count)
            starts.append(len(places))
        shape = (len(starts) - 1, len(self._names))
        logarithms = (1 + np.log(np.array(times))).astype(np.float32)
        self._rows = sparse.csr_array((logarithms, np.array(places), np.array(starts)), shape=shape)

    def space(self, learnt: Mask, fewest: int) -> tuple[tuple[str, ...], Floats, sparse.csr_array]:
        holding = np.bincount(self._rows[learnt].indices, minlength=self._rows.shape[1])
        kept = np.flatnonzero(holding >= fewest)
        names = list(self._names)
        weights = np.array([rarity(int(learnt.sum()), int(count)) for count in holding[kept]], dtype=np.float32)
        rows = self._rows[:, kept] @ sparse.diags_array(weights)
        lengths = np.sqrt(rows.multiply(rows).sum(axis=1))
        rows = sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ rows
        return tuple(names[place] for place in kept), weights, rows.astype(np.float32).tocsr()
