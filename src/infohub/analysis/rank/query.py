"""What somebody asks: an indicator, a name with all its aliases, a technique, a behaviour told at length, or words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from infohub.analysis.extract import finding_of
from infohub.analysis.findings import Kind
from infohub.analysis.names.gazetteer import Entry, gazetteer
from infohub.analysis.names.kinds import NameKind
from infohub.analysis.rank.profiles import described, named, words_about
from infohub.analysis.rank.stems import plain_words, stems
from infohub.analysis.tokens import query_terms

LONGEST = 4_000
"""Characters of a query that count."""

_PHRASE = 5
_NAMED = frozenset({NameKind.MALWARE, NameKind.ACTOR, NameKind.TOOL, NameKind.CAMPAIGN})
_SPOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?<![._-])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Asked(StrEnum):
    """The kinds of queries."""

    INDICATOR = "indicator"
    NAME = "name"
    TECHNIQUE = "technique"
    BEHAVIOUR = "behaviour"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Query:
    """Stems asked for with how often they stand there, words that speak of the same, and phrases that name it.

    Each phrase stands between blanks, in small letters, as in a text that was flattened.
    """

    kind: Asked
    words: Mapping[str, float]
    further: Mapping[str, float] = field(default_factory=dict)
    phrases: frozenset[str] = frozenset()
    technique: str = ""


def understood(text: str) -> Query:
    """What is asked."""
    asked = text.strip()[:LONGEST]
    finding = finding_of(asked)
    if finding is not None and finding.kind is not Kind.ATTACK:
        return Query(Asked.INDICATOR, dict.fromkeys(query_terms(asked), 1.0))
    words = {word: float(times) for word, times in Counter(stems(asked)).items()}
    if names := _aliases(asked):
        return Query(Asked.NAME, words, phrases=frozenset(phrase for name in names for phrase in _written(name)))
    if number := named(asked):
        return Query(Asked.TECHNIQUE, words, words_about(number), technique=number)
    if shares := described(asked):
        further: dict[str, float] = defaultdict(float)
        for number, share in shares.items():
            for word, weight in words_about(number).items():
                further[word] += share * weight
        return Query(Asked.BEHAVIOUR, words, dict(further), technique=next(iter(shares)))
    names = _mentioned(asked) or ({asked} if len(asked.split()) <= _PHRASE else set())
    return Query(Asked.WORDS, words, phrases=frozenset(phrase for name in names for phrase in _written(name)))


def _mentioned(question: str) -> set[str]:
    """All names of what a question names beside other words; names that are ordinary words too are none there."""
    words = _SPOKEN.findall(question)
    found = (form for start in range(len(words)) for _, form in gazetteer().at(words, start) if not form.common)
    entries = {entry for form in found for entry in form.entries if entry.kind in _NAMED}
    return set().union(*(_forms()[entry] for entry in entries))


def _aliases(name: str) -> set[str]:
    """All names of what goes by this one, in the lists; none where they do not know it."""
    entries = [entry for entry in gazetteer().entries(name) if entry.kind in _NAMED]
    return {name}.union(*(_forms()[entry] for entry in entries)) if entries else set()


def _written(name: str) -> set[str]:
    """The ways in which a name may stand in a flattened text: as it is, in one word, cut where a capital begins."""
    ways = (plain_words(name), ["".join(plain_words(name))], plain_words(_HUMP.sub(" ", name)))
    return {f" {' '.join(way)} " for way in ways if any(len(word) > 1 for word in way)}


@cache
def _forms() -> Mapping[Entry, frozenset[str]]:
    found: dict[Entry, set[str]] = defaultdict(set)
    for form in gazetteer().forms.values():
        for entry in form.entries:
            found[entry] |= form.written
    return {entry: frozenset(written) for entry, written in found.items()}
