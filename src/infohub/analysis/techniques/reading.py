"""What a text says of techniques: those it names, and those its sentences read like."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from infohub.analysis.assertions import Assertion, Subject
from infohub.analysis.sentences import Sentence, sentences
from infohub.analysis.techniques.catalogue import Technique, catalogue
from infohub.analysis.techniques.families import families
from infohub.analysis.techniques.judge import margins_of, probabilities, shares_of
from infohub.analysis.techniques.mentions import mentions_in
from infohub.analysis.techniques.model import Model, logistic, model
from infohub.analysis.techniques.reports import decided
from infohub.analysis.techniques.vectors import Floats, Vector

MOST_CHARACTERS = 200_000
"""Of a longer text only the beginning is read; ids, names and terms are found in all of it."""

BY_SENTENCE, BY_PROCEDURES = "sentence", "procedures"

_LIKELY = 0.5  # from here on a sentence is said to speak of a technique that is not among the frequent ones
_FEWEST_WORDS, _KNOWN = 3, 0.6
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_MOST_HAN = 0.05


@dataclass(frozen=True, slots=True)
class Reported:
    """A technique of a text, how sure it is that the text speaks of it anywhere, and where it does, surest first."""

    value: str
    name: str
    confidence: float
    support: tuple[Assertion, ...]


def techniques_in(text: str) -> list[Assertion]:
    """Each technique in each place, in the order of the text.

    Where a sentence names a technique, it is not said again that it reads like it. Sentences in another language than
    English are read for ids, names and terms alone.
    """
    named = [_assertion(one.technique, one.start, one.end, one.confidence, one.method) for one in mentions_in(text)]
    places: dict[str, list[int]] = defaultdict(list)
    for one in named:
        places[one.value].append(one.start)
    read = [one for one in _read(text) if not any(one.start <= place < one.end for place in places[one.value])]
    return sorted((*named, *read), key=lambda one: (one.start, -one.confidence, one.value))


def reported(assertions: Iterable[Assertion]) -> list[Reported]:
    """The techniques of a text as a whole, surest first: what several sentences say is surer than what one does."""
    places: dict[str, list[Assertion]] = defaultdict(list)
    for one in assertions:
        places[one.value].append(one)
    found = []
    for value, said in places.items():
        support = tuple(sorted(said, key=lambda one: (-one.confidence, one.start)))
        doubt = float(np.prod([1 - one.confidence for one in support]))
        found.append(Reported(value, support[0].name, round(1 - doubt, 3), support))
    return sorted(found, key=lambda one: (-one.confidence, one.value))


def suggestions_for(passage: str, *, most: int = 5) -> list[Assertion]:
    """The techniques that a passage is about, surest first, given that it is about some technique."""
    best: dict[str, Assertion] = {}
    for one in mentions_in(passage):
        best.setdefault(one.technique.id, _assertion(one.technique, one.start, one.end, one.confidence, one.method))
    if _readable(passage):
        held = model()
        vectors = held.vocabulary.vectors([passage])
        if vectors[0].known >= _KNOWN:
            for technique, chance in ranked(held, vectors)[0][: most + len(best)]:
                best.setdefault(technique.id, _assertion(technique, 0, len(passage), chance, BY_PROCEDURES))
    return sorted(best.values(), key=lambda one: -one.confidence)[:most]


def ranked(held: Model, vectors: Sequence[Vector]) -> list[list[tuple[Technique, float]]]:
    """Current techniques with their probabilities for each passage that is about one, best first."""
    together = families(held)
    shares = together.shares(held.network.likely(vectors), shares_of(held.one.of(vectors)))
    return [_listed(row, together.names) for row in shares]


def _listed(shares: Floats, names: Sequence[str]) -> list[tuple[Technique, float]]:
    known = catalogue()
    found: dict[str, float] = {}
    for place in np.argsort(-shares, kind="stable")[:20].tolist():
        technique = known.technique(names[place])
        if technique is not None:
            found[technique.id] = found.get(technique.id, 0.0) + float(shares[place])
    return [(known.techniques[number], chance) for number, chance in sorted(found.items(), key=lambda one: -one[1])]


def _read(text: str) -> list[Assertion]:
    """What the models say of the English sentences."""
    chosen = [one for one in sentences(text[:MOST_CHARACTERS]) if _readable(text[one.start : one.end])]
    if not chosen:
        return []
    held = model()
    vectors = held.vocabulary.vectors(text[one.start : one.end] for one in chosen)
    margins = margins_of(held, vectors)
    frequent = probabilities(margins, held.judge)
    said = decided(frequent, held.judge)
    rare = _rare(held, vectors, margins.any)
    found = list[Assertion]()
    for place, (sentence, vector) in enumerate(zip(chosen, vectors, strict=True)):
        if vector.words >= _FEWEST_WORDS and vector.known >= _KNOWN:
            found += _of(sentence, frequent[place], said[place], held.frequent, BY_SENTENCE)
            found += _of(sentence, rare[place], rare[place] >= _LIKELY, held.network.names, BY_PROCEDURES)
    return found


def _rare(held: Model, vectors: Sequence[Vector], anything: Floats) -> Floats:
    """How probable each technique that no frequent one stands for is in each sentence.

    No set has labels of them. How much the network is believed that knows no sentence without a technique was set by
    reading what it said of 96 sentences of TRAM.
    """
    telling = logistic(1.4 + 2 * anything)[:, None]
    return (held.network.likely(vectors) * telling * families(held).rare).astype(np.float32)


def _of(
    sentence: Sentence, chances: Floats, said: npt.NDArray[np.bool_], names: Sequence[str], method: str
) -> Iterable[Assertion]:
    for place in np.flatnonzero(said).tolist():
        if (technique := catalogue().technique(names[place])) is not None:
            yield _assertion(technique, sentence.start, sentence.end, float(chances[place]), method)


def _assertion(technique: Technique, start: int, end: int, confidence: float, method: str) -> Assertion:
    name = catalogue().full_name(technique.id)
    return Assertion(Subject.TECHNIQUE, technique.id, name, start, end, round(min(confidence, 1.0), 3), method)


def _readable(text: str) -> bool:
    """Whether it may be English: what has more than a few Chinese characters is not."""
    return len(_HAN.findall(text)) <= _MOST_HAN * len(text)
