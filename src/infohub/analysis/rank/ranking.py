"""Texts in the order in which they answer a query: each by its best sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain
from math import log

from infohub.analysis.rank.query import Asked, Query
from infohub.analysis.rank.stems import plain_words, stems_of
from infohub.analysis.tokens import search_text

MOST_CHARACTERS = 200_000

_END = re.compile(r"(?<=[.!?])\s+|\n+|(?<=[。！？])")
_BEST = (1.0, 0.5, 0.25)
"""What the best sentences of a text count: a text that speaks of it once and well beats one that hints at it often."""

_SATURATION, _LENGTH = 1.2, 0.75
_FURTHER = 3.0
_BESIDE_NAMES = 0.3
_WHOLE = 0.5


@dataclass(frozen=True, slots=True)
class Passage:
    """`text[start:end]` of a text and its stems."""

    start: int
    end: int
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A text ready to be ranked: its passages, and all its words between blanks."""

    passages: tuple[Passage, ...]
    flat: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The place of a text among those given, how well it answers, and the places of its best passages, best first."""

    place: int
    score: float
    passages: tuple[int, ...]


def read(text: str, spans: Sequence[tuple[int, int]] | None = None) -> Read:
    """A text with its passages: its sentences, or those that are given."""
    text = text[:MOST_CHARACTERS]
    passages, flat = list[Passage](), list[str]()
    for start, end in _spans(text) if spans is None else spans:
        words = plain_words(text[start:end])
        flat += words
        passages.append(Passage(start, end, tuple(stems_of(words))))
    return Read(tuple(passages), f" {' '.join(flat)} ", text)


def ranked(query: Query, texts: Sequence[Read]) -> list[Answer]:
    """The texts that have something of what is asked, the best first."""
    words, best = _by_passages(query.words, texts, exactly=query.kind is Asked.INDICATOR)
    scores = _shares(words)
    if query.kind is Asked.WORDS:
        whole, _ = _by_passages(query.words, [_in_one(text) for text in texts])
        scores = [one + _WHOLE * other for one, other in zip(scores, _shares(whole), strict=True)]
    if query.further:
        more, better = _by_passages(query.further, texts)
        scores = [one + _FURTHER * other for one, other in zip(scores, _shares(more), strict=True)]
        best = [tuple(dict.fromkeys((*other, *one))) for one, other in zip(best, better, strict=True)]
    if query.phrases:
        named = _by_names(query.phrases, texts)
        scores = [_BESIDE_NAMES * one + other for one, other in zip(scores, named, strict=True)]
    found = [Answer(place, score, best[place]) for place, score in enumerate(scores) if score > 0]
    return sorted(found, key=lambda one: (-one.score, one.place))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _END.finditer(text):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < len(text):
        yield start, len(text)


def _in_one(text: Read) -> Read:
    """The text as one passage: words that stand far from each other count together."""
    together = tuple(chain.from_iterable(passage.stems for passage in text.passages))
    return Read((Passage(0, len(text.text), together),), text.flat, text.text)


def _by_passages(
    wanted: Mapping[str, float], texts: Sequence[Read], *, exactly: bool = False
) -> tuple[list[float], list[tuple[int, ...]]]:
    """For each text the sum over its best passages, and which these are: BM25 with the passages as documents."""
    hits, having = list[list[tuple[int, int, Counter[str]]]](), Counter[str]()
    passages = words = 0
    for text in texts:
        found = list[tuple[int, int, Counter[str]]]()
        for place, passage in enumerate(text.passages):
            held = search_text(text.text[passage.start : passage.end]).split() if exactly else passage.stems
            passages, words = passages + 1, words + len(held)
            if there := [word for word in held if word in wanted]:
                counted = Counter(there)
                having.update(counted.keys())
                found.append((place, len(held), counted))
        hits.append(found)
    usual = max(1.0, words / max(1, passages))
    weights = {word: wanted[word] * log(1 + (passages - n + 0.5) / (n + 0.5)) for word, n in having.items()}
    sums, best = list[float](), list[tuple[int, ...]]()
    for found in hits:
        scored = [(_weight(counted, weights, length / usual), -place) for place, length, counted in found]
        top = nlargest(len(_BEST), scored)
        sums.append(sum(score * share for (score, _), share in zip(top, _BEST, strict=False)))
        best.append(tuple(-place for _, place in top))
    return sums, best


def _weight(counted: Counter[str], weights: Mapping[str, float], length: float) -> float:
    slack = _SATURATION * (1 - _LENGTH + _LENGTH * length)
    return sum(weights[word] * n * (_SATURATION + 1) / (n + slack) for word, n in counted.items())


def _by_names(phrases: frozenset[str], texts: Sequence[Read]) -> list[float]:
    """How often a text says any of the names, ever less for each further time, and less in long texts."""
    usual = max(1.0, sum(len(text.flat) for text in texts) / max(1, len(texts)))
    found = list[float]()
    for text in texts:
        times = sum(text.flat.count(phrase) for phrase in phrases)
        slack = _SATURATION * (1 - _LENGTH + _LENGTH * len(text.flat) / usual)
        found.append(times / (times + slack))
    return found


def _shares(scores: Sequence[float]) -> list[float]:
    """Scores as shares of the highest."""
    most = max(scores, default=0.0)
    return [score / most for score in scores] if most > 0 else [0.0] * len(scores)
