"""A question answered by sentences of texts: few, each of them saying enough of what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from infohub.analysis.rank.query import Asked, Query, understood
from infohub.analysis.rank.ranking import Read, ranked, read
from infohub.analysis.rank.stems import ASKING
from infohub.analysis.sentences import Form, sentences

MOST_CHARACTERS = 20_000
"""Of each text; what a piece says, it says in its first three thousand words."""

_SHARE, _ENOUGH = 0.4, 3
_SHORTEST = 20
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Quote:
    """`texts[place][start:end]` answers."""

    place: int
    start: int
    end: int


def answers(question: str, texts: Sequence[str], *, most: int = 5) -> list[Quote]:
    """The sentences that answer best, the best first; none where no sentence says enough of what is asked."""
    query = understood(question)
    query = replace(query, words={word: times for word, times in query.words.items() if word not in ASKING})
    quotes = [quote for place, text in enumerate(texts) for quote in _sentences(place, text[:MOST_CHARACTERS])]
    held = [read(words := texts[one.place][one.start : one.end], [(0, len(words))]) for one in quotes]
    chosen, seen = list[Quote](), set[str]()
    for answer in ranked(query, held):
        said = held[answer.place]
        if len(chosen) < most and said.flat not in seen and _says_enough(query, said):
            seen.add(said.flat)  # what several pieces repeat is said once
            chosen.append(quotes[answer.place])
    return chosen


def _sentences(place: int, text: str) -> Iterator[Quote]:
    for one in sentences(text):
        long_enough = one.end - one.start >= _SHORTEST or not text[one.start : one.end].isascii()
        if one.form in (Form.PROSE, Form.ITEM) and long_enough and one.end - one.start <= _LONGEST:
            yield Quote(place, one.start, one.end)


def _says_enough(query: Query, sentence: Read) -> bool:
    """Whether the sentence has a name that is asked for, or enough of the words."""
    if query.kind is Asked.INDICATOR or any(phrase in sentence.flat for phrase in query.phrases):
        return True
    stems = {stem for passage in sentence.passages for stem in passage.stems}
    asked = min(_ENOUGH, max(1, ceil(_SHARE * len(query.words))))
    if len(stems.intersection(query.words)) >= asked:
        return True
    return bool(query.further) and len(stems.intersection(query.further)) >= _ENOUGH
